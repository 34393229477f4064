// The chain a payer goes to stays chosen in this tab: when the page is drawn again, and in another language.
const KEY = 'paycore:store';

const restore = () => {
  try {
    const known = sessionStorage.getItem(KEY);
    /** @type {NodeListOf<HTMLInputElement>} */
    const tabs = document.querySelectorAll('input[name="store"]');
    for (const tab of tabs) if (tab.value === known) tab.checked = true;
  } catch {
    // Without storage the first one is shown again.
  }
};

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== 'store') return;
  try {
    sessionStorage.setItem(KEY, target.value);
  } catch {
    // Without storage it is not kept.
  }
});

restore();
document.addEventListener('paycore:main', restore);
