// Keeps the news of the demo shop fresh. The page is not loaded anew, so the focus and the place on it stay.
const PAUSE = 2000;

/** @param {Document} page */
const partsOf = (page) => /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-live]'));

/** @param {Document} page */
const swap = (page) => {
  const fresh = partsOf(page);
  partsOf(document).forEach((part, at) => {
    const next = fresh[at];
    if (!next || next.innerHTML === part.innerHTML) return;
    const { bottom, height } = part.getBoundingClientRect();
    part.innerHTML = next.innerHTML;
    // What grows above what is being read must not push it away.
    if (bottom < 0) scrollBy(0, part.getBoundingClientRect().height - height);
  });
  document.title = page.title;
};

const look = async () => {
  try {
    const answer = document.hidden ? null : await fetch(location.href, { cache: 'no-store' });
    if (answer?.ok) swap(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // The shop may be starting again; the next look finds it.
  }
  setTimeout(look, PAUSE);
};

setTimeout(look, PAUSE);
