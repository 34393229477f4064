// Going to the gateway by itself, the first time a tab opens the page.
import { main, once } from './main.js';
import { isFirstVisit } from './visit.js';

export const start = () => {
  // The address the gateway sent the browser to asks the gateway whenever it is loaded, and may carry more than we need.
  const { returned } = main.dataset;
  if (returned) history.replaceState(null, '', returned);
  // Nothing starts by itself any more, not in another language either.
  if (returned !== undefined) once('went');
  /** @type {HTMLElement | null} */
  const button = document.querySelector('[data-go="first"] [type="submit"]');
  // Pressed rather than submitted: it says what is happening, and WebView 80 and Safari 15 have no other way to say so.
  if (button && isFirstVisit() && once('went')) setTimeout(() => button.click(), 600);
};
