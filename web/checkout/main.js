// What is shown: the one `<main>` of the page, whose sections are replaced.

/** @param {Document} page */
export const mainOf = (page) => {
  const found = page.querySelector('main');
  if (!found?.dataset.statusUrl) throw new Error('no payment on it');
  return found;
};

export const main = mainOf(document);

/** @type {(selector: string) => HTMLElement | null} */
export const find = (selector) => main.querySelector(selector);

// True once per tab and payment. Without storage never: what must not happen twice then does not happen at all.
/** @param {string} what */
export const once = (what) => {
  try {
    const key = `paycore:${main.dataset.paymentNo}:${what}`;
    if (sessionStorage.getItem(key)) return false;
    sessionStorage.setItem(key, '1');
    return true;
  } catch {
    return false;
  }
};
