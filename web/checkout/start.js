// Going to the gateway by itself, the first time a tab opens the page.
import { main, once } from './main.js';

export const start = () => {
  // The address the gateway sent the browser to asks the gateway whenever it is loaded, and may carry more than we need.
  const { returned } = main.dataset;
  if (returned) history.replaceState(null, '', returned);
  // Nothing starts by itself any more, not in another language either.
  if (returned !== undefined) once('went');
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  const form = [...document.forms].find(({ dataset }) => dataset.go === 'first');
  if (form && visit?.type === 'navigate' && once('went')) setTimeout(() => form.requestSubmit(), 600);
};
