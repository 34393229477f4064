import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { type Answer, startApp, type TestApp } from '../../support/app.ts';
import { bodyFor } from '../../support/orders.ts';

/** Every route that names a payment, walked by the route table itself: a new one is in the walk as soon as it exists. */

interface Named {
  readonly method: string;
  readonly path: string;
}

let app: TestApp;
let named: readonly Named[];
/** One payment for each pair of route and key, so that none stands in another's way. */
let make: () => Promise<{ readonly paymentNo: string; readonly orderNo: string }>;

beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  named = new Elysia()
    .use(await app.program.open())
    .routes.map(({ method, path }) => ({ method, path }))
    .filter(({ path }) => /:payment/i.test(path));
  make = async () => {
    const { json } = await app.create('ecpay/ecpg', bodyFor('ecpay/ecpg'));
    return { paymentNo: String(json.data.payment_no), orderNo: String(json.data.merchant_order_no) };
  };
});
afterAll(() => app.stop());

const fill = (path: string, paymentNo: string): string =>
  path.replace(':locale', 'en').replace(':gateway', 'ecpay').replace(':paymentNo', paymentNo);

/** What the routes' bodies need besides; a body that is refused would hide whether the payment is seen. */
const BODY = { PayToken: 'TOKEN', amount: 1 };

async function ask({ method, path }: Named, paymentNo: string, key: string): Promise<Answer> {
  return app.call(fill(path, paymentNo), method === 'POST' ? BODY : undefined, { 'x-api-key': key });
}

const isApi = ({ path }: Named) => path.startsWith('/api/');
const isDesk = ({ path }: Named) => path.startsWith('/admin/');

describe('a payment is there for its own key only', () => {
  test('the walk has the routes that are known to name one, and no parameter that it does not fill', () => {
    const paths = named.map(({ method, path }) => `${method} ${path.replace('/api/paycore', '')}`);
    for (const known of [
      'GET /payments/:paymentNo',
      'POST /payments/:paymentNo/sync',
      'GET /payments/:paymentNo/events',
      'POST /payments/:paymentNo/cancel',
      'POST /payments/:paymentNo/notifications',
      'GET /payments/:paymentNo/refunds',
      'POST /payments/:paymentNo/refunds',
      'POST /pay/ecpay/ecpg/:paymentNo/create',
      'GET /:locale/pay/:paymentNo',
    ]) {
      expect(paths).toContain(known);
    }
    // Of the desk, whose people see every project, the walk is admin/walk.test.ts.
    for (const { path } of named.filter((one) => !isDesk(one))) expect(fill(path, 'PAY')).not.toContain(':');
  });

  test('another project’s key and the other kind of key get 404 from every route, and nothing changes', async () => {
    for (const route of named.filter(isApi)) {
      const { paymentNo } = await make();
      const before = await app.find(paymentNo);
      const events = await app.rows.count('events');
      const unknown = await ask(route, 'PAY202606220001ABCDEFGH', app.keys.test.api_key);
      for (const key of [app.keys.other.api_key, app.keys.live.api_key]) {
        const answer = await ask(route, paymentNo, key);
        expect([route, answer.status, answer.json.error.error_code]).toEqual([route, 404, 'PAYMENT_NOT_FOUND']);
        // As if it did not exist: the answer is the one for a number that nobody was given.
        expect(answer.text).toBe(unknown.text);
      }
      expect([route, (await app.rows.count('events')) - events]).toEqual([route, 0]);
      expect(await app.find(paymentNo)).toEqual(before);
    }
  });

  test('its own key gets something else from each of them', async () => {
    for (const route of named.filter(isApi)) {
      const { paymentNo } = await make();
      const { status } = await ask(route, paymentNo, app.keys.test.api_key);
      expect([route, status === 404 || status >= 500]).toEqual([route, false]);
    }
  });

  test('no key opens the payer’s pages: without the token they tell nothing about the payment', async () => {
    for (const route of named.filter((one) => !isApi(one) && !isDesk(one))) {
      const { paymentNo, orderNo } = await make();
      for (const key of [app.keys.test.api_key, app.keys.other.api_key]) {
        const { status, text } = await ask(route, paymentNo, key);
        // The way back from a gateway leads on, or says that one has come back; neither says to what.
        const wanted = /\/(ecpay|:gateway)\/return\//.test(route.path) ? [200, 303] : [404];
        expect([route, wanted.includes(status)]).toEqual([route, true]);
        expect(text).not.toContain(orderNo);
        expect(text).not.toContain('token=');
      }
    }
  });
});
