// Back to the shop, once; staying, printing and coming back stop it.
import { find, once } from './main.js';

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
  const link = [...document.links].find(({ dataset }) => 'continue' in dataset);
  if (!link) return;
  // Marked when it happens: the gateway's script may take the browser to this page once more before that.
  if (!once('left', false)) return find('[data-leaving]')?.remove();
  const go = () => {
    if (document.hidden) leaving = setTimeout(go, 1000);
    else if (once('left')) location.assign(link.href);
  };
  leaving = setTimeout(go, 3000);
};
