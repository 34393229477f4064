import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const axe = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** Has axe in every document from the start: to send it there each time costs more than to run it. */
export async function bringAxe(page: Page): Promise<void> {
  await page.addInitScript({ content: axe });
}

/** What axe finds on the page. `iframes`: in its frames too; what stands in those of a gateway is not ours. */
export async function findViolations(page: Page, options: { readonly iframes?: false } = {}): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  const settings = JSON.stringify({
    ...options,
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  return page.evaluate<string[]>(
    `axe.run(document, ${settings}).then(({ violations }) =>
      violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | ')))`,
  );
}
