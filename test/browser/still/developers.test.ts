import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openRoutes } from '../../support/centre.ts';
import { bringAxe, findViolations } from '../support/axe.ts';
import { launch, leaveBrowser, PHONE, serve, type Visit, visit } from '../support/stage.ts';

/** The developer centre in a browser: on both screens, by day and by night, with and without a script. */

setDefaultTimeout(60_000);

const DESKTOP = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };
/** Each on one screen: axe takes seconds for pages as long as these. */
const LOOKS = [
  ['/en/developers', DESKTOP, 'light'],
  ['/zh-tw/developers/paypal', PHONE, 'dark'],
  ['/en/developers/errors', DESKTOP, 'dark'],
  ['/zh-tw/developers/quick-start', PHONE, 'light'],
  ['/en/developers/search?q=virtual_account', DESKTOP, 'light'],
] as const;

let browser: Browser;
let server: ReturnType<typeof serve>;
beforeAll(async () => {
  const routes = openRoutes();
  server = serve((request) => routes.handle(request));
  browser = await launch();
});
afterAll(async () => {
  if (browser) await leaveBrowser(browser);
  server.stop(true);
});

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

async function open(path: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const visited = await visit(browser, { viewport: DESKTOP, ...options });
  await visited.page.goto(at(path));
  return visited;
}

test.each(LOOKS)(
  '%s: axe finds nothing, nothing is cut off on the narrowest screen, no other host is asked',
  async (path, viewport, colorScheme) => {
    const { page, troubles, close } = await visit(browser, { viewport, colorScheme });
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await bringAxe(page);
    await page.goto(at(path));
    expect(await findViolations(page)).toEqual([]);
    await page.setViewportSize(NARROW);
    expect(await widthOf(page)).toBe(NARROW.width);
    expect([[...hosts], troubles]).toEqual([[`127.0.0.1:${server.port}`], []]);
    await close();
  },
);

describe('the search', () => {
  test('answers while one types: with the keyboard alone, from the first letter to the place that is meant', async () => {
    const { page, troubles, close } = await open('/zh-tw/developers/search');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.keyboard.press('/');
    await page.keyboard.type('條碼');
    await page.waitForSelector('#found a');
    expect(await page.locator('#found .where').first().textContent()).toContain('/pay/ecpay/aio/barcode');
    const box = page.locator('.search input');
    expect(await box.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await box.getAttribute('aria-activedescendant')).toBe('found-1');
    expect(await page.locator('#found-1').getAttribute('aria-selected')).toBe('true');
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator('#found').isVisible()).toBe(false);
    await box.fill('SMILEPAY_BARCODE_SERVICE_NOT_ENABLED');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/zh-tw/developers/errors#SMILEPAY_BARCODE_SERVICE_NOT_ENABLED');
    expect(asked.filter((url) => url.includes('/search/'))).toEqual([at('/developers/search/zh-tw.json')]);
    expect(troubles).toEqual([]);
    await close();
  });

  test('shows within a tenth of a second what a press of a key finds', async () => {
    const { page, close } = await open('/en/developers');
    await page.focus('.search input');
    await page.keyboard.type('v');
    await page.waitForSelector('#found a');
    const took = await page.evaluate<number>(`(() => {
      const box = document.querySelector('.search input');
      const waits = ['virtual_account', 'promptpay', '條碼', 'e'].map((query) => {
        box.value = query;
        const started = performance.now();
        box.dispatchEvent(new Event('input', { bubbles: true }));
        document.getElementById('found').getBoundingClientRect();
        return performance.now() - started;
      });
      return Math.max(...waits);
    })()`);
    expect(took).toBeLessThan(100);
    await close();
  });

  test('answers as a page without a script', async () => {
    const { page, close } = await open('/en/developers', { javaScriptEnabled: false });
    await page.fill('.search input', 'promptpay');
    await page.press('.search input', 'Enter');
    await page.waitForURL('**/en/developers/search?q=promptpay');
    await page.click('.results a >> nth=0');
    await page.waitForURL('**/en/developers/stripe#createStripePromptpay');
    await close();
  });
});

describe('samples', () => {
  const sample = '#createSmilepayAtm .tabs >> nth=0';

  test('are chosen without a script, by a press and by the keyboard', async () => {
    const { page, close } = await open('/en/developers/smilepay', { javaScriptEnabled: false });
    const tabs = page.locator(sample);
    expect(await tabs.locator('.pane:visible').textContent()).toContain('curl');
    await tabs.locator('label', { hasText: 'Python' }).click();
    expect(await tabs.locator('.pane:visible').textContent()).not.toContain('curl');
    await page.keyboard.press('ArrowLeft');
    expect(
      await tabs.locator('label', { hasText: 'PHP' }).evaluate((label) => getComputedStyle(label).fontWeight),
    ).toBe('600');
    await close();
  });

  test('are in the language that was chosen last, on every page, and are copied as they are run', async () => {
    const { page, close } = await open('/en/developers/smilepay');
    await page.click(`${sample} >> label:has-text("Node")`);
    await page.goto(at('/en/developers/ecpay'));
    expect(await page.locator('input[data-language="node"]:checked').count()).toBeGreaterThan(5);
    await page.goto(at('/en/developers/quick-start'));
    await page.hover('.prose .code >> nth=0');
    await page.click('.copy >> nth=0');
    await page.waitForSelector('.copy:text-is("Copied")');
    expect(await page.locator('.copy').first().getAttribute('data-copy')).toBe('paycore demo');
    await close();
  });
});

test('a link to a field opens what it lies folded in, and shows it', async () => {
  const place = 'createSmilepayAtm.answer.data.payment_info.virtual_account';
  const { page, close } = await open(`/en/developers/smilepay#${place}`);
  const row = page.locator(`[id="${place}"]`);
  await row.waitFor({ state: 'visible' });
  const box = await row.boundingBox();
  expect(box && box.y > 57 && box.y < DESKTOP.height).toBe(true);
  await close();
});

test('on a phone the menu opens without a script and leads to every page', async () => {
  const { page, close } = await open('/zh-tw/developers/errors', { viewport: PHONE, javaScriptEnabled: false });
  await page.click('details.menu summary');
  await page.click('details.menu nav a[href="stripe"]');
  await page.waitForURL('**/zh-tw/developers/stripe');
  await close();
});

test('on paper everything is open and nothing to press is there', async () => {
  const { page, close } = await open('/en/developers/paypal', { javaScriptEnabled: false });
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.bar').isVisible()).toBe(false);
  expect(await page.locator('.rail').isVisible()).toBe(false);
  const row = page.locator('[id="createPaypalCheckout.answer.data.payment_url"]');
  expect((await row.boundingBox())?.height ?? 0).toBeGreaterThan(10);
  await close();
});
