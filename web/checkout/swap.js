// Puts the page as it is now in the place of what is shown. What looks the same stays as it is, with what is selected,
// typed or focused in it.
import { announce } from '../buttons.js';
import { find, main, mainOf } from './main.js';

// How the server drew a section, without what a second parse or a second later writes otherwise.
/** @param {Element} section */
const imprint = (section) => {
  const copy = /** @type {Element} */ (section.cloneNode(true));
  for (const part of copy.querySelectorAll('noscript, [data-template], [data-left]')) part.textContent = '';
  return copy.outerHTML;
};

/** @type {WeakMap<Element, string>} */
let drawn = new WeakMap();
for (const section of main.children) drawn.set(section, imprint(section));

// Nothing is ever moved: a frame of a gateway would load anew.
/** @param {HTMLElement} next */
const patch = (next) => {
  let place = main.firstElementChild;
  /** @param {Element | null} end */
  const removeUntil = (end) => {
    while (place && place !== end) {
      const gone = place;
      place = gone.nextElementSibling;
      gone.remove();
    }
  };
  for (const section of [...next.children]) {
    const print = imprint(section);
    let same = place;
    while (same && drawn.get(same) !== print) same = same.nextElementSibling;
    if (same) {
      removeUntil(same);
      place = same.nextElementSibling;
    } else {
      drawn.set(section, print);
      main.insertBefore(section, place);
    }
  }
  removeUntil(null);
  for (const { name } of [...main.attributes]) {
    if (name !== 'style' && !next.hasAttribute(name)) main.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) main.setAttribute(name, value);
};

// A button by what it is to the payer: what it says, and what it sends. One that is at it says something else.
/** @param {Element} part */
const keyOf = (part) => {
  const label = part.getAttribute('data-label') ?? part.textContent;
  return [part.tagName, part.getAttribute('name'), part.getAttribute('value'), label].join('\n');
};
/** @param {Element} part */
const listSame = (part, key = keyOf(part)) =>
  /** @type {HTMLElement[]} */ ([...main.querySelectorAll(part.tagName)].filter((one) => keyOf(one) === key));

/** @returns {() => HTMLElement | undefined} */
const rememberFocus = () => {
  const { activeElement: part } = document;
  if (!part || part === document.body || !main.contains(part)) return () => undefined;
  const [key, at] = [keyOf(part), listSame(part).indexOf(/** @type {HTMLElement} */ (part))];
  return () => (main.contains(part) ? undefined : (listSame(part, key)[at] ?? find('h1') ?? undefined));
};

// In our own forms only: what is typed into a gateway's is none of our business.
/** @returns {HTMLInputElement[]} */
const listInputs = () => [...main.querySelectorAll('[data-go] input')].filter((one) => one instanceof HTMLInputElement);
const rememberTyped = () => {
  const typed = listInputs().filter((input) => input.value !== input.defaultValue);
  return () => {
    for (const { name, value } of typed) {
      const input = listInputs().find((one) => one.name === name);
      if (input) input.value = value;
    }
  };
};

// Nothing below moves: what comes is as tall as what goes, as far as the screen shows it.
/** @param {HTMLElement | null} block */
const rememberRoom = (block) => {
  const height = Math.min(block?.offsetHeight ?? 0, innerHeight * 0.6);
  const shown = Math.min(main.offsetHeight, innerHeight - Math.max(main.getBoundingClientRect().top, 0));
  return () => {
    const next = find('[data-block]');
    if (next && next !== block) next.style.setProperty('--kept', `${height}px`);
    main.style.setProperty('--kept-card', `${shown}px`);
  };
};

// What stands around the payment. The way home carries the status, and from a paid page it leads elsewhere.
/** @param {Document} page */
const updateFrame = (page) => {
  const home = page.querySelector('[data-shop]')?.getAttribute('href');
  const shop = document.querySelector('[data-shop]');
  if (home) shop?.setAttribute('href', home);
  else shop?.removeAttribute('href');
  // What stands beside the word that this is a test leads to the order of before.
  const [oldBand, newBand] = [document, page].map((one) => one.querySelector('.band'));
  if (oldBand && newBand && oldBand.outerHTML !== newBand.outerHTML) oldBand.replaceWith(newBand);
};

/**
 * `stale`: also where the page looks the same.
 * @param {Document} page
 * @param {boolean} stale
 */
export const swap = (page, stale) => {
  const next = mainOf(page);
  // The policy that lets the gateway's script in comes with a document that begins with this screen.
  const loaded = [...document.scripts].map(({ src }) => src);
  if (next.dataset.script && [...page.scripts].some(({ src }) => !loaded.includes(src))) return location.reload();
  const changed = next.dataset.status !== main.dataset.status || next.dataset.screen !== main.dataset.screen;
  if (changed || stale) drawn = new WeakMap();
  const block = find('[data-block]');
  const [focused, retype, keepRoom] = [rememberFocus(), rememberTyped(), rememberRoom(block)];
  patch(next);
  document.title = page.title;
  updateFrame(page);
  retype();
  if (changed) {
    keepRoom();
    const title = find('h1');
    if (focused()) title?.focus({ preventScroll: true });
    announce(title?.textContent ?? '');
    // From the third barcode the tick at the top would not be seen.
    if (main.getBoundingClientRect().top < 0) main.scrollIntoView();
  } else {
    focused()?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new Event('paycore:main'));
};
