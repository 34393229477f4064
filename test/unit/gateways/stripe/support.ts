import { afterAll, beforeAll, beforeEach } from 'bun:test';
import { createHmac } from 'node:crypto';
import type { Attempt } from '../../../../src/core/attempt.ts';
import type { Order, Payment } from '../../../../src/core/payment.ts';
import { DAY } from '../../../../src/core/time.ts';
import type {
  CreateInput,
  GatewayContext,
  QueryInput,
  RawCallback,
  Secrets,
} from '../../../../src/gateways/gateway.ts';
import { createGatewayHttp, type GatewayHttp } from '../../../../src/gateways/http.ts';
import { stripe } from '../../../../src/gateways/stripe/index.ts';
import { START } from '../../../support/clock.ts';
import {
  paymentOf as anyPaymentOf,
  contextOf,
  createInputOf,
  methodOf,
  ORDER_NO,
  PAYMENT_NO,
  queryInputOf,
} from '../../../support/driver.ts';
import { present } from '../../../support/parts.ts';
import { type Received, type StandIn, startStandIn } from '../../../support/standin.ts';

export const SECRETS: Secrets = {
  secret_key: 'sk_test_51PayCoreUnit',
  publishable_key: 'pk_test_51PayCoreUnit',
  webhook_secret: 'whsec_paycore_unit',
};
export { ORDER_NO, PAYMENT_NO } from '../../../support/driver.ts';
export const INTENT = 'pi_3PayCoreTest0001';
export const RETURN_URL = `https://pay.example/zh-tw/payment/stripe/return/${PAYMENT_NO}?page=abc`;

/** A PaymentIntent as Stripe answers it; status and what hangs on it are the test's. */
export const intent = (change: object = {}): Record<string, unknown> => ({
  id: INTENT,
  object: 'payment_intent',
  amount: 98_000,
  amount_received: 0,
  client_secret: `${INTENT}_secret_Qz8`,
  currency: 'twd',
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  metadata: { payment_no: PAYMENT_NO, gateway_order_no: ORDER_NO, merchant_order_no: 'ORDER-1' },
  next_action: null,
  payment_method_types: ['card'],
  status: 'requires_payment_method',
  ...change,
});

/** `{error: …}` with a status, as Stripe refuses. */
export const failure = (status: number, error: object): Response => Response.json({ error }, { status });

export function stripeContext(origin: string, change: Partial<GatewayContext> = {}): GatewayContext {
  const page = `https://pay.example/zh-tw/pay/${PAYMENT_NO}?token=abc`;
  return contextOf('stripe', origin, { urls: { page, browserReturn: RETURN_URL }, ...change });
}

export const methodAt = (path: string) => methodOf(stripe, path);

export const paymentOf = (order: Order = {}, change: Partial<CreateInput['payment']> = {}): CreateInput['payment'] =>
  anyPaymentOf({ environment: 'sandbox', order, ...change });

export const createInput = (path: string, payment: CreateInput['payment'] = paymentOf()): CreateInput =>
  createInputOf({ method: methodAt(path), secrets: SECRETS, deadline: START + DAY }, { payment });

export const queryInput = (change: Partial<QueryInput> = {}): QueryInput =>
  queryInputOf(createInput('credit'), INTENT, change);

export const PAYMENT = { paymentNo: PAYMENT_NO, environment: 'sandbox', method: 'credit' } as Payment;
export const ATTEMPT = { id: 7, gatewayTradeNo: INTENT, instructions: null, locale: 'zh-tw' } as Attempt;

/** A local Stripe that answers what a test says and remembers what it was sent. */
export function useStandIn() {
  let server: StandIn;
  const wire = {
    get url(): string {
      return server.url;
    },
    get received(): readonly Received[] {
      return server.received;
    },
    answer: (): Response | Promise<Response> => new Response(null, { status: 500 }),
    /** The fields of the request that went out last. */
    get sent(): Readonly<Record<string, string>> {
      return Object.fromEntries(new URLSearchParams(present(server.received.at(-1), 'request').body));
    },
    ctx: (change: Partial<GatewayContext> = {}): GatewayContext => stripeContext(server.url, change),
  };
  beforeAll(() => {
    server = startStandIn();
    server.answer = () => wire.answer();
  });
  beforeEach(() => {
    server.received.length = 0;
  });
  afterAll(() => server.stop());
  return wire;
}

/** Gives every call less time than the driver does. */
export function hurry(timeoutMs: number): GatewayHttp {
  const http = createGatewayHttp();
  return {
    get: (url, options) => http.get(url, { ...options, timeoutMs }),
    post: (url, options) => http.post(url, { ...options, timeoutMs }),
  };
}

/** `Stripe-Signature` over a body, made without Stripe's package. */
export function signHeader(body: string, secret: string, seconds = START / 1000): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

export function rawCallback(body: string | Uint8Array, signature: string | null): RawCallback {
  return {
    contentType: 'application/json',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    query: new URLSearchParams(),
    headers: new Headers(signature === null ? {} : { 'stripe-signature': signature }),
  };
}
