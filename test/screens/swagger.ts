/**
 * `npm run swagger:measure`: how long it takes from the call of `/swagger` until its first operation can be pressed, with
 * nothing kept from before: by the clock, and as time of the processor, which says the same on a machine that does other
 * things too. Ends with 1 when it takes longer than a second and a half.
 */
import type { Browser } from 'playwright-core';
import { launch } from '../browser/support/stage.ts';
import { startApp } from '../support/app.ts';

const MOST_MS = 1500;
const ROUNDS = Number(process.argv[2] ?? 7);
const DESKTOP = { width: 1280, height: 800 };

interface Times {
  /** Until the frame after the first operation was drawn, when the page listens again. */
  readonly drawn: number;
  /** Of the page's thread alone. */
  readonly busy: number;
  readonly bytes: number;
  readonly operations: number;
}

/** A witness in the page: who asks from outside has to wait for the page to be free. */
const WITNESS = `
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.opblock .opblock-summary-control')) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.drawn = performance.now(); }));
  }).observe(document, { childList: true, subtree: true });
`;

const READ = `(() => ({
  drawn: window.drawn,
  operations: document.querySelectorAll('.opblock').length,
  bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
    (sum, { transferSize }) => sum + transferSize, 0),
}))()`;

async function time(browser: Browser, url: string): Promise<Times> {
  const context = await browser.newContext({ viewport: DESKTOP });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(WITNESS);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => 'drawn' in globalThis, undefined, { polling: 200 });
  const { metrics } = await session.send('Performance.getMetrics');
  const busy = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  const read = await page.evaluate<Omit<Times, 'busy'>>(READ);
  await context.close();
  return { ...read, busy };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const app = await startApp();
const browser = await launch();
let middle = 0;
try {
  // As a server does when it starts.
  await app.request('/swagger/json');
  const times: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await time(browser, `${app.url}/swagger`));
  const drawn = times.map((one) => one.drawn);
  middle = median(drawn);
  const figures = [middle, Math.min(...drawn), Math.max(...drawn), median(times.map(({ busy }) => busy))];
  console.log(
    `first operation    ${figures.map(Math.round).join(' / ')} ms (median / least / most / of the processor)`,
  );
  const [first] = times;
  console.log(`${first?.operations} operations drawn, ${Math.round((first?.bytes ?? 0) / 1024)} KiB sent`);
} finally {
  await browser.close();
  await app.stop();
}
process.exit(middle <= MOST_MS ? 0 : 1);
