import { afterAll, beforeEach } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { DAY } from '../../../../src/core/time.ts';
import type {
  CreateInput,
  GatewayContext,
  QueryInput,
  RawCallback,
  RefundInput,
  Secrets,
} from '../../../../src/gateways/gateway.ts';
import { methods } from '../../../../src/gateways/paypal/methods.ts';
import { START } from '../../../support/clock.ts';
import { contextOf, createInputOf, ORDER_NO, PAYMENT_NO, paymentOf, queryInputOf } from '../../../support/driver.ts';
import { present } from '../../../support/parts.ts';
import { type Received, startStandIn } from '../../../support/standin.ts';

export const SECRETS: Secrets = {
  client_id: 'AZDxjDScFpQtjWTOUtWKbyN_bDt4',
  client_secret: 'EGnHDxD_qRPdaLdZz8iCr8N7',
};
export { ORDER_NO, PAYMENT_NO } from '../../../support/driver.ts';
export const ORDER_ID = '5O190127TN364715T';
export const CAPTURE_ID = '42311647XV020574X';
export const DEBUG_ID = 'f35e6a1d2b3c4';

export type Json = Record<string, unknown>;
export type Step = (request: Received) => Response | Promise<Response>;

/** PayPal for all tests of the file, and nothing left in it for any of them. */
export function usePaypal(): Paypal {
  const paypal = startPaypal();
  beforeEach(() => paypal.reset());
  afterAll(() => paypal.server.stop());
  return paypal;
}

/** PayPal on a socket: hands out tokens `token-1`, `token-2` …, and answers API calls one after the other as told. */
function startPaypal() {
  const server = startStandIn();
  const memory = new Map<string, unknown>();
  const paypal = {
    server,
    memory,
    /** What the next API calls are answered, in their order. */
    steps: [] as Step[],
    grant: (() => Response.json(tokenBody(`token-${paypal.tokens().length}`))) as Step,
    tokens: () => server.received.filter(({ path }) => path === '/v1/oauth2/token'),
    calls: () => server.received.filter(({ path }) => path !== '/v1/oauth2/token'),
    reset() {
      server.received.length = 0;
      paypal.steps = [];
      paypal.grant = () => Response.json(tokenBody(`token-${paypal.tokens().length}`));
      memory.clear();
    },
    context: (change: Partial<GatewayContext> = {}): GatewayContext =>
      contextOf('paypal', server.url, { memory, callbackToken: 'callback-token', ...change }),
  };
  server.answer = (request) => {
    if (request.path === '/v1/oauth2/token') return paypal.grant(request);
    const step = paypal.steps.shift();
    return step ? step(request) : new Response('not expected', { status: 500 });
  };
  return paypal;
}

export type Paypal = ReturnType<typeof startPaypal>;

export function tokenBody(token: string, expiresIn: unknown = 32_400): Json {
  return {
    scope: 'https://uri.paypal.com/services/payments',
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresIn,
  };
}

export const say =
  (body: unknown, status = 200): Step =>
  () =>
    Response.json(body, { status });

/** A refusal as PayPal words it. */
export function problem(status: number, issue: string | null, description = 'In words.'): Step {
  const names: Record<number, string> = {
    400: 'INVALID_REQUEST',
    401: 'AUTHENTICATION_FAILURE',
    404: 'RESOURCE_NOT_FOUND',
  };
  return say(
    {
      name: names[status] ?? 'UNPROCESSABLE_ENTITY',
      message: 'In general words.',
      debug_id: DEBUG_ID,
      ...(issue === null ? {} : { details: [{ issue, description }] }),
      links: [],
    },
    status,
  );
}

export const METHOD = present(methods[0]);

export const payment = (change: Partial<CreateInput['payment']> = {}): CreateInput['payment'] =>
  paymentOf({ environment: 'sandbox', order: { itemName: '手沖咖啡豆' }, ...change });

export const createInput = (order: Order = {}, change: Partial<CreateInput> = {}): CreateInput =>
  createInputOf(
    { method: METHOD, secrets: SECRETS, deadline: START + DAY },
    { payment: payment({ order }), ...change },
  );

export const queryInput = (change: Partial<QueryInput> = {}): QueryInput =>
  queryInputOf({ ...createInput(), payment: payment() }, ORDER_ID, change);

export function refundInput(change: Partial<RefundInput> = {}): RefundInput {
  return {
    method: METHOD,
    payment: payment(),
    gatewayOrderNo: ORDER_NO,
    tradeNo: ORDER_ID,
    secrets: SECRETS,
    amount: 30_000,
    refundNo: 'RF20260622000001',
    ...change,
  };
}

/** A capture as PayPal shows it inside its order. */
export function captureBody(change: Json = {}): Json {
  return {
    id: CAPTURE_ID,
    status: 'COMPLETED',
    amount: { currency_code: 'TWD', value: '980' },
    final_capture: true,
    invoice_id: PAYMENT_NO,
    custom_id: PAYMENT_NO,
    create_time: '2026-06-22T07:34:57Z',
    update_time: '2026-06-22T07:34:57Z',
    ...change,
  };
}

export function unitBody(change: Json = {}): Json {
  return {
    reference_id: ORDER_NO,
    amount: { currency_code: 'TWD', value: '980' },
    custom_id: PAYMENT_NO,
    invoice_id: PAYMENT_NO,
    ...change,
  };
}

/** An order without a capture, or with those that are given. */
export function orderBody(status: string, captures: readonly Json[] = [], change: Json = {}): Json {
  return {
    id: ORDER_ID,
    intent: 'CAPTURE',
    status,
    payment_source: { paypal: {} },
    purchase_units: [unitBody(captures.length > 0 ? { payments: { captures } } : {})],
    links: [
      { href: `https://api-m.sandbox.paypal.com/v2/checkout/orders/${ORDER_ID}`, rel: 'self', method: 'GET' },
      { href: `https://www.sandbox.paypal.com/checkoutnow?token=${ORDER_ID}`, rel: 'payer-action', method: 'GET' },
    ],
    ...change,
  };
}

export const PROOF_HEADERS = {
  'paypal-auth-algo': 'SHA256withRSA',
  'paypal-cert-url': 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42',
  'paypal-transmission-id': '69cd13f0-d67a-11e5-baa3-778b53f4ae55',
  'paypal-transmission-sig': 'jpTG/8ovnd6klp3xIysGZ7X88QwcB8WQq5Jqv2zzqhl6t+3Dk0POxQ==',
  'paypal-transmission-time': '2026-06-22T08:00:00Z',
};

/** A webhook as it comes in. */
export function webhook(
  body: string | Uint8Array | object,
  headers: Readonly<Record<string, string>> = PROOF_HEADERS,
): RawCallback {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { contentType: 'application/json', body: bytes, query: new URLSearchParams(), headers: new Headers(headers) };
}
