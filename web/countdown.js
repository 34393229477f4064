// The time that is left. The phone's clock may be wrong; only its distance to the server's counts.
const HOUR = 3600e3;
let ahead = 0;

/** @type {(selector: string) => HTMLElement | null} */
const find = (selector) => document.querySelector(`main ${selector}`);

const countDown = () => {
  const pill = find('[data-deadline]');
  const out = find('[data-template]');
  if (!pill || !out) return;
  const left = Number(pill.dataset.deadline) - (Date.now() - ahead);
  pill.classList.toggle('soon', left < HOUR);
  const { template = '' } = out.dataset;
  const text = left > 0 ? template.replace('{time}', timeLeft(left)) : '';
  if (out.textContent !== text) out.textContent = text;
};

/** @param {number} left */
const timeLeft = (left) => {
  if (left < HOUR) return new Date(left).toISOString().slice(14, 19);
  const [unit, size] = left < 48 * HOUR ? ['hour', HOUR] : ['day', 24 * HOUR];
  const { lang } = document.documentElement;
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.floor(left / size));
};

/** @param {string | undefined} now the server's, when the page was made */
export const startCountdown = (now) => {
  ahead = Date.now() - Number(now);
  countDown();
};

setInterval(countDown, 1000);
