// Keeps a payer's page fresh. The page is complete without it, so every part may fail alone.
import { announce } from './buttons.js';
import { sizeCodes } from './codes.js';

const HOUR = 3600e3;
/** @param {Document} page */
const mainOf = (page) => {
  const found = page.querySelector('main');
  if (!found?.dataset.statusUrl) throw new Error('no payment on it');
  return found;
};
let main = mainOf(document);
/** @type {(selector: string) => HTMLElement | null} */
const find = (selector) => main.querySelector(selector);

// True once per tab and payment. Without storage never: what must not happen twice then does not happen at all.
/** @param {string} what */
const once = (what, mark = true) => {
  try {
    const key = `paycore:${main.dataset.paymentNo}:${what}`;
    if (sessionStorage.getItem(key)) return false;
    if (mark) sessionStorage.setItem(key, '1');
    return true;
  } catch {
    return false;
  }
};

// --- Deadline. The phone's clock may be wrong; only its distance to the server's counts.
let ahead = 0;
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

// --- Back to the shop, once; staying, printing and coming back stop it.
let leaving = 0;
const stay = () => {
  clearTimeout(leaving);
  find('[data-leaving]')?.classList.add('off');
};
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-stay]')) stay();
});
addEventListener('beforeprint', stay);
const leave = () => {
  const link = [...document.links].find(({ dataset }) => 'continue' in dataset);
  if (!link) return;
  // Marked when it happens: the gateway's script may take the browser to this page once more before that.
  if (!once('left', false)) return find('[data-leaving]')?.remove();
  const go = () => {
    if (document.hidden) leaving = setTimeout(go, 1000);
    else if (once('left')) location.assign(link.href);
  };
  leaving = setTimeout(go, 3000);
};

const settle = () => {
  ahead = Date.now() - Number(main.dataset.now);
  countDown();
  sizeCodes();
  leave();
};

// --- Status
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
      swap(new DOMParser().parseFromString(page, 'text/html'));
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
/** @param {Document} page */
const swap = (page) => {
  const next = mainOf(page);
  const { script, screen } = next.dataset;
  if (script) {
    // What the payer has typed into the gateway's form stays, as long as it is the form of the same order.
    const [ours, theirs] = [main, next].map((one) =>
      one.querySelector('[data-settings]')?.getAttribute('data-settings'),
    );
    if (main.dataset.screen === screen && ours === theirs && !stale) {
      main.dataset.revision = next.dataset.revision;
      return;
    }
    // The policy that lets the gateway's script in comes with a document that begins with this screen.
    if (!document.querySelector(`script[src*="/${script}.js"]`)) return location.reload();
  }
  stale = false;
  const height = Math.min(find('[data-block]')?.offsetHeight ?? 0, innerHeight * 0.6);
  const changed = next.dataset.status !== main.dataset.status || next.dataset.screen !== main.dataset.screen;
  const focused = main.contains(document.activeElement);
  main.replaceWith(next);
  main = next;
  document.title = page.title;
  // What was beside the word that this is a test leads to the order of before.
  const [oldBand, newBand] = [document, page].map((one) => one.querySelector('.band'));
  if (newBand) oldBand?.replaceWith(newBand);
  // The way home carries the status, and from a paid page it leads elsewhere.
  const home = page.querySelector('[data-shop]')?.getAttribute('href');
  const shop = document.querySelector('[data-shop]');
  if (home) shop?.setAttribute('href', home);
  else shop?.removeAttribute('href');
  const block = find('[data-block]');
  if (block) block.style.minHeight = `${height}px`;
  const title = find('h1');
  if (focused) title?.focus({ preventScroll: true });
  if (changed) {
    announce(title?.textContent);
    // From the third barcode the tick at the top would not be seen.
    if (main.getBoundingClientRect().top < 0) main.scrollIntoView();
  }
  settle();
  document.dispatchEvent(new Event('paycore:main'));
};
document.addEventListener('paycore:stale', () => {
  stale = true;
  ask();
});

// A logo that is not to be had leaves its place empty.
for (const logo of document.images) {
  logo.decode().catch(() => {
    logo.style.visibility = 'hidden';
  });
}

for (const name of ['online', 'focus']) addEventListener(name, wake);
document.addEventListener('visibilitychange', wake);
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) wake();
});

// The address the gateway sent the browser to asks the gateway whenever it is loaded, and may carry more than we need.
const { returned } = main.dataset;
if (returned) history.replaceState(null, '', returned);
// Nothing starts by itself any more, not in another language either.
if (returned !== undefined) once('went');

settle();
setInterval(countDown, 1000);
const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
const form = [...document.forms].find(({ dataset }) => dataset.go === 'first');
if (form && visit?.type === 'navigate' && once('went')) setTimeout(() => form.requestSubmit(), 600);
timer = setTimeout(ask, 1500);
