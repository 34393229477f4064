// The page's address to another app of the phone, where the browser can.
const reveal = () => {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = document.querySelectorAll('[data-share]');
  for (const button of buttons) button.hidden = typeof navigator.share !== 'function';
};

document.addEventListener('click', async ({ target }) => {
  const url = target instanceof Element ? target.closest('[data-share]')?.getAttribute('data-share') : null;
  if (!url) return;
  try {
    await navigator.share({ title: document.title, url });
  } catch {
    // He has changed his mind.
  }
});

reveal();
document.addEventListener('paycore:main', reveal);
