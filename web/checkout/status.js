// Asks for the payment's status, and has the page drawn again when there is something else to see.
import { main } from './main.js';
import { swap } from './swap.js';

const born = Date.now();
let asked = 0;
let failures = 0;
// insite.js knows that the page is not what it was, also where the revision does not tell.
let stale = false;
let timer = 0;
const pause = () => {
  if (main.dataset.status === 'expired') return 60e3;
  if (document.hidden) return 30e3;
  if (failures) return Math.min(1500 * 2 ** failures, 15e3);
  return Date.now() - born < 600e3 ? 1500 : 5000;
};
const load = async (url = '') => {
  const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer;
};
const ask = async () => {
  clearTimeout(timer);
  if (/paid|failed/.test(main.dataset.status ?? '')) return;
  // A phone that slept may hold a request that never ends: the latest question counts, older answers are dropped.
  const mine = ++asked;
  try {
    const { revision } = await (await load(main.dataset.statusUrl)).json();
    if (mine !== asked) return;
    if (stale || revision !== main.dataset.revision) {
      const page = await (await load(location.href)).text();
      if (mine !== asked) return;
      swap(new DOMParser().parseFromString(page, 'text/html'), stale);
      stale = false;
      if (revision !== main.dataset.revision) throw new Error('changed again');
    }
    failures = 0;
  } catch {
    if (mine !== asked) return;
    failures++;
  }
  timer = setTimeout(ask, pause());
};
const wake = () => {
  if (document.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(ask, 50);
};

export const watch = () => {
  for (const name of ['online', 'focus']) addEventListener(name, wake);
  document.addEventListener('visibilitychange', wake);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) wake();
  });
  document.addEventListener('paycore:stale', () => {
    stale = true;
    ask();
  });
  timer = setTimeout(ask, 1500);
};
