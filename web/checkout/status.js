// Asks for the payment's status, and has the page drawn again when there is something else to see.
import { announce } from '../buttons.js';
import { fetchWithin } from './fetch.js';
import { main } from './main.js';
import { swap } from './swap.js';

const OFTEN = 1500;
const PATIENCE = 8000;
// What has ended may still turn out to be paid.
const SELDOM = 60e3;
const HIDDEN = 30e3;
const LONGEST_REST = 120e3;

let asked = 0;
let began = 0;
let isAsking = false;
let failures = 0;
// Our server has said when it wants to be asked again.
let restUntil = 0;
// insite.js knows that the page is not what it was, also where the revision does not tell.
let stale = false;
let timer = 0;

const pause = () => {
  if (main.dataset.status !== 'pending') return SELDOM;
  if (document.hidden) return HIDDEN;
  if (failures) return Math.min(OFTEN * 2 ** failures, 15e3);
  // Counted from the question: on a slow line the answer has taken its time already.
  return Math.max(OFTEN - (Date.now() - began), 500);
};

/** @param {number} ms */
const askIn = (ms) => {
  clearTimeout(timer);
  timer = setTimeout(ask, Math.max(ms, restUntil - performance.now()));
};

/** @param {Response} answer */
const restOf = ({ headers }) => {
  const seconds = Number(headers.get('retry-after')) || 5;
  // Others were told the same: not all at one moment.
  return Math.min(seconds * 1000 + Math.random() * 500, LONGEST_REST);
};

const load = async (url = '') => {
  const answer = await fetchWithin(PATIENCE, url, { cache: 'no-store' });
  if (answer.status === 429) restUntil = performance.now() + restOf(answer);
  if (!answer.ok) throw answer;
  return answer;
};

/** @type {HTMLElement | null} */
const lostLine = document.querySelector('[data-lost]');
/** @param {boolean} isLost */
const tellLost = (isLost) => {
  if (!lostLine || lostLine.hidden !== isLost) return;
  lostLine.hidden = !isLost;
  announce(isLost ? (lostLine.textContent ?? '') : '');
};

/** @param {unknown} reason */
const note = (reason) => {
  const status = reason instanceof Response ? reason.status : 0;
  if (status === 429) return;
  failures++;
  // What our server refuses does not mean that the line is broken.
  if (failures > 1 && (status === 0 || status >= 500)) tellLost(true);
};

/** @param {() => boolean} isCurrent */
const look = async (isCurrent) => {
  const { revision } = await (await load(main.dataset.statusUrl)).json();
  if (!isCurrent()) return;
  tellLost(false);
  if (stale || revision !== main.dataset.revision) {
    const page = await (await load(location.href)).text();
    if (!isCurrent()) return;
    swap(new DOMParser().parseFromString(page, 'text/html'), stale);
    stale = false;
    if (revision !== main.dataset.revision) throw new Error('changed again');
  }
  failures = 0;
};

const ask = async () => {
  clearTimeout(timer);
  if (main.dataset.status === 'paid') return;
  // A phone that slept may hold a request that never ends: the latest question counts, older answers are dropped.
  const mine = ++asked;
  const isCurrent = () => mine === asked;
  began = Date.now();
  isAsking = true;
  await look(isCurrent).catch((reason) => isCurrent() && note(reason));
  if (!isCurrent()) return;
  isAsking = false;
  askIn(pause());
};

// Several signs come at one waking. What was asked just now is answered without being asked again.
const wake = () => {
  if (document.hidden || (isAsking && Math.abs(Date.now() - began) < OFTEN)) return;
  askIn(50);
};

export const watch = () => {
  for (const name of ['online', 'focus']) addEventListener(name, wake);
  for (const name of ['visibilitychange', 'resume']) document.addEventListener(name, wake);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) wake();
  });
  document.addEventListener('paycore:stale', () => {
    stale = true;
    ask();
  });
  askIn(OFTEN);
};
