import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { inSiteHand } from '../../support/insite.ts';

/** The gateway's bad days, at each of the calls PayCore makes. */
const GATEWAY_TIMEOUT = 400;
/** A gateway that is slow would answer after this. */
const SLOW_SECONDS = 30;

let app: TestApp;
beforeEach(async () => {
  app = await startApp({ gatewayTimeoutMs: GATEWAY_TIMEOUT });
});
afterEach(() => app.stop());

async function breakGateway(route: string, kind: string, more: object = {}): Promise<void> {
  const response = await fetch(`${app.gateway.url}/simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ route, kind, times: 1, seconds: SLOW_SECONDS, ...more }),
  });
  expect(response.status).toBe(201);
}

async function countCalls(route: string): Promise<number> {
  const response = await fetch(`${app.gateway.url}/simulator/requests?route=${route}&limit=1000`);
  return ((await response.json()) as { requests: unknown[] }).requests.length;
}

/** Kind of fault → the error a caller gets, and whether the order was made at the gateway all the same. */
const UNCLEAR = [
  { kind: 'unavailable', code: 'PAYMENT_GATEWAY_ERROR', made: false },
  { kind: 'hang', code: 'PAYMENT_GATEWAY_TIMEOUT', made: false },
  { kind: 'slow', code: 'PAYMENT_GATEWAY_TIMEOUT', made: true },
  { kind: 'trickle', code: 'PAYMENT_GATEWAY_TIMEOUT', made: true },
  { kind: 'reset', code: 'PAYMENT_GATEWAY_ERROR', made: false },
  { kind: 'html', code: 'PAYMENT_GATEWAY_ERROR', made: false },
  { kind: 'half', code: 'PAYMENT_GATEWAY_ERROR', made: true },
  { kind: 'huge', code: 'PAYMENT_GATEWAY_ERROR', made: false },
  { kind: 'charset', code: 'PAYMENT_GATEWAY_ERROR', made: true },
  { kind: 'wrong-key', code: 'PAYMENT_GATEWAY_ERROR', made: true },
  { kind: 'other-order', code: 'PAYMENT_GATEWAY_ERROR', made: true },
  { kind: 'lost', code: 'PAYMENT_GATEWAY_ERROR', made: true },
] as const;

describe('a create whose gateway answer is no answer', () => {
  for (const { kind, code } of UNCLEAR) {
    test(`(${kind}) is ${code} in time, stays pending, and is settled without being issued twice`, async () => {
      await breakGateway('gen-payment-code', kind);
      const started = performance.now();
      const broken = await app.create('ecpay/cvs', { merchant_order_no: 'BAD-DAY' });
      expect(performance.now() - started).toBeLessThan((SLOW_SECONDS * 1000) / 2);
      expect(broken.json.error.error_code).toBe(code);
      const no = broken.json.error.payment_no ?? '';
      expect((await app.find(no)).status).toBe('pending');

      app.clock.advance(10_000);
      await app.check();
      app.clock.advance(MINUTE);
      await app.check();
      const settled = await app.find(no);
      const orders = await listOrders();
      if (settled.status === 'pending') {
        expect(settled.payment_info).toHaveProperty('payment_code');
        expect(orders).toEqual([settled.gateway_order_no as string]);
      } else {
        expect(settled.status).toBe('failed');
        expect(orders).toEqual([]);
      }
      expect(await countCalls('gen-payment-code')).toBe(1);

      const again = await app.create('ecpay/cvs', { merchant_order_no: 'BAD-DAY' });
      expect([200, 201]).toContain(again.status);
      expect((await listOrders()).length).toBe(1);
    });
  }

  test('(refuse) is the gateway’s own refusal, gives no number out and frees the order', async () => {
    await breakGateway('gen-payment-code', 'refuse');
    const refused = await app.create('ecpay/cvs', { merchant_order_no: 'NO' });
    expect(refused.status).toBe(422);
    expect(refused.json.error.error_code).toBe('ECPAY_BACKGROUND_CODE_FAILED');
    expect(refused.json.error.gateway?.code).toMatch(/^\d+$/);
    expect(refused.json.error.payment_no).toBeUndefined();
    expect((await app.create('ecpay/cvs', { merchant_order_no: 'NO' })).status).toBe(201);
  });

  test('(clock 11 minutes off) warns', async () => {
    await breakGateway('gen-payment-code', 'clock', { seconds: 660 });
    await app.create('ecpay/cvs');
    const ready = (await (await app.request('/readyz')).json()) as { checks: { clock: { warning?: boolean } } };
    expect(ready.checks.clock.warning).toBe(true);
  });
});

async function listOrders(): Promise<string[]> {
  const response = await fetch(`${app.gateway.url}/simulator/orders?limit=500`);
  const { orders } = (await response.json()) as { orders: { merchant_trade_no: string }[] };
  return orders.map((order) => order.merchant_trade_no);
}

describe('a query whose answer is no answer', () => {
  for (const { kind, code } of UNCLEAR) {
    test(`(${kind}) is ${code}, changes nothing, and the next one finds the money`, async () => {
      const made = await app.create('ecpay/cvs');
      const no = String(made.json.data.payment_no);
      await app.simulate(String(made.json.data.gateway_order_no), 'pay', { callback: false });
      await breakGateway('query-trade', kind);
      const broken = await app.call(`/api/paycore/payments/${no}/sync`, {});
      expect(broken.json.error.error_code).toBe(code);
      expect((await app.find(no)).status).toBe('pending');
      const next = await app.call(`/api/paycore/payments/${no}/sync`, {});
      expect(next.json.data.status).toBe('paid');
    });
  }

  test('of a cashier order (raw text with a wrong signature) is not believed', async () => {
    const made = await app.create('ecpay/aio/credit');
    const form = made.json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
    await app.simulate(String(form.fields.MerchantTradeNo), 'pay', { callback: false });
    const path = `/api/paycore/payments/${made.json.data.payment_no}/sync`;
    for (const kind of ['wrong-key', 'other-order', 'html', 'charset']) {
      await breakGateway('aio-query-trade', kind);
      expect((await app.call(path, {})).json.error.error_code).toBe('PAYMENT_GATEWAY_ERROR');
    }
    expect((await app.call(path, {})).json.data.status).toBe('paid');
  });
});

describe('an in-site payment whose answer is no answer', () => {
  for (const { kind, code, made: charged } of UNCLEAR) {
    test(`(${kind}) is ${code}, and the card is charged at most once`, async () => {
      const hand = inSiteHand(app);
      const made = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
      const no = String(made.json.data.payment_no);
      const page = String(made.json.data.payment_url).slice(app.url.length);
      const payToken = await hand.fillIn(page);
      await breakGateway('create-payment', kind);
      const broken = await hand.press(page, payToken);
      expect(broken.json.error?.error_code).toBe(code);
      expect(broken.json.error?.payment_no).toBe(no);
      // Pressed again at once: what became of the first press is asked for, nothing is charged again.
      await hand.press(page, payToken);
      expect(await countCalls('create-payment')).toBe(1);

      app.clock.advance(10_000);
      await app.check();
      app.clock.advance(MINUTE);
      await app.check();
      // A bank may be slow: "not found" is not believed within the first minutes, however often the page is opened.
      await hand.openForm(page);
      expect((await app.find(no)).gateway_order_no).toBe(made.json.data.gateway_order_no);
      app.clock.advance(5 * MINUTE);
      await app.check();
      app.clock.advance(MINUTE);
      const settled = await app.find(no);
      expect(settled.status).toBe(charged ? 'paid' : 'pending');
      if (charged) return;
      const again = await hand.press(page, await hand.fillIn(page));
      expect(again.json.data?.status).toBe('paid');
    });
  }
});

test('while 50 calls hang, others are answered at once', async () => {
  await app.stop();
  app = await startApp({ gatewayTimeoutMs: 3000 });
  await breakGateway('gen-payment-code', 'hang', { times: 50 });
  const ready = await app.create('ecpay/aio/credit');
  const path = `/api/paycore/payments/${ready.json.data.payment_no}`;
  let ended = 0;
  const hanging = Array.from({ length: 50 }, async (_, n) => {
    const answer = await app.create('ecpay/cvs', { merchant_order_no: `HANG-${n}` });
    ended += 1;
    return answer;
  });
  while ((await countCalls('gen-payment-code')) === 0) await Bun.sleep(5);
  for (let n = 0; n < 100; n++) expect((await app.call(path)).status).toBe(200);
  expect(ended).toBe(0);
  const answers = await Promise.all(hanging);
  expect(answers.every((answer) => answer.status === 504)).toBe(true);
});
