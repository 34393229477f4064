import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { bringAxe, findViolations } from './support/axe.ts';
import { launch, leaveBrowser, PHONE } from './support/stage.ts';

/** A shop owner who has never seen PayCore, from the line that `serve` prints to a paid test payment in the overview. */

setDefaultTimeout(120_000);

const DESKTOP = { width: 1280, height: 800 };
const OWNER = { email: 'owner@shop.example', name: '林老闆', password: 'correct horse battery' };
/** What it may cost: every press, also those in the simulator. */
const MOST_CLICKS = 25;

const folder = mkdtempSync(join(tmpdir(), 'paycore-desk-'));
const server = Bun.spawn([process.execPath, 'src/main.ts', 'serve'], {
  env: {
    PATH: process.env.PATH ?? '',
    PAYCORE_DATA_DIR: folder,
    PAYCORE_PORT: '0',
    PAYCORE_SIMULATOR_PORT: '0',
    PAYCORE_LOG_LEVEL: 'error',
  },
  stdout: 'pipe',
  stderr: 'inherit',
});

let browser: Browser;
let page: Page;
let installer: string;
const troubles: string[] = [];
let clicks = 0;

beforeAll(async () => {
  installer = await readLine(/^installer (\S+)$/m);
  browser = await launch();
  page = await browser.newPage({ viewport: DESKTOP });
  await bringAxe(page);
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`${message.text()} at ${message.location().url}`);
  });
});
afterAll(async () => {
  if (browser) await leaveBrowser(browser);
  server.kill();
  await server.exited;
  rmSync(folder, { recursive: true, force: true });
});

async function readLine(wanted: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of server.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [, found] = wanted.exec(text) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error(`serve ended without ${wanted}: ${text}`);
}

async function press(selector: string): Promise<void> {
  clicks += 1;
  await page.click(selector);
}

const isOn = (name: string) => page.waitForSelector(`main[data-page="${name}"]`);
/** What has the keyboard: its name or text, and whether one can see that it has it. */
const focused = () =>
  page.evaluate(() => {
    const on = document.activeElement;
    if (!(on instanceof HTMLElement)) return { what: '', isSeen: false };
    const { outlineStyle, outlineWidth } = getComputedStyle(on);
    return {
      what: on.getAttribute('name') ?? on.textContent?.trim() ?? '',
      isSeen: outlineStyle !== 'none' && outlineWidth !== '0px',
    };
  });

const LOOKS = [
  [DESKTOP, 'light'],
  [PHONE, 'dark'],
] as const;

/** The page as it is now, on a desktop by day and on a phone by night: axe finds nothing, and nothing is cut off. */
async function expectClean(name: string): Promise<void> {
  for (const [viewport, colorScheme] of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const found = await findViolations(page);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect({ name, colorScheme, found, wide }).toEqual({ name, colorScheme, found: [], wide: viewport.width });
  }
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light' });
}

describe('the first five minutes', () => {
  test('the home leads to where it says where the link is', async () => {
    await page.goto(new URL('/', installer).href);
    await page.click('a[href="/admin"]');
    await isOn('setup');
    expect(await page.content()).not.toContain(new URL(installer).searchParams.get('token') ?? '?');
    await expectClean('how to start');
  });

  test('the administrator is made with the keyboard alone', async () => {
    await page.goto(installer);
    await isOn('setup');
    await expectClean('administrator');
    await page.keyboard.press('Tab');
    const skip = await focused();
    expect(await page.locator('a.skip').boundingBox()).toMatchObject({ y: expect.any(Number) });
    expect(skip.isSeen).toBe(true);
    await page.keyboard.press('Enter');
    for (const [name, value] of Object.entries({ ...OWNER, again: OWNER.password })) {
      await page.keyboard.press('Tab');
      expect(await focused()).toEqual({ what: name, isSeen: true });
      await page.keyboard.type(value);
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('form[data-action="create-project"]');
  });

  test('shop, key and payment are a press each, and the payment is seen in the overview', async () => {
    await expectClean('shop');
    await page.fill('[name=project]', '晨光咖啡');
    await press('form[data-action="create-project"] button');
    await page.waitForSelector('#curl');
    await expectClean('key');
    await press('form[data-action="test-payment"] button');

    await page.waitForSelector('main[data-payment-no]');
    const paymentNo = (await page.getAttribute('main', 'data-payment-no')) ?? '';
    await press('[data-choice="ecpay/aio/credit"]');
    // The payer's page goes on to the cashier by itself, or by its button.
    await page.waitForSelector('[data-action="pay"]');
    await press('[data-action="pay"]');
    await isOn('overview');
    await page.waitForSelector(`main[data-page="overview"] [data-payment-no="${paymentNo}"]`);
    expect(clicks).toBeLessThanOrEqual(MOST_CLICKS);
    await page.goto(new URL('/admin/setup/steps', installer).href);
    expect(await page.locator('.steps > li.done').count()).toBe(4);
    await expectClean('done');
  });

  test('the link is worth nothing to anybody else', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(installer);
    expect(await other.locator('form[data-action="create-owner"]').count()).toBe(0);
    await context.close();
  });
});

test('every page of the desk is clean on both screens, in light and dark', async () => {
  await page.goto(new URL('/admin', installer).href);
  const paths = await page
    .locator('.rail nav:not(.bar) a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) {
    const answer = await page.goto(new URL(path, installer).href);
    expect([path, answer?.status()]).toEqual([path, 200]);
    await expectClean(path);
  }
  expect(troubles).toEqual([]);
}, 180_000);
