/**
 * The order of what payers are offered: dragged by the grip, or moved by the arrow keys while the grip has the focus. The
 * buttons up and down do the same without this.
 */

const list = document.querySelector('ol[data-order]');
const form = document.querySelector('form[data-order-form]');
const said = document.querySelector('[data-order-said]');

/** @param {string} text */
function announce(text) {
  if (said) said.textContent = text;
}

/** @returns {HTMLElement[]} */
function listItems() {
  return [...(list?.querySelectorAll('li[data-method]') ?? [])].filter((item) => item instanceof HTMLElement);
}

/** The outer two stay where they are. */
function setSteps() {
  const items = listItems();
  items.forEach((item, at) => {
    const [up, down] = ['up', 'down'].map((to) => item.querySelector(`button[data-step="${to}"]`));
    if (up instanceof HTMLButtonElement) up.disabled = at === 0;
    if (down instanceof HTMLButtonElement) down.disabled = at === items.length - 1;
  });
}

/** @param {HTMLElement} moved */
async function save(moved) {
  const address = list instanceof HTMLElement ? list.dataset.order : undefined;
  if (!(list instanceof HTMLElement) || !(form instanceof HTMLFormElement) || !address) return;
  setSteps();
  const items = listItems();
  const body = new URLSearchParams();
  const token = new FormData(form).get('csrf');
  body.append('csrf', typeof token === 'string' ? token : '');
  for (const item of items) body.append('method', item.dataset.method ?? '');
  const place = items.indexOf(moved) + 1;
  announce(
    (list.dataset.moved ?? '')
      .replace('{method}', moved.dataset.title ?? '')
      .replace('{place}', String(place))
      .replace('{count}', String(items.length)),
  );
  try {
    // The page that the answer leads to says what was done; here it was seen.
    const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' });
    if (answer.type !== 'opaqueredirect') throw new Error('not taken');
  } catch {
    announce(list.dataset.failed ?? '');
    location.reload();
  }
}

/** @param {HTMLElement} item @param {1 | -1} by */
function step(item, by) {
  const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return false;
  if (by < 0) other.before(item);
  else other.after(item);
  return true;
}

/** @param {HTMLElement} grip @param {HTMLElement} item */
function listen(grip, item) {
  grip.hidden = false;
  grip.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    if (!step(item, by)) return;
    grip.focus();
    save(item);
  });

  grip.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grip.focus();
    grip.setPointerCapture(event.pointerId);
    const before = listItems();
    item.classList.add('dragged');
    /** The others make way: moved itself, it would let go of the pointer. @param {PointerEvent} move */
    const follow = (move) => {
      const items = listItems();
      const at = items.indexOf(item);
      const isAbove = (/** @type {HTMLElement} */ other) => {
        const { top, height } = other.getBoundingClientRect();
        return move.clientY < top + height / 2;
      };
      for (const other of items.slice(at + 1)) if (!isAbove(other)) item.before(other);
      for (const other of items.slice(0, at).reverse()) if (isAbove(other)) item.after(other);
    };
    const drop = () => {
      grip.removeEventListener('pointermove', follow);
      item.classList.remove('dragged');
      if (listItems().some((one, at) => one !== before[at])) save(item);
    };
    grip.addEventListener('pointermove', follow);
    grip.addEventListener('lostpointercapture', drop, { once: true });
  });
}

for (const item of listItems()) {
  const grip = item.querySelector('.grip');
  if (grip instanceof HTMLElement) listen(grip, item);
}
