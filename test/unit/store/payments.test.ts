import { describe, expect, test } from 'bun:test';
import { MAX_ATTEMPTS } from '../../../src/core/attempt.ts';
import { PAYMENT_NO } from '../../../src/core/ids.ts';
import { DAY, HOUR } from '../../../src/core/time.ts';
import { QUARTER } from '../../../src/store/counters.ts';
import { present, rejection } from '../../support/parts.ts';
import { addProject, applyFacts, newAttempt, openPayment, paid, reload } from '../../support/payments.ts';
import { attachTestStore, openTestStore, type TestStore } from '../../support/store.ts';

describe('opening a payment', () => {
  test('stores payment and first attempt and gives back exactly what a later read finds', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const order = { itemName: '茶壺 🍵', metadata: { ['__proto__']: 'x', a: 'b' }, payokUrl: 'https://shop.example/' };
    const opened = await openPayment(t, project, { order }, { status: 'unknown' });
    expect(opened.created).toBe(true);
    expect(opened.payment.paymentNo).toMatch(PAYMENT_NO);
    expect(opened.payment).toMatchObject({ status: 'pending', flags: [], reason: null, paidAt: null, amount: 98_000 });
    expect(opened.attempt).toMatchObject({ status: 'unknown', instructions: null, gatewayTradeNo: null });
    expect(await reload(t, opened.payment.paymentNo)).toEqual({ payment: opened.payment, attempt: opened.attempt });
    expect(await t.store.findByGatewayOrderNo('ecpay', opened.attempt.gatewayOrderNo)).toEqual({
      payment: opened.payment,
      attempt: opened.attempt,
    });
    expect((await t.store.listEvents(opened.payment.id)).map((event) => event.type)).toEqual([
      'payment.created',
      'attempt.opened',
    ]);
  });

  test('the same order again gives the payment there is and opens no attempt', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const first = await openPayment(t, project);
    const again = await openPayment(t, project, { amount: 5 });
    expect(again).toEqual({ payment: first.payment, attempt: first.attempt, created: false });
    expect(await t.rows.count('attempts')).toBe(1);
  });

  test('of many creates of one order at once exactly one is new', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const opened = await Promise.all(Array.from({ length: 20 }, () => openPayment(t, project)));
    expect(opened.filter((one) => one.created)).toHaveLength(1);
    expect(new Set(opened.map((one) => one.payment.paymentNo)).size).toBe(1);
  });

  test('an order is one per project, kind of key and livemode', async () => {
    await using t = await openTestStore();
    const [one, two] = [await addProject(t, 'one'), await addProject(t, 'two')];
    const opened = [
      await openPayment(t, one),
      await openPayment(t, two),
      await openPayment(t, one, { keyKind: 'live' }),
      await openPayment(t, one, { keyKind: 'live', livemode: true }),
      await openPayment(t, one, { merchantOrderNo: 'order-1' }),
    ];
    expect(opened.map((each) => each.created)).toEqual([true, true, true, true, true]);
  });

  for (const reason of ['EXPIRED', 'GATEWAY_REFUSED', 'CANCELLED'] as const) {
    test(`an order whose payment ended as ${reason} is free again`, async () => {
      await using t = await openTestStore();
      const project = await addProject(t);
      const first = await openPayment(t, project);
      await applyFacts(t, first.attempt.id, [{ type: 'ended', reason }]);
      const second = await openPayment(t, project);
      expect(second.created).toBe(true);
      expect(second.payment.paymentNo).not.toBe(first.payment.paymentNo);
      expect((await openPayment(t, project)).payment.paymentNo).toBe(second.payment.paymentNo);
    });
  }

  test('a paid order stays taken', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const first = await openPayment(t, project);
    await applyFacts(t, first.attempt.id, [paid()]);
    const again = await openPayment(t, project);
    expect(again).toMatchObject({ created: false, payment: { status: 'paid', paymentNo: first.payment.paymentNo } });
  });

  test('money that comes late for an expired payment takes the order again', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const first = await openPayment(t, project);
    await applyFacts(t, first.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    await applyFacts(t, first.attempt.id, [paid()]);
    const again = await openPayment(t, project);
    expect(again).toMatchObject({ created: false, payment: { status: 'paid', flags: ['late'] } });
  });

  test('when both the expired and the new payment of an order are paid, both are kept and the second is a duplicate', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const first = await openPayment(t, project);
    await applyFacts(t, first.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    const second = await openPayment(t, project);
    await applyFacts(t, first.attempt.id, [paid({ tradeNo: 'A' })]);
    expect((await openPayment(t, project)).payment.paymentNo).toBe(first.payment.paymentNo);
    await applyFacts(t, second.attempt.id, [paid({ tradeNo: 'B' })]);
    expect((await reload(t, first.payment.paymentNo)).payment).toMatchObject({ status: 'paid', flags: ['late'] });
    expect((await reload(t, second.payment.paymentNo)).payment).toMatchObject({
      status: 'paid',
      flags: ['duplicate', 'attention'],
    });
    expect(await t.rows.outbox({ event: 'payment.paid' })).toHaveLength(2);
  });

  test('numbers count up from 1 each day of Taipei', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const numberAt = async (ms: number) => {
      const { payment } = await openPayment(t, project, { now: ms, merchantOrderNo: `at ${ms}` });
      return payment.paymentNo.slice(3, 15);
    };
    const midnight = Date.UTC(2026, 5, 22, 16, 0, 0);
    expect(await numberAt(midnight - 2 * HOUR)).toBe('202606220001');
    expect(await numberAt(midnight - 1)).toBe('202606220002');
    expect(await numberAt(midnight)).toBe('202606230001');
    expect(await numberAt(midnight - 3)).toBe('202606220003');
    await t.tamper.setLastPayment('20260623', 9999);
    // A process that has taken none yet.
    await using other = await attachTestStore(t.place, 'other', t.clock);
    const { payment } = await openPayment(other, project, { now: midnight + 1, merchantOrderNo: 'many' });
    expect(payment.paymentNo).toMatch(/^PAY2026062310000[A-Z]{8}$/);
    expect(payment.paymentNo).toMatch(PAYMENT_NO);
  });

  test('a create that fails leaves nothing behind, and takes no number where one process numbers alone', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { attempt } = await openPayment(t, project);
    const twin = openPayment(t, project, { merchantOrderNo: 'O2' }, { gatewayOrderNo: attempt.gatewayOrderNo });
    expect(await rejection(twin)).toMatchObject({
      message: 'every number drawn for an attempt of payment 2 at ecpay is taken',
    });
    expect(await t.rows.count('payments')).toBe(1);
    const next = (await openPayment(t, project, { merchantOrderNo: 'O3' })).payment.paymentNo.slice(11, 15);
    expect(next).toBe(t.store.isShared ? '0003' : '0002');
  });

  test('an amount of nothing and an unknown project are refused by the schema itself', async () => {
    await using t = await openTestStore({ engine: 'sqlite' });
    const project = await addProject(t);
    expect(await rejection(openPayment(t, project, { amount: 0 }))).toMatchObject({ code: 'SQLITE_CONSTRAINT_CHECK' });
    expect(await rejection(openPayment(t, project, { projectId: 99 }))).toMatchObject({
      code: 'SQLITE_CONSTRAINT_FOREIGNKEY',
    });
  });
});

describe('further attempts', () => {
  test('the newest is the current one and older ones are still found', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { payment, attempt } = await openPayment(t, project);
    const next = present(await t.store.openAttempt(payment.id, newAttempt(t, project), t.clock.now()));
    expect((await reload(t, payment.paymentNo)).attempt?.id).toBe(next.id);
    expect((await t.store.findByGatewayOrderNo('ecpay', attempt.gatewayOrderNo))?.attempt.id).toBe(attempt.id);
    expect((await reload(t, payment.paymentNo)).payment.revision).toBeGreaterThan(payment.revision);
  });

  test('there are at most fifty of one payment', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { payment } = await openPayment(t, project);
    const opened = await Promise.all(
      Array.from({ length: MAX_ATTEMPTS + 5 }, () => t.store.openAttempt(payment.id, newAttempt(t, project), 1)),
    );
    expect(opened.filter((one) => one !== null)).toHaveLength(MAX_ATTEMPTS - 1);
  });

  test('a payment that is paid, failed, expired or unknown gets none', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    for (const [index, fact] of [
      paid(),
      { type: 'ended', reason: 'EXPIRED' } as const,
      { type: 'ended', reason: 'CANCELLED' } as const,
    ].entries()) {
      const { payment, attempt } = await openPayment(t, project, { merchantOrderNo: `O${index}` });
      await applyFacts(t, attempt.id, [fact]);
      expect(await t.store.openAttempt(payment.id, newAttempt(t, project), 1)).toBeNull();
    }
    expect(await t.store.openAttempt(999, newAttempt(t, project), 1)).toBeNull();
  });
});

describe('finding by number', () => {
  test('numbers at the gateway are compared letter by letter', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    await openPayment(t, project, {}, { gatewayOrderNo: 'PC260622ABCDEFGHIJKL' });
    for (const wrong of [
      'pc260622abcdefghijkl',
      'PC260622ABCDEFGHIJK',
      'PC260622ABCDEFGHIJKL ',
      'PC260622ABCDEFGHIJK%',
      '',
    ]) {
      expect(await t.store.findByGatewayOrderNo('ecpay', wrong)).toBeNull();
    }
    expect(await t.store.findByGatewayOrderNo('smilepay', 'PC260622ABCDEFGHIJKL')).toBeNull();
    expect(await t.store.findByGatewayOrderNo('ecpay', 'PC260622ABCDEFGHIJKL')).not.toBeNull();
  });

  test('payment numbers are compared letter by letter', async () => {
    await using t = await openTestStore();
    const { payment } = await openPayment(t, await addProject(t));
    expect(await t.store.findPayment(payment.paymentNo.toLowerCase())).toBeNull();
    expect((await t.store.findPayment(payment.paymentNo))?.payment.id).toBe(payment.id);
  });

  test('two cases of one number can live side by side', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const upper = await openPayment(t, project, { merchantOrderNo: 'U' }, { gatewayOrderNo: 'ABC' });
    const lower = await openPayment(t, project, { merchantOrderNo: 'L' }, { gatewayOrderNo: 'abc' });
    expect((await t.store.findByGatewayOrderNo('ecpay', 'abc'))?.payment.id).toBe(lower.payment.id);
    expect((await t.store.findByGatewayOrderNo('ecpay', 'ABC'))?.payment.id).toBe(upper.payment.id);
  });
});

describe('sums', () => {
  async function sell(t: TestStore) {
    const [one, two] = [await addProject(t, 'one'), await addProject(t, 'two')];
    let order = 0;
    const pay = async (project: typeof one, change: object, at: number) => {
      t.clock.set(at);
      const opened = await openPayment(t, project, { merchantOrderNo: `O${order++}`, ...change });
      const { amount, currency } = opened.payment;
      await applyFacts(t, opened.attempt.id, [paid({ amount, currency })]);
    };
    const live = { keyKind: 'live', livemode: true, environment: 'production' } as const;
    await pay(one, { ...live, amount: 100 }, 10 * DAY);
    await pay(one, { ...live, amount: 200 }, 11 * DAY - 1);
    await pay(one, { ...live, amount: 400 }, 11 * DAY);
    await pay(one, { ...live, amount: 5, currency: 'USD' }, 10 * DAY + 1);
    await pay(two, { ...live, amount: 800 }, 10 * DAY);
    await pay(one, { amount: 1600 }, 10 * DAY);
    await pay(one, { keyKind: 'live', livemode: false, amount: 3200 }, 10 * DAY);
    await openPayment(t, one, { ...live, merchantOrderNo: 'open', amount: 6400 });
    return { one, two };
  }

  test('count what was paid from the first instant up to the last, by currency, and only real money for live', async () => {
    await using t = await openTestStore();
    const { one } = await sell(t);
    const scope = { projectId: one.projectId, keyKind: 'live' } as const;
    expect(await t.store.sumPaid(scope, 10 * DAY, 11 * DAY)).toEqual([
      { currency: 'TWD', amount: 300, count: 2 },
      { currency: 'USD', amount: 5, count: 1 },
    ]);
    expect((await t.store.sumPaid({ projectId: null, keyKind: 'live' }, 10 * DAY, 11 * DAY))[0]).toEqual({
      currency: 'TWD',
      amount: 1100,
      count: 3,
    });
    expect(await t.store.sumPaid({ ...scope, keyKind: 'test' }, 0, 20 * DAY)).toEqual([
      { currency: 'TWD', amount: 1600, count: 1 },
    ]);
    expect(await t.store.sumPaid(scope, 12 * DAY, 13 * DAY)).toEqual([]);
  });

  test('counts by status and the newest payments stay inside their scope', async () => {
    await using t = await openTestStore();
    const { one } = await sell(t);
    const scope = { projectId: one.projectId, keyKind: 'live' } as const;
    expect(await t.store.countByStatus(scope)).toEqual({ paid: 4, pending: 1 });
    expect((await t.store.listRecent(scope, 2)).map((payment) => payment.amount)).toEqual([400, 200]);
    expect((await t.store.listRecent({ ...scope, keyKind: 'test' }, 9)).map((payment) => payment.amount)).toEqual([
      1600,
    ]);
  });

  test('money is summed by the time of payment, not of creation or receipt', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const opened = await openPayment(t, project);
    await applyFacts(t, opened.attempt.id, [paid({ paidAt: '2026-06-20T10:00:00+08:00' })]);
    const at = Date.UTC(2026, 5, 20, 2);
    expect(await t.store.sumPaid({ projectId: null, keyKind: 'test' }, at, at + QUARTER)).toHaveLength(1);
    expect(await t.store.sumPaid({ projectId: null, keyKind: 'test' }, at - DAY, at)).toEqual([]);
    expect(await t.store.sumPaid({ projectId: null, keyKind: 'test' }, at + QUARTER, 2 ** 30 * QUARTER)).toEqual([]);
  });
});
