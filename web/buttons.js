// What buttons say while they are at it. What they say is also told to those who cannot see it.
const live = document.querySelector('[data-live]');
export const announce = (text = '') => {
  if (live) live.textContent = text;
};

/** @param {HTMLElement} button */
const relabel = (button, text = '') => {
  button.dataset.label = button.textContent;
  button.textContent = text;
  announce(text);
};

/** @param {HTMLElement | null} button */
const restore = (button) => {
  if (!button?.dataset.label) return;
  button.textContent = button.dataset.label;
  button.removeAttribute('data-label');
  announce();
};

// Plain http has no clipboard, and some browsers inside of apps do not let pages use it.
/** @param {string} text */
const copyByHand = (text) => {
  const area = document.createElement('textarea');
  area.value = text;
  // No keyboard comes up, and nothing is zoomed or scrolled.
  area.readOnly = true;
  area.style.cssText = 'position:fixed;top:0;left:0;opacity:0;font-size:16px';
  const { activeElement } = document;
  document.body.append(area);
  area.select();
  area.setSelectionRange(0, text.length);
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Refused.
  }
  area.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  return done;
};

/** @param {string} text */
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
};

// When nothing works, a long press on what is selected copies it.
const selectShown = (text = '') => {
  for (const shown of document.querySelectorAll('[data-number]')) {
    if (shown.getAttribute('data-number') === text) getSelection()?.selectAllChildren(shown);
  }
};

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  const { copy: text, print: prints, label, done, failed } = button?.dataset ?? {};
  if (prints !== undefined) print();
  if (!button || text === undefined || label) return;
  const isDone = await copy(text);
  relabel(button, isDone ? done : failed);
  if (!isDone) selectShown(text);
  setTimeout(restore, 2000, button);
});

// One press, one number at the gateway; pressable again when the way there failed or led back. Of several buttons one is
// pressed, and only the part that names it says so.
const PRESSED = '[data-busy][data-label]';
// Android WebView 80 and Safari 15 do not say which button sent a form.
/** @type {Element | null} */
let clicked = null;
document.addEventListener(
  'click',
  ({ target }) => {
    clicked = target instanceof Element ? target.closest('button') : null;
  },
  true,
);
document.addEventListener('submit', (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  if (target.querySelector(PRESSED)) return event.preventDefault();
  const submitter = event.submitter ?? (clicked && target.contains(clicked) ? clicked : null);
  /** @type {HTMLElement | null} */
  const part = submitter?.querySelector('[data-busy]') ?? target.querySelector('button[data-busy]');
  if (!part) return;
  relabel(part, part.dataset.busy);
  setTimeout(restore, 8000, part);
});
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) restore(document.querySelector(PRESSED));
});
