// Back to the shop, once; staying, printing and coming back stop it.
import { find, main } from './main.js';

const KEY = 'paycore:left';

// Of several tabs one goes: the shop is told once, and another tab keeps the receipt. Of the last payment only, so that
// nothing heaps up in the browser.
const mayLeave = () => {
  try {
    return localStorage.getItem(KEY) !== main.dataset.paymentNo;
  } catch {
    return false;
  }
};

let leaving = 0;
const stay = () => {
  clearTimeout(leaving);
  find('[data-leaving]')?.classList.add('off');
};
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-stay]')) stay();
});
addEventListener('beforeprint', stay);

export const leave = () => {
  clearTimeout(leaving);
  const link = [...document.links].find(({ dataset }) => 'continue' in dataset);
  if (!link) return;
  const go = () => {
    if (!mayLeave()) return stay();
    if (document.hidden) {
      leaving = setTimeout(go, 1000);
      return;
    }
    // Marked when it happens: the gateway's script may take the browser to this page once more before that.
    localStorage.setItem(KEY, main.dataset.paymentNo ?? '');
    location.assign(link.href);
  };
  if (mayLeave()) leaving = setTimeout(go, 3000);
  else find('[data-leaving]')?.remove();
};
