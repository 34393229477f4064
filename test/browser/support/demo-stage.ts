import { expect } from 'bun:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Demo, startDemo } from '../../binary/support/demo.ts';
import { at } from '../../binary/support/json.ts';
import { get } from '../../binary/support/parties.ts';
import { stopAll } from '../../binary/support/process.ts';
import { scanPicture } from './scan.ts';
import { launch, leaveBrowser, PHONE } from './stage.ts';

/** The compiled binary with everything it brings, and a browser that notices whatever goes wrong in it. */

export { PHONE };
export const DESKTOP = { width: 1280, height: 800 };

/** `dataset` of a payment page’s `<main>`, as the document came from the server. */
export type Screen = Readonly<Record<string, string>>;

export interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors, page errors, violations of a content policy, requests to other machines. */
  readonly troubles: string[];
  /** Payment pages that were loaded, oldest first. */
  readonly screens: Screen[];
  close(): Promise<void>;
}

export interface DemoStage {
  readonly demo: Demo;
  readonly browser: Browser;
  open(url: string, viewport?: typeof PHONE): Promise<Tab>;
  /** `data` of the API’s answer. */
  payment(paymentNo: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startStage(): Promise<DemoStage> {
  const demo = await startDemo();
  const browser = await launch();
  return {
    demo,
    browser,
    open: (url, viewport = PHONE) => openTab(browser, url, viewport),
    async payment(paymentNo) {
      return at((await get(`${demo.publicUrl}/api/paycore/payments/${paymentNo}`, demo.auth)).body, 'data');
    },
    async stop() {
      await leaveBrowser(browser);
      await demo.process.kill('SIGTERM');
      await stopAll();
    },
  };
}

/** Runs in every document and frame before anything else, out of reach of the page’s policy. */
const WITNESS = `
  addEventListener('securitypolicyviolation', (event) =>
    witness('trouble', event.violatedDirective + ' forbids ' + event.blockedURI));
  addEventListener('DOMContentLoaded', () => {
    const main = document.querySelector('main[data-payment-no]');
    if (main) witness('screen', { ...main.dataset });
  });
`;

async function openTab(browser: Browser, url: string, viewport: typeof PHONE): Promise<Tab> {
  const context = await browser.newContext({ viewport, locale: 'zh-TW' });
  const troubles: string[] = [];
  const screens: Screen[] = [];
  await context.exposeFunction('witness', (what: string, detail: unknown) => {
    if (what === 'screen') screens.push(detail as Screen);
    else troubles.push(String(detail));
  });
  await context.addInitScript(WITNESS);
  context.on('console', (message) => {
    const { url: source } = message.location();
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`${message.text()} ${source}`);
  });
  context.on('weberror', (error) => troubles.push(error.error().message));
  context.on('request', (request) => {
    if (!/^(https?:\/\/(localhost|127\.0\.0\.1)[:/]|data:)/.test(request.url())) troubles.push(request.url());
  });
  const page = await context.newPage();
  await page.goto(url);
  return { context, page, troubles, screens, close: () => context.close() };
}

/** What a scanner reads off the screen, from top to bottom. */
export async function scan(page: Page, format: 'Code39' | 'QRCode'): Promise<string[]> {
  return scanPicture(await page.screenshot({ fullPage: true }), format);
}

export const screenOf = (status: string) => `main[data-status="${status}"]`;

/** The shop's page shows the notification, and that its signature is right. */
export async function heardAt(page: Page, paymentNo: string): Promise<void> {
  await page.waitForSelector(`[data-verified="true"][data-payment-no="${paymentNo}"]`, { timeout: 10_000 });
  expect(await page.locator('[data-verified="false"]').count()).toBe(0);
}
