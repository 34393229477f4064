import type { CreateInput, Gateway, GatewayContext, Method, QueryInput } from '../../src/gateways/gateway.ts';
import { createGatewayHttp } from '../../src/gateways/http.ts';
import { START } from './clock.ts';
import { present } from './parts.ts';

/** What a driver is handed about the payment that the tests of drivers are about: NT$980, opened at `START`. */
export const PAYMENT_NO = 'PAY202606220001ABCDEFGH';
export const ORDER_NO = 'PC260622ABCDEFGHIJKL';
const TOKEN = 'abcdefghijklmnopqrstuv';

export function methodOf(gateway: Gateway, path: string): Method {
  return present(
    gateway.methods.find((method) => method.path === path),
    path,
  );
}

export function contextOf(
  gateway: string,
  origin: string,
  { urls, ...change }: Omit<Partial<GatewayContext>, 'urls'> & { urls?: Partial<GatewayContext['urls']> } = {},
): GatewayContext {
  return {
    http: createGatewayHttp(),
    now: START,
    originOf: () => origin,
    memory: new Map(),
    settings: {},
    callbackToken: '',
    urls: {
      callback: `https://pay.example/api/paycore/webhooks/${gateway}`,
      page: `https://pay.example/zh-tw/pay/${PAYMENT_NO}?token=${TOKEN}`,
      browserReturn: `https://pay.example/zh-tw/payment/${gateway}/return/${PAYMENT_NO}?page=${TOKEN}`,
      ...urls,
    },
    ...change,
  };
}

export function paymentOf(change: Partial<CreateInput['payment']> = {}): CreateInput['payment'] {
  return {
    paymentNo: PAYMENT_NO,
    merchantOrderNo: 'ORDER-1',
    amount: 98_000,
    currency: 'TWD',
    environment: 'production',
    order: {},
    ...change,
  };
}

type Own = Pick<CreateInput, 'method' | 'secrets' | 'deadline'>;

export function createInputOf(own: Own, change: Partial<CreateInput> = {}): CreateInput {
  return { payment: paymentOf(), gatewayOrderNo: ORDER_NO, locale: 'zh-tw', ...own, ...change };
}

/** A question about what was created so. */
export function queryInputOf(
  { locale: _, ...created }: CreateInput,
  tradeNo: string,
  change: Partial<QueryInput> = {},
): QueryInput {
  return {
    ...created,
    tradeNo,
    declines: 0,
    isUnderReview: false,
    environment: created.payment.environment,
    beginCapture: async () => true,
    hasInstructions: true,
    lacksCodeUrl: false,
    ...change,
  };
}
