import { expect } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { startApp } from '../../support/app.ts';
import { launch, type Visit, visit } from './stage.ts';

/** PayCore, the simulator and a browser for paying in the page. */

export const PHONE = { width: 360, height: 740 };

export interface Paying extends Visit {
  readonly paymentNo: string;
}

interface SimulatedCall {
  readonly route: string;
  readonly merchant_trade_no: string;
}

export async function startInSite() {
  const browser: Browser = await launch();
  const app = await startApp({ gatewayTimeoutMs: 2500 });

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

  const stop = async () => {
    await browser.close();
    await app.stop();
  };

  return { app, browser, open, statusOf, listNumbers, countPayments, addFault, askToken, stop };
}

export type InSiteStage = Awaited<ReturnType<typeof startInSite>>;

export const ready = (page: Page) => page.waitForSelector('[data-state="ready"] [data-insite-pay]:enabled');

export async function choose(page: Page, method: string): Promise<void> {
  await ready(page);
  await page.check(`#ECPayPayment input[value="${method}"]`);
  await page.click('[data-insite-pay]');
}

export const paid = (page: Page) => page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });

/** What a test breaks on purpose the browser reports, and so it shall. */
export const own = (troubles: readonly string[]) =>
  troubles.filter((text) => !text.startsWith('Failed to load resource'));
