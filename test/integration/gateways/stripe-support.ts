import { afterAll, afterEach, beforeAll, expect } from 'bun:test';
import { type Answer, type Received, startApp, type TestApp } from '../../support/app.ts';
import { present } from '../../support/parts.ts';

/** An account of the simulator's Stripe that sends its events to us. */
export const KEYS = {
  secret_key: 'sk_test_51Whole',
  publishable_key: 'pk_test_51Whole',
  webhook_secret: 'whsec_whole_path',
};
export const INTENTS = '/v1/payment_intents';

export interface Opened {
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly intent: string;
  /** Path and query of the page. */
  readonly page: string;
  readonly info: Record<string, unknown>;
}

export const codeOf = ({ status, json }: Answer) => [status, json.error.error_code];

/** PayCore and a Stripe for the tests of one file. */
export function useStripe() {
  let running: TestApp | null = null;
  const bench = {
    get app(): TestApp {
      return present(running, 'app');
    },
    create: (path: string, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
      bench.app.create(`stripe/${path}`, { amount: 98_000, gateway_credentials: KEYS, ...body }, headers),
    async open(path = 'credit', body: object = {}): Promise<Opened> {
      const made = await bench.create(path, body);
      expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
      const { payment_no, gateway_order_no, gateway_trade_no, payment_url, payment_info } = made.json.data;
      const { pathname, search } = new URL(String(payment_url));
      return {
        paymentNo: String(payment_no),
        orderNo: String(gateway_order_no),
        intent: String(gateway_trade_no),
        page: pathname + search,
        info: payment_info as Record<string, unknown>,
      };
    },
    /** What the simulator knows about an order. */
    async simulated(number: string): Promise<Record<string, unknown>> {
      const response = await fetch(`${bench.app.gateway.url}/simulator/orders/${number}`);
      return response.json() as Promise<Record<string, unknown>>;
    },
    /** Only calls that make an intent are answered so. */
    answerCreates(answer: (request: Received) => Response | Promise<Response>): void {
      bench.app.gateway.answer = (request) => (request.path === INTENTS ? answer(request) : null);
    },
  };

  beforeAll(async () => {
    const app = await startApp({ gatewayTimeoutMs: 300, env: { PAYCORE_RATE_LIMIT: 'off' } });
    running = app;
    await fetch(`${app.gateway.url}/simulator/stripe/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...KEYS, webhook_url: `${app.url}/api/paycore/webhooks/stripe` }),
    });
  });
  afterAll(() => bench.app.stop());
  afterEach(() => {
    bench.app.gateway.answer = null;
    bench.app.gateway.received.length = 0;
  });
  return bench;
}
