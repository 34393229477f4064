import { describe, expect, test } from 'bun:test';
import { present, rejection } from '../../support/parts.ts';
import {
  ATM,
  addProject,
  applyFacts,
  callbackOf,
  newAttempt,
  openPayment,
  paid,
  reload,
} from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

async function open(t: TestStore, change: Parameters<typeof openPayment>[2] = {}, events?: string) {
  const project = await addProject(t, 'shop', events);
  return { project, ...(await openPayment(t, project, change)) };
}

const listInbox = async (t: TestStore) =>
  (await t.rows.inbox()).map(({ seen, outcome, body }) => ({ seen, outcome, body: Buffer.from(body).toString() }));

const eventTypes = async (t: TestStore, paymentId: number) =>
  (await t.store.listEvents(paymentId)).map((event) => event.type);

describe('a paid fact', () => {
  test('changes payment, attempt, timeline and outbox in one go', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    t.clock.advance(1000);
    const outcome = await applyFacts(t, attempt.id, [paid({ paidAt: '2026-06-22T15:29:00+08:00', channel: 'ATM' })], {
      callback: callbackOf('RtnCode=1'),
    });
    expect(outcome).toMatchObject({ verdict: 'applied', notified: true });
    expect(outcome.payment).toMatchObject({
      status: 'paid',
      paidAt: Date.parse('2026-06-22T15:29:00+08:00'),
      flags: [],
    });
    expect(outcome.attempt).toMatchObject({ status: 'paid', gatewayTradeNo: 'T1' });
    expect(await reload(t, payment.paymentNo)).toEqual({ payment: outcome.payment, attempt: outcome.attempt });
    expect(await eventTypes(t, payment.id)).toEqual([
      'payment.created',
      'attempt.opened',
      'callback.accepted',
      'payment.paid',
    ]);
    const told = await t.rows.outbox();
    expect(told).toHaveLength(1);
    expect(told).toMatchObject([
      {
        event: 'payment.paid',
        url: 'https://shop.example/payok',
        target: '1 https://shop.example',
        state: 'pending',
        dueAt: t.clock.now(),
        tries: 0,
        leased: false,
      },
    ]);
    const body = JSON.parse(told[0]?.body ?? '');
    expect(body).toMatchObject({
      event: 'payment.paid',
      status: 'paid',
      gateway_trade_no: 'T1',
      amount: 980,
      livemode: false,
    });
  });

  test('without a time of its own, or with one that is no time, is paid when it was received', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    const outcome = await applyFacts(t, attempt.id, [paid({ paidAt: 'yesterday' })]);
    expect(outcome.payment.paidAt).toBe(t.clock.now());
  });

  test('of a payment without payok_url tells nobody', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t, { order: {} });
    expect((await applyFacts(t, attempt.id, [paid()])).notified).toBe(false);
    expect(await t.rows.count('outbox')).toBe(0);
  });

  test('is told to a shop that asks for nothing more, other events are not', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t, {}, 'payment.expired');
    await applyFacts(t, attempt.id, [paid(), paid({ tradeNo: 'T2' })]);
    expect((await t.rows.outbox()).map(({ event }) => event)).toEqual(['payment.paid']);
  });

  test('overrides the trade number that came with the instructions, so that its repetition is no duplicate', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    await applyFacts(t, attempt.id, [{ type: 'instructions', instructions: ATM, tradeNo: 'ISSUE' }]);
    await applyFacts(t, attempt.id, [paid({ tradeNo: 'PAY' })]);
    const again = await applyFacts(t, attempt.id, [paid({ tradeNo: 'PAY' })]);
    expect(again.verdict).toBe('ignored');
    expect(again.payment.flags).toEqual([]);
    expect(again.attempt.gatewayTradeNo).toBe('PAY');
  });

  test('without a trade number takes the one that comes next, and a third is a duplicate', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    const { tradeNo: _tradeNo, ...nameless } = paid();
    await applyFacts(t, attempt.id, [nameless]);
    const named = await applyFacts(t, attempt.id, [paid({ tradeNo: 'T1' })]);
    expect(named).toMatchObject({ attempt: { gatewayTradeNo: 'T1' }, payment: { flags: [] }, notified: false });
    const second = await applyFacts(t, attempt.id, [paid({ tradeNo: 'T2' })]);
    expect(second.payment.flags).toEqual(['duplicate', 'attention']);
  });

  test('after the payment failed clears the reason of the failure', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    await applyFacts(t, attempt.id, [{ type: 'ended', reason: 'CANCELLED' }]);
    const outcome = await applyFacts(t, attempt.id, [paid()]);
    expect(outcome.payment).toMatchObject({ status: 'paid', flags: ['late'], reason: null });
  });

  test('on an older attempt makes that attempt the current one', async () => {
    await using t = await openTestStore();
    const { project, payment, attempt } = await open(t);
    await t.store.openAttempt(payment.id, newAttempt(t, project), t.clock.now());
    await applyFacts(t, attempt.id, [paid()]);
    expect((await reload(t, payment.paymentNo)).attempt?.id).toBe(attempt.id);
  });
});

describe('how it was paid', () => {
  const details = { type: 'details', details: { card: { last4: '2222' } } } as const;

  test('is learnt of what was cancelled here, which is asked about a last time all the same', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    const now = t.clock.now();
    const makeWebhookId = () => 'msg_1';
    await t.store.cancelPayment({ paymentId: payment.id, by: { type: 'api_key', id: 1 }, now, makeWebhookId });
    const told = await applyFacts(t, attempt.id, [details]);
    expect(told.attempt.paidDetails).toEqual(details.details);
    expect(await t.store.findAttempt(attempt.id)).toMatchObject({ status: 'ended', checkAt: now });
  });

  test('is learnt of an unknown outcome, which is settled as soon as before', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { attempt } = await openPayment(t, project, {}, { status: 'unknown' });
    const now = t.clock.now();
    const plan = { checkAt: now + 9000, syncTries: 1, notFoundCount: 0, endsCall: true } as const;
    await t.store.planSync({ attemptId: attempt.id, ...plan }, now);
    t.clock.advance(1000);
    const before = present(await t.store.findAttempt(attempt.id));
    const told = await applyFacts(t, attempt.id, [details]);
    expect(told.attempt).toEqual({ ...before, paidDetails: details.details });
  });
});

describe('instructions', () => {
  test('are stored with the gateway’s own deadline and settle an unknown outcome', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { attempt } = await openPayment(t, project, {}, { status: 'unknown' });
    const outcome = await applyFacts(t, attempt.id, [{ type: 'instructions', instructions: ATM, tradeNo: 'T9' }]);
    expect(outcome.attempt).toMatchObject({
      status: 'open',
      instructions: ATM,
      gatewayTradeNo: 'T9',
      deadline: Date.parse('2026-06-29T23:59:59+08:00'),
    });
    expect(outcome.payment.status).toBe('pending');
    expect(outcome.notified).toBe(false);
  });

  test('that are for another amount are rejected and not stored', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    const outcome = await applyFacts(t, attempt.id, [{ type: 'instructions', instructions: ATM, amount: 97_900 }]);
    expect(outcome).toMatchObject({ verdict: 'rejected', reason: 'amount', attempt: { instructions: null } });
    expect(outcome.payment.flags).toEqual(['mismatch', 'attention']);
  });
});

describe('the same callback again', () => {
  test('only counts: nothing of payment, attempt, timeline or outbox changes', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    const callback = callbackOf('paid');
    const first = await applyFacts(t, attempt.id, [paid()], { callback });
    const events = await t.store.listEvents(payment.id);
    t.clock.advance(60_000);
    const again = await applyFacts(t, attempt.id, [paid()], { callback });
    expect(again).toMatchObject({ verdict: 'ignored', notified: false });
    expect(await reload(t, payment.paymentNo)).toEqual({ payment: first.payment, attempt: first.attempt });
    expect(await t.store.listEvents(payment.id)).toEqual(events);
    expect(await listInbox(t)).toEqual([{ seen: 2, outcome: 'applied', body: 'paid' }]);
  });

  test('a second trade number is a duplicate once, however often its bytes come', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    await applyFacts(t, attempt.id, [paid()], { callback: callbackOf('one') });
    await applyFacts(t, attempt.id, [paid({ tradeNo: 'T2' })], { callback: callbackOf('two') });
    const before = await reload(t, payment.paymentNo);
    for (let time = 0; time < 3; time++) {
      await applyFacts(t, attempt.id, [paid({ tradeNo: 'T2' })], { callback: callbackOf('two') });
    }
    expect(await reload(t, payment.paymentNo)).toEqual(before);
    expect(await t.rows.outbox({ event: 'payment.duplicate' })).toHaveLength(1);
  });

  test('an old number that is replayed does not replace a newer one', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    const old = { ...ATM, virtualAccount: '1111111111111111' };
    await applyFacts(t, attempt.id, [{ type: 'instructions', instructions: old }], { callback: callbackOf('old') });
    await applyFacts(t, attempt.id, [{ type: 'instructions', instructions: ATM }], { callback: callbackOf('new') });
    const replay = await applyFacts(t, attempt.id, [{ type: 'instructions', instructions: old }], {
      callback: callbackOf('old'),
    });
    expect(replay.attempt.instructions).toEqual(ATM);
  });

  test('a callback that was refused for its merchant is judged anew once the credentials are right', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    const callback = callbackOf('paid');
    const now = t.clock.now();
    const makeWebhookId = () => 'msg_1';
    const mismatch = { attemptId: attempt.id, reason: 'ECPay MerchantID mismatch.', callback, now, makeWebhookId };
    await t.store.flagMismatch(mismatch);
    await t.store.flagMismatch(mismatch);
    expect((await reload(t, payment.paymentNo)).payment).toMatchObject({
      status: 'pending',
      flags: ['mismatch', 'attention'],
    });
    expect(await eventTypes(t, payment.id)).toEqual(['payment.created', 'attempt.opened', 'callback.refused']);
    const outcome = await applyFacts(t, attempt.id, [paid()], { callback });
    expect(outcome.payment.status).toBe('paid');
    expect((await eventTypes(t, payment.id)).slice(3)).toEqual(['callback.accepted', 'payment.paid']);
    expect(await listInbox(t)).toMatchObject([{ seen: 3, outcome: 'applied' }]);
  });

  test('the same bytes for another attempt are another callback', async () => {
    await using t = await openTestStore();
    const { project, payment, attempt } = await open(t);
    const next = present(await t.store.openAttempt(payment.id, newAttempt(t, project), 1));
    const note = { type: 'note', code: '2', message: '' } as const;
    await applyFacts(t, attempt.id, [note], { callback: callbackOf('same') });
    await applyFacts(t, next.id, [note], { callback: callbackOf('same') });
    expect((await listInbox(t)).map(({ seen }) => seen)).toEqual([1, 1]);
  });
});

describe('a wrong amount', () => {
  test('is refused and kept, flags once, alerts once and appears in the timeline once', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    for (const body of ['a', 'a', 'b']) {
      const outcome = await applyFacts(t, attempt.id, [paid({ amount: 97_900 })], { callback: callbackOf(body) });
      expect(outcome).toMatchObject({ verdict: 'rejected', reason: 'amount' });
    }
    expect((await reload(t, payment.paymentNo)).payment).toMatchObject({
      status: 'pending',
      flags: ['mismatch', 'attention'],
    });
    expect((await t.rows.outbox()).map(({ event, about }) => [event, about])).toEqual([
      ['payment.attention', 'amount'],
    ]);
    expect(await listInbox(t)).toMatchObject([
      { seen: 2, outcome: 'rejected' },
      { seen: 1, outcome: 'rejected' },
    ]);
    expect((await eventTypes(t, payment.id)).slice(2)).toEqual(['callback.refused', 'callback.refused']);
  });

  test('stops the facts that come after it in the same message', async () => {
    await using t = await openTestStore();
    const { attempt } = await open(t);
    const outcome = await applyFacts(t, attempt.id, [paid({ currency: 'USD' }), paid()]);
    expect(outcome).toMatchObject({ verdict: 'rejected', reason: 'currency', payment: { status: 'pending' } });
  });
});

describe('the ends', () => {
  test('a refused number fails the payment with the gateway’s reason and tells the shop that asked', async () => {
    await using t = await openTestStore();
    const { payment, attempt } = await open(t);
    const outcome = await applyFacts(
      t,
      attempt.id,
      [{ type: 'ended', reason: 'GATEWAY_REFUSED', code: '1', message: 'no' }],
      {
        source: 'gateway.request',
      },
    );
    expect(outcome.payment).toMatchObject({ status: 'failed', reason: 'GATEWAY_REFUSED', paidAt: null });
    expect(outcome.attempt).toMatchObject({ status: 'ended', endReason: 'GATEWAY_REFUSED' });
    expect((await eventTypes(t, payment.id)).slice(2)).toEqual(['gateway.request', 'attempt.ended', 'payment.failed']);
    expect((await t.rows.outbox()).map(({ event }) => event)).toEqual(['payment.failed']);
  });

  test('a payment does not expire while another attempt is alive', async () => {
    await using t = await openTestStore();
    const { project, payment, attempt } = await open(t);
    const next = present(await t.store.openAttempt(payment.id, newAttempt(t, project), 1));
    expect((await applyFacts(t, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }])).payment.status).toBe('pending');
    expect((await applyFacts(t, next.id, [{ type: 'ended', reason: 'EXPIRED' }])).payment.status).toBe('expired');
  });
});

test('facts about an attempt that does not exist are an error and write nothing', async () => {
  await using t = await openTestStore();
  await addProject(t);
  expect(String(await rejection(applyFacts(t, 99, [paid()], { callback: callbackOf('x') })))).toContain('99');
  expect(await t.rows.count('inbox')).toBe(0);
});

test('a timeline stops growing at two thousand events', async () => {
  await using t = await openTestStore();
  const { payment, attempt } = await open(t);
  const add = { paymentId: payment.id, attemptId: attempt.id, type: 'sync', data: {}, at: 1 } as const;
  await Promise.all(Array.from({ length: 2100 }, () => t.store.recordEvent(add)));
  expect(await t.store.listEvents(payment.id)).toHaveLength(2000);
});
