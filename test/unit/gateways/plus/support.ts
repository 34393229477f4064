import type { Attempt, Fact } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import { DAY } from '../../../../src/core/time.ts';
import type {
  CreateInput,
  GatewayContext,
  Method,
  QueryInput,
  RawCallback,
  Secrets,
  Verification,
} from '../../../../src/gateways/gateway.ts';
import { plus } from '../../../../src/gateways/plus/index.ts';
import { START } from '../../../support/clock.ts';
import { contextOf, createInputOf, ORDER_NO, paymentOf, queryInputOf } from '../../../support/driver.ts';
import { present } from '../../../support/parts.ts';

/** The account of the API catalogue's examples. */
export const SECRETS: Secrets = { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' };
export { ORDER_NO, PAYMENT_NO } from '../../../support/driver.ts';
export const PLAT_NO = 'PL26062200012345';
export const TOKEN = `${ORDER_NO}-0123456789abcdefghijkl`;
/** 2026-06-25 15:30:00 in Taipei, three days after START. */
export const DEADLINE = START + 3 * DAY;

export const ATM: Method = present(plus.methods[0]);

export const plusContext = (origin = 'https://plus.example', sign = 'md5-key'): GatewayContext =>
  contextOf('plus', origin, { settings: { sign }, callbackToken: TOKEN });

/** `money`: whole TWD. */
export const createInput = (money = 980): CreateInput =>
  createInputOf({ method: ATM, secrets: SECRETS, deadline: DEADLINE }, { payment: paymentOf({ amount: money * 100 }) });

export const queryInput = (change: Partial<QueryInput> = {}): QueryInput =>
  queryInputOf(createInput(), PLAT_NO, change);

export function rawCallback(body: string, contentType: string, token: string | null = TOKEN): RawCallback {
  const query = new URLSearchParams(token === null ? {} : { t: token });
  return { contentType, body: Buffer.from(body), query, headers: new Headers() };
}

/** What becomes of a callback that has found the example attempt. */
export interface Judged {
  readonly verification: Verification;
  readonly facts: readonly Fact[] | 'ask';
}

export async function judge(raw: RawCallback, sign = 'md5-key', tradeNo: string | null = PLAT_NO): Promise<Judged> {
  const located = plus.callback.locate(raw);
  if (located.type !== 'clear') throw new Error(`the callback is ${located.type}`);
  const payment = { amount: 98_000, currency: 'TWD' } as Payment;
  const attempt = { gatewayOrderNo: ORDER_NO, gatewayTradeNo: tradeNo } as Attempt;
  const subject = { payment, attempt, ctx: plusContext('https://plus.example', sign) };
  return {
    verification: await plus.callback.verify(located.message, SECRETS, subject),
    facts: plus.callback.parse(located.message, payment),
  };
}
