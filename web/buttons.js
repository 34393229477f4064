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

/** @param {string} text */
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http has no clipboard.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
};

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  const { copy: text, print: prints, label, done, failed } = button?.dataset ?? {};
  if (prints !== undefined) print();
  if (!button || text === undefined || label) return;
  relabel(button, (await copy(text)) ? done : failed);
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
  const { target, submitter = clicked } = event;
  if (!(target instanceof Element)) return;
  if (target.querySelector(PRESSED)) return event.preventDefault();
  /** @type {HTMLElement | null} */
  const part = submitter?.querySelector('[data-busy]') ?? target.querySelector('button[data-busy]');
  if (!part) return;
  relabel(part, part.dataset.busy);
  setTimeout(restore, 8000, part);
});
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) restore(document.querySelector(PRESSED));
});
