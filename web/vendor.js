// What the forms of gateways in our page have in common: their states, who may still speak, how they begin. What one
// gateway's form needs besides is in a script of its own. checkout.js swaps the screens, and says so by an event.

/** @import { Form, Gateway, Texts } from './types' */

const PATIENCE = 30e3;

/**
 * Lets go of a script of theirs that never answers.
 * @template Value
 * @param {(resolve: (value: Value) => void, reject: (reason?: unknown) => void) => void} begin
 * @returns {Promise<Value>}
 */
export const within = (begin) =>
  new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE);
    begin(resolve, reject);
  });

/** @type {Map<string, Promise<unknown>>} */
const loads = new Map();

/** @param {string} src */
const append = (src) =>
  new Promise((onload, onerror) =>
    document.head.append(Object.assign(document.createElement('script'), { src, onload, onerror })),
  );

/**
 * Loads a script once. One that did not come, or is another than it should be, is asked for again the next time.
 * @param {string} src
 * @param {() => unknown} isThere
 */
export const load = async (src, isThere = () => true) => {
  const coming = loads.get(src) ?? append(src);
  loads.set(src, coming);
  try {
    await within((resolve, reject) => coming.then(resolve, reject));
    if (!isThere()) throw new Error(`not what it should be: ${src}`);
  } catch (error) {
    loads.delete(src);
    throw error;
  }
};

/**
 * @template {Texts} Said
 * @param {HTMLElement} box
 * @param {Gateway<Said>} gateway
 * @returns {Form<Said>}
 */
const openForm = (box, { hook, draw, pay, explain }) => {
  /** @param {string} name */
  const part = (name) => /** @type {HTMLButtonElement} */ (box.querySelector(`[data-${hook}-${name}]`));
  let turn = 0;
  /** @type {Form<Said>} */
  const form = {
    box,
    texts: JSON.parse(box.dataset.texts ?? ''),
    is: (state) => box.dataset.state === state,
    show(state, text = '') {
      box.dataset.state = state;
      part('pay').disabled = state !== 'ready';
      part('pay').hidden = state === 'failed';
      part('failed').hidden = state !== 'failed';
      part('status').textContent = text;
    },
    takeTurn() {
      const mine = ++turn;
      return () => mine === turn;
    },
    async draw(wish = {}) {
      const isCurrent = form.takeTurn();
      form.show('loading', form.texts.loading);
      try {
        const text = await draw(form, isCurrent, wish);
        if (isCurrent() && text !== null) form.show('ready', text);
      } catch (reason) {
        if (isCurrent()) form.show('failed', explain?.(form, reason) ?? form.texts.failed);
      }
    },
  };
  part('pay').onclick = () => {
    if (form.is('ready')) pay(form, form.takeTurn());
  };
  part('retry').onclick = () => form.draw();
  return form;
};

/**
 * Draws the gateway's form whenever its screen is there.
 * @template {Texts} Said
 * @param {Gateway<Said>} gateway
 */
export const runForm = (gateway) => {
  /** @type {Form<Said> | null} */
  let form = null;
  const start = () => {
    /** @type {HTMLElement | null} */
    const box = document.querySelector(gateway.box);
    if (box === (form?.box ?? null)) return;
    form?.takeTurn();
    form = box && openForm(box, gateway);
    form?.draw(gateway.begin?.(form));
  };
  document.addEventListener('paycore:main', start);
  // Back from the bank without a reload: what was begun there is over.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && form?.is('paying')) gateway.resume(form);
  });
  start();
};
