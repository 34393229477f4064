/** @param {string} hash */
const findPlace = (hash) => {
  try {
    return document.getElementById(decodeURIComponent(hash));
  } catch {
    // Somebody has cut it in the middle of a letter.
    return null;
  }
};

/** What lies folded is opened where a link leads into it, and on paper. */
const openAround = () => {
  const place = findPlace(location.hash.slice(1));
  if (!place) return;
  let opened = false;
  for (let fold = place.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) {
    opened = opened || !fold.open;
    fold.open = true;
  }
  if (opened) place.scrollIntoView();
};

openAround();
addEventListener('hashchange', openAround);

/** @type {HTMLDetailsElement[]} */
let opened = [];
addEventListener('beforeprint', () => {
  opened = [];
  for (const fold of document.querySelectorAll('details')) {
    if (fold.open || fold.matches('.menu')) continue;
    fold.open = true;
    opened.push(fold);
  }
});
addEventListener('afterprint', () => {
  for (const fold of opened) fold.open = false;
});

// The menu of a phone goes when one went somewhere, or looks elsewhere.
const menu = document.querySelector('details.menu');
document.addEventListener('click', ({ target }) => {
  if (!(menu instanceof HTMLDetailsElement) || !(target instanceof Element)) return;
  if (!menu.contains(target) || target.closest('a')) menu.open = false;
});
document.addEventListener('keydown', ({ key }) => {
  if (!(menu instanceof HTMLDetailsElement) || key !== 'Escape' || !menu.open) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
});
