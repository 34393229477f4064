import { expect } from 'bun:test';
import type { FrameLocator, Page } from 'playwright-core';
import { list, text } from '../../binary/support/json.ts';
import { get, simulatorOrder } from '../../binary/support/parties.ts';
import { type DemoStage, scan, screenOf, type Tab } from './demo-stage.ts';

/** Somebody who bought something in the demo shop, and what he does until it is paid. */
export interface Payer extends Tab {
  readonly stage: DemoStage;
  readonly paymentNo: string;
}

export type Pay = (payer: Payer) => Promise<void>;

/** Presses one of the shop’s buttons; the browser goes on to the payment page. */
export async function buy(stage: DemoStage, route: string): Promise<Payer> {
  const { demo } = stage;
  const tab = await stage.open(demo.shopUrl);
  const [response] = await Promise.all([
    tab.page.waitForResponse((one) => one.url().startsWith(`${demo.publicUrl}/zh-tw/pay/`)),
    tab.page.click(`button[value="${route}"]`),
  ]);
  expect(response.status()).toBe(200);
  const paymentNo = new URL(response.url()).pathname.split('/').pop() ?? '';
  return { ...tab, stage, paymentNo };
}

export async function press(payer: Payer, selector: string, page: Page | FrameLocator = payer.page): Promise<void> {
  const button = page.locator(selector);
  await button.waitFor();
  await button.click();
}

export const payment = ({ stage, paymentNo }: Payer): Promise<unknown> => stage.payment(paymentNo);

/** The order at the gateway that the payment page leads to now. */
export async function orderNo(payer: Payer): Promise<string> {
  return text(await payment(payer), 'gateway_order_no');
}

/** Presses these buttons one after the other on pages of the gateway, wherever they lead. */
export const atGateway =
  (...buttons: readonly string[]): Pay =>
  async (payer) => {
    for (const button of buttons) {
      await payer.page.waitForURL((url) => url.origin === payer.stage.demo.simulatorUrl);
      await press(payer, button);
    }
  };

/** The page shows these of the gateway’s numbers; somebody pays with them somewhere else. */
export const byNumber =
  (...fields: readonly string[]): Pay =>
  async (payer) => {
    const { page, stage } = payer;
    await page.waitForSelector(`main[data-screen="instructions"]`);
    const { body } = await simulatorOrder(stage.demo.simulatorUrl, await orderNo(payer));
    const shown = ((await page.textContent('main')) ?? '').replace(/\s/g, '');
    for (const field of fields) expect(shown).toContain(text(body, 'info', field));
    await payAtDesk(payer);
  };

export const byBarcodes: Pay = async (payer) => {
  const { page, stage } = payer;
  await page.waitForSelector('[data-barcode="3"] svg');
  const { body } = await simulatorOrder(stage.demo.simulatorUrl, await orderNo(payer));
  expect(await scan(page, 'Code39')).toEqual([1, 2, 3].map((part) => text(body, 'info', `Barcode${part}`)));
  await payAtDesk(payer);
};

/** By the button on the simulator’s page of the order, in a tab of its own. */
export async function payAtDesk(payer: Payer): Promise<void> {
  const desk = await payer.context.newPage();
  await desk.goto(`${payer.stage.demo.simulatorUrl}/simulator/orders/${await orderNo(payer)}/page`);
  await press(payer, 'form[action*="/pay?"] button[type="submit"]', desk);
  await desk.waitForLoadState();
  await desk.close();
}

/** The payment page links to the gateway’s own about the number, in a tab of its own. */
export const onItsPage =
  (button: string): Pay =>
  async (payer) => {
    const link = payer.page.locator(`a[target="_blank"][href^="${payer.stage.demo.simulatorUrl}/"]`);
    const [opened] = await Promise.all([payer.context.waitForEvent('page'), link.click()]);
    await press(payer, button, opened);
    await opened.waitForSelector('h1.good');
    await opened.close();
  };

/** Chooses in the gateway’s form in our page. */
export const inSite =
  (method: string): Pay =>
  async (payer) => {
    await payer.page.waitForSelector('[data-state="ready"] [data-insite-pay]:enabled');
    await payer.page.check(`#ECPayPayment input[value="${method}"]`);
    await press(payer, '[data-insite-pay]');
  };

/** What is typed or chosen in the frame of the Payment Element, by the names of its fields. */
export const inElement =
  (fields: Readonly<Record<string, string>> = {}): Pay =>
  async (payer) => {
    await payer.page.waitForSelector('[data-state="ready"] [data-element-pay]:enabled');
    const frame = payer.page.frameLocator('[data-element] iframe');
    for (const [name, value] of Object.entries(fields)) {
      const field = frame.locator(`[name="${name}"]`);
      if (name === 'bank') await field.selectOption(value);
      else await field.fill(value);
    }
    await press(payer, '[data-element-pay]');
  };

export const card = (number: string): Pay => inElement({ number, expiry: '12 / 40', cvc: '123' });

/** The code on the screen, and the order at the gateway that a wallet finds by it. */
export async function scanCode(payer: Payer): Promise<{ readonly code: string; readonly order: unknown }> {
  await payer.page.waitForSelector('[data-pay-qr] svg');
  const [code = '', ...others] = await scan(payer.page, 'QRCode');
  expect(others).toEqual([]);
  const { body } = await get(`${payer.stage.demo.simulatorUrl}/simulator/orders?gateway=stripe`);
  const order = list(body, 'orders').find((one) => (one as { info?: { qr?: string } }).info?.qr === code);
  return { code, order };
}

/** A wallet reads the code and pays on a page of its own. */
export const byCode: Pay = async (payer) => {
  const { order } = await scanCode(payer);
  const wallet = await payer.context.newPage();
  await wallet.goto(payer.stage.demo.simulatorUrl + text(order, 'payer_page'));
  await press(payer, '[data-action="pay"]', wallet);
  await wallet.waitForSelector('h1.good');
  await wallet.close();
};

/** The page is there and says this, and the payment is still to be paid. */
export const sees =
  (selector: string): Pay =>
  async (payer) => {
    await payer.page.waitForSelector(`${screenOf('pending')} ${selector}`);
    expect(await payment(payer)).toMatchObject({ status: 'pending' });
  };

export const inTurn =
  (...steps: readonly Pay[]): Pay =>
  async (payer) => {
    for (const step of steps) await step(payer);
  };
