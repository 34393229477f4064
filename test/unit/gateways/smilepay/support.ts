import type { Attempt } from '../../../../src/core/attempt.ts';
import type { Order, Payment } from '../../../../src/core/payment.ts';
import { DAY } from '../../../../src/core/time.ts';
import type {
  CreateInput,
  GatewayContext,
  Message,
  QueryInput,
  RawCallback,
  Secrets,
} from '../../../../src/gateways/gateway.ts';
import { smilepay } from '../../../../src/gateways/smilepay/index.ts';
import { START } from '../../../support/clock.ts';
import { contextOf, createInputOf, methodOf, PAYMENT_NO, paymentOf, queryInputOf } from '../../../support/driver.ts';

export const SECRETS: Secrets = { dcvc: '107', rvg2c: '1', verify_key: '0123456789ABCDEF0123456789ABCDEF' };
export { PAYMENT_NO } from '../../../support/driver.ts';
export const ORDER_NO = 'ORDER202606220001';
export const TRADE_NO = '062223689453';
export const TOKEN = `${ORDER_NO}-abcdefghijklmnopqrstuv`;
export const CALLBACK = 'https://pay.example/api/paycore/webhooks/smilepay';

export const methodAt = (path: string) => methodOf(smilepay, path);

export function makeContext(origin = 'https://ssl.smse.com.tw'): GatewayContext {
  const browserReturn = `https://pay.example/zh-tw/payment/smilepay/return/${PAYMENT_NO}`;
  return contextOf('smilepay', origin, { callbackToken: TOKEN, urls: { browserReturn } });
}

export function createInput(path: string, order: Order = {}, change: Partial<CreateInput> = {}): CreateInput {
  const method = methodAt(path);
  const deadline = START + (order.expireDays === undefined ? method.defaultLifetimeMs : order.expireDays * DAY);
  const payment = paymentOf({ merchantOrderNo: ORDER_NO, order });
  return createInputOf({ method, secrets: SECRETS, deadline }, { payment, gatewayOrderNo: ORDER_NO, ...change });
}

export const queryInput = (path: string, change: Partial<QueryInput> = {}): QueryInput =>
  queryInputOf(createInput(path), TRADE_NO, change);

/** What the Roturl of the example order brings back. */
export const PROOF = `Dcvc=107&t=${TOKEN}`;
export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

export function rawCallback(body: string | Uint8Array, query = PROOF, contentType = FORM): RawCallback {
  return { contentType, body: Buffer.from(body), query: new URLSearchParams(query), headers: new Headers() };
}

export const form = (fields: Readonly<Record<string, string>>, query?: string) =>
  rawCallback(new URLSearchParams(fields).toString(), query);
export const json = (value: unknown, query?: string) => rawCallback(JSON.stringify(value), query, JSON_TYPE);

/** SmilePay’s form about the example order, paid at an ATM. */
export const PAID_FORM = {
  Classif: 'B',
  Od_sob: '手沖咖啡豆',
  Data_id: ORDER_NO,
  Process_date: '2026/6/23',
  Process_time: '下午 10:07:36',
  Response_id: '0',
  Moneytype: 'TW',
  Purchamt: '980',
  Amount: '980',
  Smseid: TRADE_NO,
  Payment_no: '8011773423689453,',
} as const;

/** The same in the names of the answer to a request for a number. */
export const PAID_JSON = { Dcvc: '107', Data_id: ORDER_NO, SmilePayNO: TRADE_NO, Amount: 980, Status: '1' } as const;

export function located(raw: RawCallback): Message | string {
  const found = smilepay.callback.locate(raw);
  if (found.type === 'clear') return found.message;
  return found.type === 'refused' ? found.message : found.type;
}

/** The whole way of a callback: what it is refused with, or whether it is proved and what it says. */
export function judge(raw: RawCallback, secrets: Secrets = SECRETS) {
  const message = located(raw);
  if (typeof message === 'string') return { verification: { ok: false, message } as const, facts: null };
  const payment = { paymentNo: PAYMENT_NO, merchantOrderNo: ORDER_NO, amount: 98_000, currency: 'TWD' } as Payment;
  const attempt = { gatewayOrderNo: ORDER_NO, gatewayTradeNo: TRADE_NO } as Attempt;
  const verification = smilepay.callback.verify(message, secrets, { payment, attempt, ctx: makeContext() });
  if (verification instanceof Promise) throw new Error('SmilePay’s callbacks are judged at once');
  return { verification, facts: smilepay.callback.parse(message, payment) };
}
