import type { Attempt, Fact } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import type {
  CreateInput,
  GatewayContext,
  Method,
  QueryInput,
  RawCallback,
  Secrets,
  Verification,
} from '../../../../src/gateways/gateway.ts';
import { createGatewayHttp } from '../../../../src/gateways/http.ts';
import { plus } from '../../../../src/gateways/plus/index.ts';
import { START } from '../../../support/clock.ts';
import { present } from '../../../support/parts.ts';

/** The account of the API catalogue's examples. */
export const SECRETS: Secrets = { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' };
export const PAYMENT_NO = 'PAY202606220001ABCDEFGH';
export const ORDER_NO = 'PC260622ABCDEFGHIJKL';
export const PLAT_NO = 'PL26062200012345';
export const TOKEN = `${ORDER_NO}-0123456789abcdefghijkl`;
/** 2026-06-25 15:30:00 in Taipei, three days after START. */
export const DEADLINE = START + 3 * 86_400_000;

export const ATM: Method = present(plus.methods[0]);

export function plusContext(origin = 'https://plus.example', sign = 'md5-key'): GatewayContext {
  return {
    http: createGatewayHttp(),
    now: START,
    originOf: () => origin,
    memory: new Map(),
    settings: { sign },
    callbackToken: TOKEN,
    urls: {
      callback: 'https://pay.example/api/paycore/webhooks/plus',
      page: `https://pay.example/zh-tw/pay/${PAYMENT_NO}?token=abcdefghijklmnopqrstuv`,
      browserReturn: `https://pay.example/zh-tw/payment/plus/return/${PAYMENT_NO}?page=abcdefghijklmnopqrstuv`,
    },
  };
}

/** `money`: whole TWD. */
export function createInput(money = 980): CreateInput {
  return {
    method: ATM,
    payment: {
      paymentNo: PAYMENT_NO,
      merchantOrderNo: 'ORDER-1',
      amount: money * 100,
      currency: 'TWD',
      environment: 'production',
      order: {},
    },
    gatewayOrderNo: ORDER_NO,
    secrets: SECRETS,
    locale: 'zh-tw',
    deadline: DEADLINE,
  };
}

export function queryInput(change: Partial<QueryInput> = {}): QueryInput {
  return {
    ...createInput(),
    tradeNo: PLAT_NO,
    declines: 0,
    isUnderReview: false,
    environment: 'production',
    mayTake: async () => true,
    hasInstructions: true,
    ...change,
  };
}

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
