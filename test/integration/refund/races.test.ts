import { describe, expect, test } from 'bun:test';
import { SEEN_EVERY_MS } from '../../../src/core/node.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { takeTime } from '../../support/clock.ts';
import { registerStripe, SIMULATED } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { keyed, never, useRefunds } from './bench.ts';

const { app, bench } = useRefunds();
const { pass, statuses } = bench;

describe('a refund that is told of before it is answered', () => {
  for (const gateway of ['stripe', 'paypal'] as const) {
    test(`is one refund: ${gateway}`, async () => {
      const sold = await bench.sellBy(gateway);
      const amount = bench.amountOf(gateway, 300);
      bench.interrupt(gateway, () =>
        takeTime(async () => {
          // The look that the callback asks for is made while our call waits.
          await bench.heard(sold.no);
          await app.refunds();
          expect(await statuses(sold.no)).toEqual(['succeeded']);
          return undefined;
        }),
      );
      expect(await bench.outcome(sold.no, { amount })).toEqual([201, amount, 'succeeded']);
      await pass(MINUTE);
      expect((await bench.list(sold.no)).map(({ source, status }) => [source, status])).toEqual([['api', 'succeeded']]);
      expect(await app.find(sold.no)).toMatchObject({ refunded_amount: amount, flags: [] });
      expect(await bench.events(sold.no)).toEqual(['refund.created', 'refund.settled']);
    });
  }

  test('beside one of the same amount that somebody makes at the desk: two refunds', async () => {
    const sold = await bench.sellBy('stripe');
    bench.interrupt('stripe', () =>
      takeTime(async () => {
        await app.simulate(sold.number, 'refund', { amount: 30_000 });
        await app.refunds();
        return undefined;
      }),
    );
    expect(await bench.outcome(sold.no, { amount: 30_000 })).toEqual([201, 30_000, 'succeeded']);
    await pass(MINUTE);
    expect((await bench.list(sold.no)).map(({ source, status }) => [source, status])).toEqual([
      ['api', 'succeeded'],
      ['gateway', 'succeeded'],
    ]);
    expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 60_000, flags: ['attention'] });
  });
});

test('a refund that the bank takes its time over is asked about until it is through', async () => {
  const sold = await bench.sellBy('stripe');
  // Only the answer says so; by the time of the look the bank is through.
  bench.interrupt('stripe', async (answer) =>
    Response.json({ ...((await answer.json()) as object), status: 'pending' }),
  );
  expect(await bench.outcome(sold.no, { amount: 30_000 })).toEqual([201, 30_000, 'pending']);
  expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 0 });
  expect(await bench.outcome(sold.no, { amount: 68_001 })).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
  await pass(9 * SECOND);
  expect(await statuses(sold.no)).toEqual(['succeeded']);
  expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 30_000, flags: [] });
});

describe('at the gateway’s own desk', () => {
  for (const [gateway, amount] of [
    ['stripe', 30_000],
    ['paypal', '300'],
  ] as const) {
    test(`a refund is found, put before a person and told to the shop: ${gateway}`, async () => {
      const sold = await bench.sellBy(gateway);
      await app.simulate(sold.number, 'refund', { amount });
      await pass(0);
      const [refund] = await bench.list(sold.no);
      expect(refund).toMatchObject({ source: 'gateway', status: 'succeeded', amount_decimal: '300.00', reason: '' });
      expect(await app.find(sold.no)).toMatchObject({
        status: 'paid',
        flags: ['attention'],
        refunded_amount: bench.amountOf(gateway, 300),
      });
      expect((await bench.told(sold.no)).map(({ event, flags }) => [event, flags])).toEqual([
        ['payment.attention', ['attention']],
        ['payment.refunded', ['attention']],
      ]);
      // Told again, it is still one.
      await app.simulate(sold.number, 'repeat');
      await pass(MINUTE);
      expect(await bench.list(sold.no)).toHaveLength(1);
      expect(await bench.outcome(sold.no)).toEqual([201, bench.amountOf(gateway, 680), 'succeeded']);
    });
  }

  test('a refund of what is not known as paid yet is found when it is', async () => {
    await registerStripe(app);
    const { json } = await app.create('stripe/credit', { amount: 98_000, gateway_credentials: SIMULATED.stripe });
    const [no, number] = [String(json.data.payment_no), String(json.data.gateway_order_no)];
    await app.simulate(number, 'pay', { callback: false });
    await app.simulate(number, 'refund', { amount: 5000 });
    await pass(0);
    expect([(await app.find(no)).status, await bench.list(no)]).toEqual(['pending', []]);
    expect(await app.deps.store.findNextRefundSync()).toBe(app.clock.now() + 9 * SECOND);
    await app.call(`/api/paycore/payments/${no}/sync`, {});
    await pass(9 * SECOND);
    expect(await app.find(no)).toMatchObject({ status: 'paid', refunded_amount: 5000 });
  });

  test('a dispute is put before a person, who is told if he wants to be', async () => {
    const sold = await bench.sellBy('stripe');
    await app.simulate(sold.number, 'dispute');
    await pass(0);
    expect(await app.find(sold.no)).toMatchObject({ status: 'paid', flags: ['attention'], refunded_amount: 0 });
    expect((await bench.told(sold.no)).map(({ event }) => event)).toEqual(['payment.attention']);
    await bench.wants();
    const quiet = await bench.sellBy('stripe');
    await app.simulate(quiet.number, 'dispute');
    expect((await app.find(quiet.no)).flags).toEqual(['attention']);
    expect(await bench.told(quiet.no)).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  test('gives the same answer again', async () => {
    const sold = await bench.sellBy('stripe');
    const first = await bench.refund(sold.no, { amount: 10_000 }, keyed('once'));
    const again = await bench.refund(sold.no, { amount: 10_000 }, keyed('once'));
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await bench.outcome(sold.no, { amount: 20_000 }, keyed('once'))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await bench.calls('stripe')).toBe(1);
  });

  test('finds a refund whose answer was lost, and pays back once', async () => {
    for (const gateway of ['stripe', 'paypal'] as const) {
      const sold = await bench.sellBy(gateway);
      const body = { amount: bench.amountOf(gateway, 100) };
      await bench.break(gateway, 'lost');
      const lost = await bench.refund(sold.no, body, keyed(`lost-${gateway}`));
      expect(lost.status).toBe(502);
      const found = await bench.refund(sold.no, body, keyed(`lost-${gateway}`));
      expect([found.status, found.json.message]).toEqual([200, 'Refund already exists']);
      expect(found.json.data).toMatchObject({ refund_no: String(lost.json.error.refund_no), status: 'succeeded' });
      expect(await bench.paidBack(gateway, sold)).toBe(100);
      expect(await bench.list(sold.no)).toHaveLength(1);
    }
  });

  test('does not ask again while the outcome is open, and asks anew when certainly nothing was done', async () => {
    const sold = await bench.sellBy('stripe');
    await bench.break('stripe', 'hang');
    const lost = await bench.refund(sold.no, {}, keyed('hung'));
    for (let n = 0; n < 3; n += 1) {
      const answer = await bench.refund(sold.no, {}, keyed('hung'));
      expect([answer.status, answer.json.error.error_code, answer.json.error.refund_no]).toEqual([
        504,
        'PAYMENT_GATEWAY_TIMEOUT',
        present(lost.json.error.refund_no),
      ]);
    }
    expect(await bench.calls('stripe')).toBe(1);
    for (const ms of [9 * SECOND, MINUTE, 5 * MINUTE]) await pass(ms);
    expect(await statuses(sold.no)).toEqual(['failed']);
    expect(await bench.outcome(sold.no, {}, keyed('hung'))).toEqual([201, 98_000, 'succeeded']);
    expect(await bench.paidBack('stripe', sold)).toBe(980);
  });

  test('of an ECPay refund that stays unknown never asks again', async () => {
    const sold = await bench.sellBy('ecpay');
    await bench.collect(sold);
    await bench.break('ecpay', 'lost');
    await bench.refund(sold.no, { amount: 100 }, keyed('ecpay'));
    for (let n = 0; n < 3; n += 1) {
      await pass(HOUR);
      expect(await bench.outcome(sold.no, { amount: 100 }, keyed('ecpay'))).toEqual([504, 'PAYMENT_GATEWAY_TIMEOUT']);
    }
    expect([await bench.calls('ecpay'), await bench.paidBack('ecpay', sold)]).toEqual([1, 100]);
  });

  test('holds for twenty at a time and after a restart', async () => {
    const sold = await bench.sellBy('stripe');
    const body = { amount: 10_000 };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => bench.outcome(sold.no, body, keyed('k'))));
    expect(new Set(outcomes.map(String))).toEqual(new Set(['201,10000,succeeded']));

    bench.interrupt('stripe', never);
    void bench.refund(sold.no, body, keyed('killed')).catch(() => {});
    while ((await bench.paidBack('stripe', sold)) < 200) await Bun.sleep(5);
    await app.restart();
    await registerStripe(app);
    // As soon as it is known that the process which began with it is gone.
    for (let n = 0; n < 5; n += 1) {
      app.clock.advance(SEEN_EVERY_MS);
      await app.program.jobs.nodes.run();
    }
    expect(await bench.outcome(sold.no, body, keyed('killed'))).toEqual([200, 10_000, 'succeeded']);
    expect([await bench.paidBack('stripe', sold), (await bench.list(sold.no)).length]).toEqual([200, 2]);
  });

  test('counts for good, and for one payment only', async () => {
    const [one, two] = [await bench.sellBy('stripe'), await bench.sellBy('stripe')];
    const body = { amount: 100 };
    expect(await bench.outcome(one.no, body, keyed('day'))).toEqual([201, 100, 'succeeded']);
    expect(await bench.outcome(two.no, body, keyed('day'))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    // Answers are kept for a day; what a key has paid back is known for longer.
    app.clock.advance(25 * HOUR);
    expect(await bench.outcome(one.no, { amount: 200 }, keyed('day'))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    app.clock.advance(25 * HOUR);
    expect(await bench.outcome(one.no, body, keyed('day'))).toEqual([200, 100, 'succeeded']);
    app.clock.advance(25 * HOUR);
    expect(await bench.outcome(two.no, body, keyed('day'))).toEqual([201, 100, 'succeeded']);
    expect([await bench.paidBack('stripe', one), await bench.paidBack('stripe', two)]).toEqual([1, 1]);
  });
});
