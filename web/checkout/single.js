// One barcode at a time over the whole screen. Without this script the links lead to the same by the address alone.
/** @type {(number: number) => HTMLElement | null} */
const figureOf = (number) => document.querySelector(`[data-barcode="${number}"]`);
const numberIn = (address = '') => Number(/#code-(\d)$/.exec(address)?.[1] ?? 0);

/** The number of the one that is shown, or 0. */
let shown = 0;
/** Its entry in the history of the browser is one that we made: closing goes back. */
let own = false;
let redraw = () => {};

/** @type {{release(): Promise<void>} | undefined} */
let light;
/** The screen stays on while somebody looks for the scanner. */
const keepLight = async (on = true) => {
  await light?.release().catch(() => {});
  light = on ? await navigator.wakeLock?.request('screen').catch(() => undefined) : undefined;
};

const DIALOG = { role: 'dialog', 'aria-modal': 'true' };
/** @type {(figure: HTMLElement, open: boolean) => void} */
const mark = (figure, open) => {
  figure.classList.toggle('open', open);
  const link = figure.querySelector('a');
  for (const [name, value] of Object.entries({ ...DIALOG, 'aria-label': link?.title ?? '' })) {
    if (open) figure.setAttribute(name, value);
    else figure.removeAttribute(name);
  }
  // The symbol itself leads nowhere while it is all there is.
  if (link) link.tabIndex = open ? -1 : 0;
};

/** @param {number} number */
const show = (number) => {
  const left = figureOf(shown);
  const figure = figureOf(number);
  if (!!number !== !!shown) keepLight(!!number);
  shown = figure ? number : 0;
  if (left) mark(left, false);
  if (figure) mark(figure, true);
  document.documentElement.classList.toggle('one-code', !!figure);
  redraw();
  /** @type {HTMLElement | null | undefined} */
  const next = figure ? figure.querySelector('[data-forward]') : left?.querySelector('a');
  next?.focus({ preventScroll: !!figure });
};

/** @param {number} number */
const go = (number) => {
  if (!number && own) return history.back();
  const address = number ? `#code-${number}` : location.pathname + location.search;
  if (number && !shown) {
    history.pushState(null, '', address);
    own = true;
  } else history.replaceState(null, '', address);
  show(number);
};

/** @param {KeyboardEvent} event */
const turn = (event) => {
  const figure = figureOf(shown);
  /** @type {HTMLElement[]} */
  const links = [...(figure?.querySelectorAll('.turns a') ?? [])].map((link) => /** @type {HTMLElement} */ (link));
  const [first] = links;
  const last = links[links.length - 1];
  if (!first || !last) return;
  const { key, shiftKey } = event;
  const edge = shiftKey ? first : last;
  const inside = links.some((link) => link === document.activeElement);
  if (key === 'Escape') go(0);
  else if (/^Arrow(Right|Down)$/.test(key)) figure?.querySelector('a[rel="next"]')?.dispatchEvent(press());
  else if (/^Arrow(Left|Up)$/.test(key)) figure?.querySelector('a[rel="prev"]')?.dispatchEvent(press());
  else if (key === 'Tab' && (!inside || document.activeElement === edge)) (shiftKey ? last : first).focus();
  else return;
  event.preventDefault();
};
const press = () => new MouseEvent('click', { bubbles: true, cancelable: true });

/** @param {() => void} draw draws the codes for the places they are in */
export const showOneAtATime = (draw) => {
  redraw = draw;
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const address = link?.getAttribute('href') ?? '';
    if (!address.startsWith('#code') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const number = numberIn(address);
    if (number !== shown) go(number);
  });
  document.addEventListener('keydown', turn);
  addEventListener('popstate', () => {
    own = false;
    const number = numberIn(location.hash);
    if (number !== shown) show(number);
  });
  // Another <main>: the same code in it is open again, or there is none any more.
  document.addEventListener('paycore:main', () => {
    if (!shown) return;
    if (figureOf(shown)) return show(shown);
    own = false;
    go(0);
  });
  if (figureOf(numberIn(location.hash))) show(numberIn(location.hash));
};
