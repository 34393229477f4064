// The time that is left. The phone's clock may be wrong; only its distance to the server's counts.
import { tellLeft } from './left.js';

const HOUR = 3600e3;
let ahead = 0;
// How much was left a moment ago: the end is told when it comes, and never of what was over before.
let before = 0;

/** @type {(selector: string) => HTMLElement | null} */
const find = (selector) => document.querySelector(`main${selector}`);

const countDown = () => {
  const pill = find(' [data-deadline]');
  const out = find(' [data-left]');
  if (!pill || !out) return;
  const left = Number(pill.dataset.deadline) - (Date.now() - ahead);
  pill.classList.toggle('soon', left < HOUR);
  if (pill.dataset.late !== undefined) pill.hidden = left >= HOUR;
  const text = tellLeft(JSON.parse(out.dataset.left ?? '[]'), left);
  if (out.textContent !== text) out.textContent = text;
  // A number that must not be paid with any more looks another way.
  if (before > 0 && left <= 0 && find('[data-screen="instructions"]')) {
    document.dispatchEvent(new Event('paycore:stale'));
  }
  before = left;
};

const begin = () => {
  ahead = Date.now() - Number(find('')?.dataset.now);
  before = 0;
  countDown();
};

begin();
document.addEventListener('paycore:main', begin);
setInterval(countDown, 1000);
