// Puts the page as it is now in the place of what is shown.
import { announce } from '../buttons.js';
import { find, main, mainOf, setMain } from './main.js';

/**
 * `stale`: also where the page looks the same.
 * @param {Document} page
 * @param {boolean} stale
 */
export const swap = (page, stale) => {
  const next = mainOf(page);
  const { script, screen } = next.dataset;
  if (script) {
    // What the payer has typed into the gateway's form stays, as long as it is the form of the same order.
    const [ours, theirs] = [main, next].map((one) =>
      one.querySelector('[data-settings]')?.getAttribute('data-settings'),
    );
    if (main.dataset.screen === screen && ours === theirs && !stale) {
      main.dataset.revision = next.dataset.revision;
      return;
    }
    // The policy that lets the gateway's script in comes with a document that begins with this screen.
    if (!document.querySelector(`script[src*="/${script}.js"]`)) return location.reload();
  }
  const height = Math.min(find('[data-block]')?.offsetHeight ?? 0, innerHeight * 0.6);
  const changed = next.dataset.status !== main.dataset.status || next.dataset.screen !== main.dataset.screen;
  const focused = main.contains(document.activeElement);
  setMain(next);
  document.title = page.title;
  const block = find('[data-block]');
  if (block) block.style.minHeight = `${height}px`;
  const title = find('h1');
  if (focused) title?.focus({ preventScroll: true });
  if (changed) {
    announce(title?.textContent);
    // From the third barcode the tick at the top would not be seen.
    if (block && block.getBoundingClientRect().top < 0) main.scrollIntoView();
  }
  document.dispatchEvent(new Event('paycore:main'));
};
