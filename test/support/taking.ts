import { createShop } from '../gateways/paypal-shop.ts';
import type { TestApp } from './app.ts';
import { chooseWay, startChoice } from './choice.ts';
import { holdCalls } from './held.ts';
import { inSiteHand, type Send } from './insite.ts';
import { pagePathOf } from './page-path.ts';
import { present } from './parts.ts';

/** Payments whose money a gateway is taking at this very moment. */

export interface Taking {
  readonly app: TestApp;
  readonly no: string;
  readonly path: string;
  /** The gateway takes the money, or answers this instead. */
  readonly release: (answer?: () => Response) => void;
  /** What the payer's browser is answered in the end. */
  readonly done: Promise<unknown>;
  /** Presses once more, in the process that is asked. */
  readonly pressAgain: (send: Send) => Promise<number>;
  readonly count: () => number;
}

/** Each in an app of its own, with every gateway to choose from; whoever asks stops them. */
export function takingsOf(apps: TestApp[]) {
  async function start() {
    const app = await startChoice(apps);
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    await app.deps.store.changeProject(id, { fields: {}, methods: { 'ecpay/ecpg': { enabled: true } } });
    const { json } = await app.call('/api/paycore/checkout', {
      merchant_order_no: 'MOVING',
      amount: 980,
      buyer_email: 'buyer@example.com',
      payok_url: `${app.shop.url}/payok`,
    });
    return { app, no: String(json.data.payment_no), path: pagePathOf(app, json.data.payment_url) };
  }

  /** The payer's card is on its way: CreatePayment has not been answered. */
  async function takeCard(): Promise<Taking> {
    const { app, no, path } = await start();
    await chooseWay(app, path, 'ecpay/ecpg');
    const hand = inSiteHand(app);
    const payToken = await hand.fillIn(path);
    const held = holdCalls(app, (called) => called === '/Merchant/CreatePayment');
    const done = hand.press(path, payToken);
    await held.arrived;
    const pressAgain = async (send: Send) => (await inSiteHand(app, send).press(path, payToken)).status;
    return { app, no, path, done, pressAgain, ...held };
  }

  /** The payer has approved the order, which only waits to be captured. */
  async function approvePaypal() {
    const { app, no, path } = await start();
    await chooseWay(app, path, 'paypal/checkout');
    const shop = createShop(app);
    const tradeNo = String((await app.find(no)).gateway_trade_no);
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    return { app, no, path, shop, tradeNo };
  }

  /** The payer has approved the order, and it is being captured. */
  async function takePaypal(): Promise<Taking> {
    const { app, no, path, shop, tradeNo } = await approvePaypal();
    const back = shop.wayBack(tradeNo);
    const held = holdCalls(app, (called) => called.endsWith('/capture'));
    const done = shop.handleReturn(back);
    await held.arrived;
    const pressAgain = async (send: Send) => (await send(new URL(back, app.url).href.slice(app.url.length))).status;
    return { app, no, path, done, pressAgain, ...held };
  }

  return { start, takeCard, approvePaypal, takePaypal };
}
