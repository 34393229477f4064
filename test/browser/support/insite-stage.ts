import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startApp, type TestApp } from '../../support/app.ts';
import { formOf } from './form.ts';
import { launch, leaveBrowser, PHONE, type Visit, visit } from './stage.ts';

export interface Paying extends Visit {
  readonly paymentNo: string;
}

interface SimulatedCall {
  readonly route: string;
  readonly merchant_trade_no: string;
}

/** PayCore, the simulator and a browser for paying in the page, for the tests of one file. */
export function useInSite() {
  let browser: Browser;
  let app: TestApp;
  beforeAll(async () => {
    browser = await launch();
    app = await startApp({ gatewayTimeoutMs: 2500 });
  });
  afterAll(async () => {
    await leaveBrowser(browser);
    await app.stop();
  });

  /** A new payment's page on a phone. */
  const open = async (body: object = {}): Promise<Paying> => {
    const order = { buyer_email: 'payer@example.com', success_url: undefined, ...body };
    const created = await app.create('ecpay/ecpg', order);
    expect(created.status).toBe(201);
    const { payment_no: paymentNo, payment_url: url } = created.json.data;
    const stage = await visit(browser, { viewport: PHONE });
    await stage.page.goto(String(url));
    return { ...stage, paymentNo: String(paymentNo) };
  };

  const statusOf = async (paymentNo: string) => (await app.find(paymentNo)).status;

  /** Our numbers at the gateway, oldest first. */
  const listNumbers = async (paymentNo: string): Promise<string[]> =>
    (await app.rows.attemptsOf(paymentNo)).map(({ gatewayOrderNo }) => gatewayOrderNo);

  /** How often CreatePayment was called, whatever came of it. */
  const countPayments = async (paymentNo: string): Promise<number> => {
    const orderNos = await listNumbers(paymentNo);
    const response = await fetch(`${app.gateway.url}/simulator/requests?limit=1000&route=create-payment`);
    const { requests } = (await response.json()) as { requests: readonly SimulatedCall[] };
    return requests.filter((one) => orderNos.includes(one.merchant_trade_no)).length;
  };

  const addFault = async (route: string, kind: string): Promise<void> => {
    const response = await fetch(`${app.gateway.url}/simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ route, kind }),
    });
    expect(response.status).toBe(201);
  };

  /** Asks for the form's token as the page's script does. */
  const askToken = async (paymentNo: string, more = ''): Promise<string> => {
    const url = new URL(String((await app.find(paymentNo)).payment_url));
    const answer = await app.request(`${url.pathname}/form${url.search}${more}`, { method: 'POST' });
    return (await answer.json()).data.token;
  };

  /** One more visitor. */
  const visitAlone = (options: BrowserContextOptions) => visit(browser, options);

  return {
    get app() {
      return app;
    },
    open,
    visit: visitAlone,
    statusOf,
    listNumbers,
    countPayments,
    addFault,
    askToken,
  };
}

export const { ready, failed, says, status, retry } = formOf('insite');

export async function choose(page: Page, method: string): Promise<void> {
  await ready(page);
  await page.check(`#ECPayPayment input[value="${method}"]`);
  await page.click('[data-insite-pay]');
}

export const paid = (page: Page) => page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });

/** The page asks what became of a payment whose answer it has not got. */
export const waiting = (page: Page) => page.waitForSelector('main[data-screen="waiting"]', { timeout: 12_000 });
