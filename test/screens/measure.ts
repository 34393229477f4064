/**
 * `npm run pages:measure`: when the largest part of a payer's page is painted on a slow phone: Lighthouse's "slow 4G"
 * (1.6 Mbit/s, 150 ms there and back) and a processor four times slower than this one, with nothing kept from before.
 * Ends with 1 when a page takes longer than a second. Measure on a machine that does nothing else.
 */
import type { Browser } from 'playwright-core';
import { warmPages } from '../../src/http/warm.ts';
import { launch, PHONE } from '../browser/support/stage.ts';
import { startApp } from '../support/app.ts';
import { bodyFor, registerStripe } from '../support/orders.ts';

const MOST_MS = 1000;
const ROUNDS = 5;
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const SLOWER = 4;

const PAGES = ['ecpay/atm', 'ecpay/cvs', 'ecpay/barcode', 'stripe/paynow', 'ecpay/aio', 'paypal/checkout'];

/** Of the largest paint, and of the document's last byte. */
interface Times {
  readonly painted: number;
  readonly arrived: number;
}

async function time(browser: Browser, url: string): Promise<Times> {
  const context = await browser.newContext({ viewport: PHONE, deviceScaleFactor: 2, locale: 'zh-TW' });
  const page = await context.newPage();
  await page.addInitScript("Storage.prototype.getItem = () => '1'");
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW_4G);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.goto(url, { waitUntil: 'networkidle' });
  const times = await page.evaluate(
    () =>
      new Promise<Times>((resolve) => {
        const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        new PerformanceObserver((list) => {
          const painted = Math.max(...list.getEntries().map(({ startTime }) => startTime));
          resolve({ painted, arrived: visit?.responseEnd ?? 0 });
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  await context.close();
  return times;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const app = await startApp();
await registerStripe(app);
// As a server does when it starts.
await warmPages();
const browser = await launch();
let slow = 0;
try {
  for (const route of PAGES) {
    const { json } = await app.create(route, bodyFor(route));
    const times: Times[] = [];
    // A payment's first page is drawn anew, codes and all; so is each of these, a second apart.
    for (let round = 0; round < ROUNDS; round++) {
      app.clock.advance(2000);
      times.push(await time(browser, String(json.data.payment_url)));
    }
    const painted = times.map((one) => one.painted);
    const middle = median(painted);
    if (middle > MOST_MS) slow += 1;
    const figures = [middle, Math.min(...painted), Math.max(...painted), median(times.map((one) => one.arrived))];
    console.log(`${route.padEnd(18)} largest paint ${figures.map((ms) => Math.round(ms)).join(' / ')} ms`);
  }
  console.log('median / least / most of the paint, median of the document’s arrival');
} finally {
  await browser.close();
  await app.stop();
}
process.exit(slow === 0 ? 0 : 1);
