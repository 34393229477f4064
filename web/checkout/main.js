// What is shown: the only `<main>`, which is another one after each change.

/** @param {Document} page */
export const mainOf = (page) => {
  const found = page.querySelector('main');
  if (!found?.dataset.statusUrl) throw new Error('no payment on it');
  return found;
};

export let main = mainOf(document);

/** @param {HTMLElement} next */
export const setMain = (next) => {
  main.replaceWith(next);
  main = next;
};

/** @type {(selector: string) => HTMLElement | null} */
export const find = (selector) => main.querySelector(selector);

// True once per tab and payment. Without storage never: what must not happen twice then does not happen at all.
/** @param {string} what */
export const once = (what, mark = true) => {
  try {
    const key = `paycore:${main.dataset.paymentNo}:${what}`;
    if (sessionStorage.getItem(key)) return false;
    if (mark) sessionStorage.setItem(key, '1');
    return true;
  } catch {
    return false;
  }
};
