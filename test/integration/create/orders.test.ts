import { describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import type { Answer, TestApp } from '../../support/app.ts';
import { STAGE } from '../../support/app.ts';
import { chooseWay, startChoice } from '../../support/choice.ts';
import { pagePathOf } from '../../support/page-path.ts';

/** Whose an order number is: when money comes late, when two ask for it in two ways, when the first try came to nothing. */

async function withApp(work: (app: TestApp) => Promise<void>): Promise<void> {
  const apps: TestApp[] = [];
  try {
    await work(await startChoice(apps, { gatewayTimeoutMs: 300, env: { PAYCORE_RATE_LIMIT: 'off' } }));
  } finally {
    for (const app of apps) await app.stop();
  }
}

const noOf = ({ json }: Answer) => String(json.data.payment_no);
const conflictOf = ({ status, json }: Answer) => [status, json.error?.error_code, json.error?.payment_no];
const pathOf = (app: TestApp, { json }: Answer) => pagePathOf(app, json.data.payment_url);

describe('late money that has paid an order', () => {
  test('leaves its pending payment no further attempt, and a create a conflict that names the paid one', () =>
    withApp(async (app) => {
      const order = { merchant_order_no: 'LATE', expire_days: 1 };
      const old = await app.create('ecpay/atm', order);
      app.clock.advance(3 * DAY);
      await app.check();
      const pending = await app.create('ecpay/aio', { ...order, expire_days: 7 });
      expect([(await app.find(noOf(old))).status, pending.status]).toEqual(['expired', 201]);
      await app.simulate(String(old.json.data.gateway_order_no), 'pay');
      expect(await app.find(noOf(old))).toMatchObject({ status: 'paid', flags: ['late'] });

      const before = await app.rows.attemptsOf(noOf(pending));
      const pressed = await app.request(pathOf(app, pending).replace('?', '/go?'), { method: 'POST' });
      expect(await pressed.text()).not.toContain('MerchantTradeNo');
      expect(await app.rows.attemptsOf(noOf(pending))).toEqual(before);
      for (const route of ['ecpay/aio', 'ecpay/atm']) {
        const again = await app.create(route, { ...order, expire_days: 7 });
        expect(conflictOf(again)).toEqual([409, 'ORDER_CONFLICT', noOf(old)]);
      }
      const checkout = await app.call('/api/paycore/checkout', { merchant_order_no: 'LATE', amount: 980 });
      expect(conflictOf(checkout)).toEqual([409, 'ORDER_CONFLICT', noOf(old)]);
    }));
});

describe('a checkout and a direct create of one order', () => {
  const order = (no: string) => ({ merchant_order_no: no, amount: 980 });
  const direct = (app: TestApp, no: string) => app.create('ecpay/atm', { ...order(no), gateway_credentials: STAGE });
  const checkout = (app: TestApp, no: string) => app.call('/api/paycore/checkout', order(no));

  test('conflict, whichever came first, also when the payer has chosen the very same way', () =>
    withApp(async (app) => {
      const chosen = await checkout(app, 'CHOSEN');
      await chooseWay(app, pathOf(app, chosen), 'ecpay/atm');
      expect(await app.find(noOf(chosen))).toMatchObject({ gateway: 'ecpay', method: 'atm' });
      expect(conflictOf(await direct(app, 'CHOSEN'))).toEqual([409, 'ORDER_CONFLICT', noOf(chosen)]);
      expect((await checkout(app, 'CHOSEN')).json.data).toMatchObject({ created: false, payment_no: noOf(chosen) });

      const dearer = await app.call('/api/paycore/checkout', { ...order('CHOSEN'), currency: 'USD' });
      expect(conflictOf(dearer)).toEqual([409, 'ORDER_CONFLICT', noOf(chosen)]);

      const first = await direct(app, 'DIRECT');
      expect(conflictOf(await checkout(app, 'DIRECT'))).toEqual([409, 'ORDER_CONFLICT', noOf(first)]);
      expect((await direct(app, 'DIRECT')).json.data).toMatchObject({ created: false, payment_no: noOf(first) });
    }));
});

test('a repeat that finds the first try gone opens a new payment', () =>
  withApp(async (app) => {
    const order = { merchant_order_no: 'GONE' };
    app.gateway.answer = ({ path }) => (path.endsWith('GenPaymentCode') ? new Response('?', { status: 500 }) : null);
    const lost = await app.create('ecpay/cvs', order);
    app.clock.advance(9 * SECOND);
    await app.check();
    app.gateway.answer = null;
    // ECPay says for the second time that it does not know the order: now it is believed.
    app.clock.advance(9 * SECOND);
    const again = await app.create('ecpay/cvs', order);
    expect([again.status, again.json.data.created]).toEqual([201, true]);
    expect(noOf(again)).not.toBe(String(lost.json.error.payment_no));
    expect((await app.find(String(lost.json.error.payment_no))).status).toBe('failed');
  }));

test('an outcome that stays unknown is put before a person after exactly nine looks', () =>
  withApp(async (app) => {
    app.gateway.answer = () => new Response('?', { status: 500 });
    const lost = await app.create('ecpay/atm', { expire_days: 60 });
    const no = String(lost.json.error.payment_no);
    const flags = [];
    for (const wait of [10 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, DAY, DAY, DAY, DAY]) {
      flags.push((await app.find(no)).flags);
      app.clock.advance(wait);
      const before = app.gateway.received.length;
      await app.check();
      expect(app.gateway.received.length).toBe(before + 1);
    }
    expect(flags).toEqual(Array(9).fill([]));
    expect((await app.find(no)).flags).toEqual(['attention']);
  }));
