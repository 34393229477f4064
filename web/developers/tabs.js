/** A language that is chosen once is the one of every sample, today and next time. */
const KEY = 'paycore:samples';

/** @type {NodeListOf<HTMLInputElement>} */
const choices = document.querySelectorAll('input[data-language]');

/** Of several in one language the first is shown, unless one of them is already. @param {string | undefined} language */
const show = (language) => {
  const done = new Set();
  for (const { checked, name, dataset } of choices) if (checked && dataset.language === language) done.add(name);
  for (const choice of choices) {
    if (choice.dataset.language !== language || done.has(choice.name)) continue;
    done.add(choice.name);
    choice.checked = true;
  }
};

// A browser may let pages keep nothing.
const read = () => {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
};

/** @param {string} language */
const keep = (language) => {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Until the next page, then.
  }
};

show(read());

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.dataset.language) return;
  const before = target.getBoundingClientRect().top;
  show(target.dataset.language);
  keep(target.dataset.language);
  // Samples above have become longer or shorter; what is pressed stays where it is.
  scrollBy(0, target.getBoundingClientRect().top - before);
});
