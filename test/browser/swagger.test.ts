import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { findViolations } from './support/axe.ts';
import { launch, leaveBrowser } from './support/stage.ts';

/** Swagger UI as somebody uses it who comes to try the API, and the home that leads there. */

setDefaultTimeout(90_000);

const DESKTOP = { width: 1280, height: 800 };

let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_PUBLIC_HOME: 'on' } });
  browser = await launch();
});
afterAll(async () => {
  await leaveBrowser(browser);
  await app.stop();
});

interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Whatever is wrong, and every address that is not ours. */
  readonly troubles: string[];
}

async function open(hash = ''): Promise<Tab> {
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'light' });
  const troubles: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:')) troubles.push(request.url());
  });
  context.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(`${app.url}/swagger${hash}`);
  await page.waitForSelector('.opblock');
  return { context, page, troubles };
}

const listShown = (page: Page): Promise<string[]> =>
  page.evaluate(
    "[...document.querySelectorAll('.operation-tag-content .opblock')].map(({ id }) => id.split('-').pop())",
  );

async function search(page: Page, words: string): Promise<string[]> {
  const before = (await listShown(page)).join();
  await page.fill('.operation-filter-input', words);
  await page.waitForFunction(
    (known) =>
      [...document.querySelectorAll('.operation-tag-content .opblock')].map(({ id }) => id.split('-').pop()).join() !==
      known,
    before,
    { polling: 50 },
  );
  return listShown(page);
}

/** Presses the operation open and sends its example; gives what came back. */
async function tryOut(page: Page, id: string): Promise<{ status: string; body: string }> {
  const block = page.locator(`[id$="-${id}"]`);
  if ((await block.getAttribute('class'))?.includes('is-open') !== true) {
    await block.locator('.opblock-summary-control').click();
  }
  await block.locator('.try-out__btn').click();
  await block.locator('.execute').click();
  const answer = block.locator('.live-responses-table');
  await answer.waitFor();
  return {
    status: (await answer.locator('.response-col_status').last().innerText()).trim(),
    body: await answer.locator('.highlight-code').first().innerText(),
  };
}

async function authorize(page: Page, key: string): Promise<void> {
  await page.click('.auth-wrapper .authorize');
  await page.fill('.dialog-ux input', key);
  await page.click('.dialog-ux .auth-btn-wrapper .authorize');
  await page.click('.dialog-ux .btn-done');
}

const isAuthorized = (page: Page) => page.locator('.auth-wrapper .authorize.locked').count();

describe('Swagger UI', () => {
  test('finds operations by what they are called, where they are and what they are for', async () => {
    const { context, page, troubles } = await open();
    expect(await listShown(page)).toContain('createCheckout');
    expect(await page.locator('.opblock-tag').first().getAttribute('data-tag')).toBe('Checkout');
    expect(await search(page, 'promptpay')).toEqual(['createStripePromptpay']);
    expect(await search(page, 'REFUND')).toEqual(expect.arrayContaining(['createRefund', 'listRefunds']));
    expect(await search(page, 'virtual smilepay')).toEqual(['createSmilepayAtm']);
    expect(await search(page, 'pay/plus')).toEqual(['createPlusAtm']);
    // One place for what PayCore calls, and no empty group.
    const headings = await page.locator('.swagger-ui h2, .opblock-tag').allInnerTexts();
    expect(headings.filter((text) => /webhooks|notifications/i.test(text))).toEqual(['Webhooks']);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test('makes one payment after the other from the examples', async () => {
    const { context, page, troubles } = await open();
    await authorize(page, app.keys.test.api_key);
    for (const id of ['createEcpayAtm', 'createSmilepayAtm', 'createPaypalCheckout']) {
      await search(page, id);
      const { status, body } = await tryOut(page, id);
      expect([id, status, body]).toEqual([id, '201', expect.stringContaining('"payment_no": "PAY')]);
    }
    expect(troubles).toEqual([]);
    await context.close();
  });

  test('keeps the key as long as the tab, and no longer than until it is taken back', async () => {
    const { context, page, troubles } = await open();
    await authorize(page, app.keys.test.api_key);
    await page.reload();
    await page.waitForSelector('.opblock');
    expect(await isAuthorized(page)).toBe(1);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.click('.auth-wrapper .authorize');
    await page.click('.dialog-ux .auth-btn-wrapper .btn:not(.btn-done)');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await page.fill('.dialog-ux input', app.keys.test.api_key);
    await page.click('.dialog-ux .auth-btn-wrapper .authorize');

    const other = await context.newPage();
    await other.goto(`${app.url}/swagger#/Checkout/createCheckout`);
    await other.waitForSelector('#operations-Checkout-createCheckout.is-open');
    expect(await isAuthorized(other)).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test('can be used by everybody, in the light and in the dark', async () => {
    const { context, page, troubles } = await open('#/Payments/listPayments');
    await page.click('#operations-Checkout-createCheckout .opblock-summary-control');
    await page.waitForSelector('#operations-Checkout-createCheckout .responses-wrapper');
    await page.waitForSelector('#operations-Payments-listPayments .responses-wrapper');
    await page.click('#operations-Payments-listPayments .try-out__btn');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForFunction(
        (dark) => document.documentElement.classList.contains('dark-mode') === dark,
        colorScheme === 'dark',
        { polling: 50 },
      );
      expect([colorScheme, await findViolations(page)]).toEqual([colorScheme, []]);
    }
    expect(troubles).toEqual([]);
    await context.close();
  });
});

test.each(['light', 'dark'] as const)('the home can be read by everybody, in the %s too', async (colorScheme) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme });
  const page = await context.newPage();
  for (const locale of ['zh-tw', 'en']) {
    await page.goto(`${app.url}/${locale}`);
    expect(await findViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  }
  await context.close();
});
