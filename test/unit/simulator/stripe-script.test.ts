import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { createSimulator, type Simulator } from '../../../src/simulator/index.ts';
import { cardFields, create, type Fields, type Json, PUBLIC_KEY, secretHeaders } from './stripe-support.ts';
import { serve } from './support.ts';

/**
 * The stand-in for Stripe.js in a real browser, on the page of a shop of another origin that lets in the simulator's
 * scripts, frames and calls and nothing written into the page itself.
 */

const CHROMIUM = '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** The shop's own script: keeps what the Element says where a test can read it. */
const SHOP_SCRIPT = `
const { key, secret, back, redirect, locale } = document.querySelector('main').dataset;
const said = [];
window.said = said;
const stripe = Stripe(key, { locale });
const elements = stripe.elements({ clientSecret: secret, appearance: { theme: 'stripe' } });
const element = elements.create('payment', { layout: 'tabs' });
for (const name of ['ready', 'change', 'loaderror']) element.on(name, (event) => said.push([name, event]));
element.mount('#element');
window.pay = () => stripe.confirmPayment({ elements, confirmParams: { return_url: back }, redirect });
window.look = () => stripe.retrievePaymentIntent(secret);
`;

let simulator: Simulator;
let server: ReturnType<typeof serve>;
let shop: ReturnType<typeof Bun.serve>;
let browser: Browser;

function shopPage(url: URL): Response {
  const settings = ['key', 'secret', 'back', 'redirect', 'locale']
    .map((name) => `data-${name}="${(url.searchParams.get(name) ?? '').replaceAll('&', '&amp;')}"`)
    .join(' ');
  const script = '<script src="/shop.js" defer></script>';
  const page = `<!doctype html><script src="${server.origin}/dahlia/stripe.js"></script>${script}<main ${settings}><div id="element"></div></main>`;
  const own = server.origin;
  const policy = `default-src 'none'; script-src 'self' ${own}; frame-src ${own}; connect-src ${own}; style-src 'none'`;
  return new Response(page, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  });
}

beforeAll(async () => {
  simulator = createSimulator();
  server = serve(simulator);
  shop = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      const url = new URL(request.url);
      if (url.pathname === '/pay') return shopPage(url);
      const type = { 'content-type': url.pathname === '/shop.js' ? 'text/javascript' : 'text/html' };
      return new Response(url.pathname === '/shop.js' ? SHOP_SCRIPT : 'back', { headers: type });
    },
  });
  if (existsSync(CHROMIUM)) browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
});
afterAll(async () => {
  await browser?.close();
  simulator.stop();
  server.stop();
  await shop.stop(true);
});

interface Visit {
  readonly page: Page;
  readonly frame: FrameLocator;
  readonly troubles: string[];
  close(): Promise<void>;
}

interface Said {
  readonly error?: { readonly type: string; readonly code: string; readonly message: string };
  readonly paymentIntent?: Json;
}

/** An intent with these fields, and the shop's page for it. */
async function visit(fields: Fields, options: Fields = {}): Promise<Visit & { intent: Json }> {
  const { body } = await create(simulator, fields, secretHeaders());
  const context = await browser.newContext();
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    // A refusal is an answer like another; Chromium notes it down all the same. And nobody has an icon.
    const isNote = /status of (?:402|404)/.test(message.text()) || message.location().url.endsWith('favicon.ico');
    if ((message.type() === 'error' || message.type() === 'warning') && !isNote) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  const settings = { key: PUBLIC_KEY, secret: String(body.client_secret), back: `${shop.url}back?n=1`, ...options };
  await page.goto(`${shop.url}pay?${new URLSearchParams(settings)}`);
  const frame = page.frameLocator('iframe');
  return { intent: body, page, frame, troubles, close: () => context.close() };
}

/** The names of what the Element said, once the last one of them is `name`. */
async function waitFor(page: Page, name: string): Promise<void> {
  await page.waitForFunction((wanted) => Reflect.get(window, 'said').some(([said]: [string]) => said === wanted), name);
}

async function typeCard(frame: FrameLocator, number: string): Promise<void> {
  await frame.locator('[name="number"]').fill(number);
  await frame.locator('[name="expiry"]').fill('12 / 34');
  await frame.locator('[name="cvc"]').fill('123');
}

const pay = (page: Page): Promise<Said> => page.evaluate('window.pay()');
/** Without waiting: the page is about to go away. */
const payAndLeave = (page: Page): Promise<void> => page.evaluate('void window.pay()');
const seen = async (page: Page): Promise<string> =>
  String(((await page.evaluate('window.look()')) as Said).paymentIntent?.status);

function expectBack(page: Page, intent: Json, status: string): void {
  const url = new URL(page.url());
  expect(Object.fromEntries(url.searchParams)).toEqual({
    n: '1',
    payment_intent: String(intent.id),
    payment_intent_client_secret: String(intent.client_secret),
    redirect_status: status,
  });
}

describe.skipIf(!existsSync(CHROMIUM))('Stripe.js', () => {
  test('draws a card form in a frame, says how complete it is, and pays', async () => {
    const { page, frame, troubles, intent, close } = await visit(cardFields());
    await waitFor(page, 'ready');
    expect(await page.locator('iframe').getAttribute('src')).toStartWith(server.origin);
    expect((await page.locator('iframe').boundingBox())?.height ?? 0).toBeGreaterThan(200);
    await typeCard(frame, '4242 4242 4242 4242');
    await page.waitForFunction(() => Reflect.get(window, 'said').at(-1)?.[1].complete === true);
    expect(await page.evaluate('window.said.at(-1)[1]')).toEqual({
      elementType: 'payment',
      complete: true,
      empty: false,
      collapsed: false,
      value: { type: 'card' },
    });
    await payAndLeave(page);
    await page.waitForURL(`${shop.url}back**`);
    expectBack(page, intent, 'succeeded');
    expect(troubles).toEqual([]);
    await close();
  });

  test('says what is missing, and why a card was declined; the next card may pay', async () => {
    const { page, frame, troubles, close } = await visit(cardFields());
    await waitFor(page, 'ready');
    expect((await pay(page)).error).toMatchObject({ type: 'validation_error', code: 'incomplete_number' });
    await typeCard(frame, '4000000000000002');
    expect((await pay(page)).error).toMatchObject({
      type: 'card_error',
      code: 'card_declined',
      message: 'Your card was declined.',
    });
    expect(await seen(page)).toBe('requires_payment_method');
    await typeCard(frame, '4242424242424241');
    expect((await pay(page)).error).toMatchObject({ code: 'incorrect_number' });
    await typeCard(frame, '4242424242424242');
    await payAndLeave(page);
    await page.waitForURL(`${shop.url}back**`);
    expect(troubles).toEqual([]);
    await close();
  });

  test('answers instead of leaving when it is told to', async () => {
    const { page, frame, intent, close } = await visit(cardFields(), { redirect: 'if_required' });
    await waitFor(page, 'ready');
    await typeCard(frame, '4242424242424242');
    expect((await pay(page)).paymentIntent).toMatchObject({ id: intent.id, status: 'succeeded' });
    await close();
  });

  test.each([
    ['pay', 'succeeded'],
    ['decline', 'failed'],
  ])('carries the payer to the bank and back: %s', async (step, status) => {
    const { page, frame, troubles, intent, close } = await visit(cardFields());
    await waitFor(page, 'ready');
    await typeCard(frame, '4000000000003220');
    await payAndLeave(page);
    await page.waitForURL(`${server.origin}/stripe/authorize/**`);
    await page.click(`[data-action="${step}"]`);
    await page.waitForURL(`${shop.url}back**`);
    expectBack(page, intent, status);
    expect(troubles).toEqual([]);
    await close();
  });

  test('has tabs for several methods, and banks for FPX', async () => {
    const fields = { currency: 'myr', 'payment_method_types[]': 'grabpay', 'payment_method_types[1]': 'fpx' };
    const { page, frame, troubles, intent, close } = await visit(cardFields(fields));
    await waitFor(page, 'ready');
    await frame.locator('[value="fpx"]').check();
    expect((await pay(page)).error).toMatchObject({ code: 'incomplete_bank' });
    await frame.locator('[name="bank"]').selectOption('cimb');
    await payAndLeave(page);
    await page.waitForURL(`${server.origin}/stripe/authorize/**`);
    expect(await page.textContent('main')).toContain('cimb');
    await page.click('[data-action="pay"]');
    await page.waitForURL(`${shop.url}back**`);
    expectBack(page, intent, 'succeeded');
    expect(troubles).toEqual([]);
    await close();
  });

  test('speaks the payer’s language', async () => {
    const { page, frame, close } = await visit(cardFields(), { locale: 'zh-TW' });
    await waitFor(page, 'ready');
    expect(await frame.locator('body').textContent()).toContain('卡號');
    await close();
  });

  test('says that it cannot load for a secret that fits nothing', async () => {
    const { page, close } = await visit(cardFields(), { secret: 'pi_none_secret_none' });
    await waitFor(page, 'loaderror');
    expect(await page.evaluate('window.said.at(-1)[1].error.code')).toBe('resource_missing');
    expect(((await page.evaluate('window.look()')) as Said).error).toMatchObject({ code: 'resource_missing' });
    await close();
  });

  test('takes no secret key', async () => {
    const { page, close } = await visit(cardFields());
    const thrown = await page.evaluate(
      `(() => { try { Stripe('sk_test_x'); } catch (error) { return error.name; } })()`,
    );
    expect(thrown).toBe('IntegrationError');
    await close();
  });
});
