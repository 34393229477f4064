import { beforeEach, expect } from 'bun:test';
import type { NotificationEvent } from '../../../src/core/payment.ts';
import type { Answer, Received, TestApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { bodyFor, registerStripe, tellSimulator } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';

/** Paid payments, their refunds, and gateways that lose answers. */
export interface Sold {
  readonly no: string;
  /** What the simulator finds it by. */
  readonly number: string;
  readonly tradeNo: string;
}

/** What the gateways call their refunds, by path and by the simulator's name. */
export const REFUND_CALLS = {
  stripe: { path: /^\/v1\/refunds$/, route: 'stripe-refund' },
  paypal: { path: /^\/v2\/payments\/captures\/\w+\/refund$/, route: 'paypal-refund-capture' },
  ecpay: { path: /^\/CreditDetail\/DoAction$/, route: 'aio-do-action' },
} as const;
export type Selling = keyof typeof REFUND_CALLS;

interface SimulatedOrder {
  readonly refunded?: number;
  readonly info: Readonly<Record<string, string>>;
}

const READ_PAID_BACK: Readonly<Record<Selling, (order: SimulatedOrder) => number>> = {
  ecpay: ({ refunded = 0 }) => refunded,
  stripe: ({ info }) => Number(info.refunded ?? 0),
  // `ID 300.00, ID 680.00`
  paypal: ({ info }) =>
    (info.refunds ?? '').split(', ').reduce((sum, refund) => sum + Number(refund.split(' ')[1] ?? 0), 0),
};

type Headers = Readonly<Record<string, string>>;

export function createRefundBench(app: TestApp) {
  const url = (no: string) => `/api/paycore/payments/${no}/refunds`;
  const bench = {
    refund: (no: string, body: unknown = {}, headers: Headers = {}): Promise<Answer> =>
      app.call(url(no), body, headers),
    async list(no: string): Promise<readonly Record<string, unknown>[]> {
      const { json } = await app.call(url(no));
      return json.data.refunds as Record<string, unknown>[];
    },
    statuses: async (no: string) => (await bench.list(no)).map(({ status }) => status),
    /** Time goes by, and what is due is asked about. */
    async pass(ms: number): Promise<void> {
      app.clock.advance(ms);
      await app.refunds();
    },
    /** Status and code, or what was made. */
    async outcome(no: string, body: object = {}, headers: Headers = {}): Promise<unknown> {
      const { status, json } = await bench.refund(no, body, headers);
      return json.success ? [status, json.data.amount, json.data.status] : [status, json.error.error_code];
    },
    async sell(route: string, body: object = {}): Promise<Sold> {
      if (route.startsWith('stripe/')) await registerStripe(app);
      const made = await app.create(route, { ...bodyFor(route), ...body });
      expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
      const { payment_no: no, gateway_order_no, redirect_form } = made.json.data;
      const form = redirect_form as { action: string; fields: Record<string, string> } | undefined;
      if (form) await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
      const number = form?.fields.MerchantTradeNo ?? String(gateway_order_no);
      await app.simulate(number, 'pay');
      const paid = await app.find(String(no));
      expect(paid.status).toBe('paid');
      return { no: String(no), number, tradeNo: String(paid.gateway_trade_no) };
    },
    /** NT$980 by one of the gateways that can pay back. */
    sellBy: (gateway: Selling): Promise<Sold> =>
      bench.sell({ stripe: 'stripe/credit', paypal: 'paypal/checkout', ecpay: 'ecpay/aio/credit' }[gateway]),
    /** An amount in the unit of the gateway's route. */
    amountOf: (gateway: Selling, major: number) => (gateway === 'stripe' ? major * 100 : major),
    async collect(sold: Sold): Promise<void> {
      await app.simulate(sold.number, 'card', { stage: 'closed' });
    },
    break: (gateway: Selling, kind: string, more: object = {}) =>
      tellSimulator(app, 'faults', { route: REFUND_CALLS[gateway].route, kind, times: 1, ...more }),
    /** How often the gateway was asked to pay back. */
    async calls(gateway: Selling): Promise<number> {
      const { route } = REFUND_CALLS[gateway];
      const response = await fetch(`${app.gateway.url}/simulator/requests?limit=1000&route=${route}`);
      return ((await response.json()) as { requests: readonly unknown[] }).requests.length;
    },
    /** What the gateway itself says went back, in whole units. */
    async paidBack(gateway: Selling, { number }: Sold): Promise<number> {
      const response = await fetch(`${app.gateway.url}/simulator/orders/${number}`);
      return READ_PAID_BACK[gateway]((await response.json()) as SimulatedOrder);
    },
    /** The next refund is made at the gateway, and its answer waits for `meanwhile`, which may give another one. */
    interrupt(gateway: Selling, meanwhile: (answer: Response) => Promise<Response | undefined>): void {
      const handle = async (request: Received) => {
        app.gateway.answer = null;
        const answer = await passOn(app, request);
        return (await meanwhile(answer.clone() as Response)) ?? answer;
      };
      // Stripe lists refunds at the same path, without a body.
      const isRefund = ({ path, body }: Received) => REFUND_CALLS[gateway].path.test(path) && body !== '';
      app.gateway.answer = (request) => (isRefund(request) ? handle(request) : null);
    },
    /** Waits until PayCore has written down that the gateway has told of a refund by itself. */
    async heard(no: string): Promise<void> {
      const { id: paymentId } = await app.rows.payment(no);
      const isTold = async () => (await app.rows.events({ paymentId })).some(({ data }) => data.fact === 'refunded');
      while (!(await isTold())) await Bun.sleep(5);
    },
    async wants(...events: NotificationEvent[]): Promise<void> {
      const { id } = present(await app.deps.store.findProjectByName('shop'));
      await app.deps.store.changeProject(id, { fields: {}, methods: {}, events });
    },
    /** Notifications about a payment besides `payment.paid`. */
    async told(no: string): Promise<readonly Record<string, unknown>[]> {
      await app.deliver();
      return app.shop.received
        .map(({ body }): Record<string, unknown> => JSON.parse(body))
        .filter(({ payment_no, event }) => payment_no === no && event !== 'payment.paid')
        .sort(inOrder);
    },
    async events(no: string): Promise<readonly string[]> {
      const { json } = await app.call(`/api/paycore/payments/${no}/events?limit=100`);
      return (json.data.events as { type: string }[])
        .map(({ type }) => type)
        .filter((type) => type.startsWith('refund.'));
    },
  };
  return bench;
}

/** A shop for each test that hears of everything about its refunds, and whose gateways may take their time. */
export function useRefunds() {
  const app = useApp({ gatewayTimeoutMs: 600, env: { PAYCORE_RATE_LIMIT: 'off' } });
  const bench = createRefundBench(app);
  beforeEach(() => bench.wants('payment.refunded', 'payment.attention'));
  return { app, bench };
}

export const never = () => new Promise<never>(() => {});
export const keyed = (key: string) => ({ 'idempotency-key': key });

async function passOn(app: TestApp, request: Received): Promise<Response> {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const answer = await fetch(app.gateway.url + request.path, { method: 'POST', headers, body: request.body });
  return new Response(await answer.bytes(), { status: answer.status });
}

/** As what went back grew. What is due at once is sent at once, and may arrive in any order. */
function inOrder(a: Record<string, unknown>, b: Record<string, unknown>): number {
  return Number(a.refunded_amount) - Number(b.refunded_amount) || String(a.event).localeCompare(String(b.event));
}

export type RefundBench = ReturnType<typeof createRefundBench>;
