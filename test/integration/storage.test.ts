import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { exampleOrder, startApp, type TestApp } from '../support/app.ts';

/** A database that cannot be written: the disk is full, or somebody made the folder read-only. */
let app: TestApp;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.stop());

interface Trouble {
  begin(): void;
  end(): void;
}

const TROUBLES: Record<string, () => Trouble> = {
  'is read-only': () => ({
    begin: () => app.sql.run('PRAGMA query_only = ON'),
    end: () => app.sql.run('PRAGMA query_only = OFF'),
  }),
  'is full': () => ({
    begin() {
      const { page_count } = app.sql.query<{ page_count: number }, []>('PRAGMA page_count').get() ?? { page_count: 0 };
      app.sql.run(`PRAGMA max_page_count = ${page_count}`);
      // The pages that are there still have some room.
      for (let i = 0; i < 10_000; i++) {
        try {
          app.sql.run(
            "INSERT INTO strays (gateway, address, reason, content_type, body, received_at) VALUES ('x', '', '', '', zeroblob(1200), 0)",
          );
        } catch (e) {
          console.log(i, e, app.sql.query('PRAGMA max_page_count').get(), app.sql.query('PRAGMA page_count').get());
          return;
        }
      }
    },
    end() {
      app.sql.run('PRAGMA max_page_count = 1000000');
      app.sql.run("DELETE FROM strays WHERE gateway = 'x'");
    },
  }),
};

for (const [what, make] of Object.entries(TROUBLES)) {
  describe(`while the database ${what}`, () => {
    test('a callback is answered 503, so that the gateway comes again; then nothing is lost', async () => {
      const trouble = make();
      const made = await Promise.all(Array.from({ length: 20 }, () => app.create('ecpay/atm')));
      const orders = made.map(({ json }) => String(json.data.gateway_order_no));
      trouble.begin();
      const tries = await Promise.all(orders.map((order) => app.simulate(order, 'pay')));
      for (const { callbacks } of tries) {
        const [first] = callbacks as { status: number; answer: string; acknowledged: boolean }[];
        expect([first?.status, first?.acknowledged]).toEqual([503, false]);
        expect(first?.answer).toStartWith('0|');
      }
      for (const { json } of made) {
        expect(await app.find(String(json.data.payment_no))).toMatchObject({ status: 'pending', flags: [] });
      }
      expect(app.count('outbox')).toBe(0);
      trouble.end();
      for (const order of orders) {
        const again = (await app.simulate(order, 'repeat')).callbacks as { status: number; answer: string }[];
        expect(again.at(-1)).toMatchObject({ status: 200, answer: '1|OK' });
      }
      for (const { json } of made) {
        expect(await app.find(String(json.data.payment_no))).toMatchObject({ status: 'paid', flags: [] });
      }
      await app.deliver();
      expect(app.shop.received.length).toBe(20);
    });

    test('a create is answered 503 in the shape of the API and nobody is called; afterwards the order is free', async () => {
      const trouble = make();
      const order = exampleOrder(app.shop.url);
      await app.create('ecpay/aio');
      trouble.begin();
      app.gateway.received.length = 0;
      for (const headers of [{}, { 'idempotency-key': 'full' }]) {
        const { status, json } = await app.create('ecpay/atm', order, headers);
        expect([status, json.error as object]).toEqual([503, { error_code: 'STORAGE_UNAVAILABLE' }]);
      }
      expect(app.gateway.received).toEqual([]);
      trouble.end();
      const made = await app.create('ecpay/atm', order, { 'idempotency-key': 'full' });
      expect([made.status, made.headers.get('idempotent-replayed')]).toEqual([201, null]);
    });

    test('reading goes on, readiness says no, and pages that must write say so on a page', async () => {
      const trouble = make();
      const { json } = await app.create('ecpay/aio');
      const { pathname, search } = new URL(String(json.data.payment_url));
      expect((await app.request('/readyz')).status).toBe(200);
      trouble.begin();
      expect((await app.call(`/api/paycore/payments/${json.data.payment_no}`)).status).toBe(200);
      expect((await app.request(pathname + search)).status).toBe(200);
      expect((await app.request('/healthz')).status).toBe(200);
      const go = await app.request(`${pathname}/go${search}`, { method: 'POST' });
      expect([go.status, go.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
      if (what === 'is read-only') expect((await app.request('/readyz')).status).toBe(503);
      trouble.end();
      expect((await app.request('/readyz')).status).toBe(200);
      expect((await app.request(`${pathname}/go${search}`, { method: 'POST' })).status).toBe(200);
    });
  });
}

test('what a gateway answered is not lost when the database goes away in that very moment', async () => {
  const order = exampleOrder(app.shop.url);
  app.gateway.answer = ({ path }) => {
    if (path.endsWith('GenPaymentCode')) app.sql.run('PRAGMA query_only = ON');
    return null;
  };
  const { status } = await app.create('ecpay/atm', order);
  expect(status).toBe(503);
  app.gateway.answer = null;
  app.sql.run('PRAGMA query_only = OFF');
  const row = app.sql
    .query<{ payment_no: string; status: string; gateway_order_no: string }, []>(
      'SELECT payment_no, attempts.status, gateway_order_no FROM payments JOIN attempts ON payment_id = payments.id',
    )
    .get();
  expect(row?.status).toBe('unknown');
  await app.simulate(row?.gateway_order_no ?? '', 'pay');
  expect(await app.find(row?.payment_no ?? '')).toMatchObject({ status: 'paid', flags: [] });
});
