/** Takes the README's pictures from the real pages: `npm run pictures`. Needs Debian's chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const FOLDER = 'docs/pictures';
const PORT = '8190';
const PORT_OF_START = '8191';
const DESK = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, locale: 'zh-TW' };
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1.5, locale: 'zh-TW' };

interface DemoPayment {
  readonly gateway: string;
  readonly method: string;
  readonly payment_no: string;
  readonly payment_url: string;
}

interface DemoFacts {
  readonly public_url: string;
  readonly admin_url: string;
  readonly simulator_url: string;
  readonly api_key: string;
  readonly payments: readonly DemoPayment[];
}

const demo = Bun.spawn([process.execPath, 'src/main.ts', 'demo', '--json'], {
  env: { ...process.env, PAYCORE_PORT: PORT },
  stdout: 'pipe',
  stderr: 'inherit',
});

try {
  const facts = await readFacts(demo.stdout);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  const page = await browser.newPage(PHONE);
  for (const method of ['barcode', 'atm', 'cvs']) {
    await page.goto(first(facts, method).payment_url);
    await take(page, method);
  }
  await page.goto(first(facts, 'barcode').payment_url);
  await page.click('[data-barcode="1"] .bar-code');
  await take(page, 'one-barcode');
  await page.goto(await openCheckout(facts));
  await take(page, 'choose');
  await payFirst(facts, 'cvs');
  await page.goto(first(facts, 'cvs').payment_url);
  await page.waitForSelector('main[data-status=paid]');
  await take(page, 'paid');
  await takeAbroad(browser, first(facts, 'atm'));
  await takeDesk(browser, facts);
  await takeStart(browser);
  await takeDevelopers(browser, facts);
  await browser.close();
} finally {
  demo.kill();
  await demo.exited;
}

async function readFacts<T = DemoFacts>(output: ReadableStream<Uint8Array>): Promise<T> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('\n')) return JSON.parse(text.slice(0, text.indexOf('\n')));
  }
  throw new Error('it ended before it said where it is');
}

function first(facts: DemoFacts, method: string): DemoPayment {
  const payment = facts.payments.find((one) => one.method === method);
  if (!payment) throw new Error(`the demo made no ${method} payment`);
  return payment;
}

async function openCheckout(facts: DemoFacts): Promise<string> {
  const order = { merchant_order_no: 'PICTURE-1', amount: 980, item_name: '手沖咖啡豆 半磅' };
  return (await callApi(facts, '/checkout', order)).payment_url;
}

async function callApi(facts: DemoFacts, path: string, order: object): Promise<DemoPayment> {
  const opened = await fetch(`${facts.public_url}/api/paycore${path}`, {
    method: 'POST',
    headers: { 'x-api-key': facts.api_key, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  return ((await opened.json()) as { data: DemoPayment }).data;
}

/** A payment that nobody pays. */
async function openAtm(facts: DemoFacts): Promise<DemoPayment> {
  return callApi(facts, '/pay/ecpay/atm', { merchant_order_no: 'ORDER-1024', amount: 1280, item_name: '手沖壺' });
}

/** The same page as somebody sees it who set his phone to another language, and to dark. */
async function takeAbroad(browser: Browser, { payment_url }: DemoPayment): Promise<void> {
  const page = await browser.newPage({ ...PHONE, locale: 'ja-JP', colorScheme: 'dark' });
  const url = new URL(payment_url);
  url.searchParams.set('lang', 'auto');
  await page.goto(url.href);
  await take(page, 'japanese');
  await page.close();
}

/** The desk, with some of the demo's payments paid and one that somebody has to look at. */
async function takeDesk(browser: Browser, facts: DemoFacts): Promise<void> {
  for (const method of ['atm', 'barcode']) await payFirst(facts, method);
  await tellSimulator(facts, await openAtm(facts), 'forge', { kind: 'amount' });
  const page = await browser.newPage(DESK);
  await page.goto(facts.admin_url);
  await page.waitForSelector('main[data-page=overview]');
  await take(page, 'overview');
  for (const name of ['attention', 'payments']) {
    await page.goto(`${facts.public_url}/admin/${name}`);
    await take(page, name);
  }
  await page.goto(`${facts.public_url}/admin/payments/${first(facts, 'cvs').payment_no}`);
  await take(page, 'payment');
  await page.close();
}

/** As an integrator reads it. */
async function takeDevelopers(browser: Browser, { public_url }: DemoFacts): Promise<void> {
  const page = await browser.newPage({ ...DESK, locale: 'en-GB' });
  await page.goto(`${public_url}/en/developers`);
  await take(page, 'developers');
  await page.goto(`${public_url}/en/developers/ecpay#createEcpayAtm`);
  await take(page, 'endpoint');
  await page.goto(`${public_url}/zh-tw/developers/search?q=virtual_account`);
  await take(page, 'search');
  await page.close();
}

/** The steps of the first start, where the key is shown. */
async function takeStart(browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'paycore-pictures-'));
  const env = { ...process.env, PAYCORE_DATA_DIR: folder, PAYCORE_PORT: PORT_OF_START };
  const server = Bun.spawn([process.execPath, 'src/main.ts', 'serve', '--json'], { env, stdout: 'pipe' });
  try {
    const page = await browser.newPage(DESK);
    await page.goto((await readFacts<{ readonly installer_url: string }>(server.stdout)).installer_url);
    const owner = { email: 'owner@shop.example', name: '林老闆', password: 'correct horse battery' };
    for (const [name, value] of Object.entries({ ...owner, again: owner.password })) await page.fill(`#${name}`, value);
    await page.click('[data-action=create-owner] button');
    await page.fill('#project', '晨光咖啡');
    await page.click('[data-action=create-project] button');
    await page.waitForSelector('#curl');
    await take(page, 'start');
    await page.close();
  } finally {
    server.kill();
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}

async function payFirst(facts: DemoFacts, method: string): Promise<void> {
  await tellSimulator(facts, first(facts, method), 'pay', {});
}

async function tellSimulator(
  facts: DemoFacts,
  payment: DemoPayment,
  what: 'pay' | 'forge',
  how: object,
): Promise<void> {
  const found = await fetch(`${facts.public_url}/api/paycore/payments/${payment.payment_no}`, {
    headers: { 'x-api-key': facts.api_key },
  });
  const { data } = (await found.json()) as { data: { gateway_order_no: string } };
  const url = `${facts.simulator_url}/orders/${data.gateway_order_no}/${what}`;
  await fetch(url, { method: 'POST', body: JSON.stringify(how) });
}
