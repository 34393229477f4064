import { expect, test } from 'bun:test';
import { MINUTE } from '../../src/core/time.ts';
import { applyFacts, type FactsInput, flagMismatch } from '../../src/store/commands/apply-facts.ts';
import { type CallbackCall, noteCall } from '../../src/store/commands/callback-calls.ts';
import { keepAskedCallback } from '../../src/store/commands/callbacks.ts';
import { addUnmatchedCallback } from '../../src/store/commands/unmatched-callbacks.ts';
import { findUnmatched, listUnmatched, type UnmatchedQuery } from '../../src/store/queries/unmatched.ts';
import { findRows } from '../../src/store/table.ts';
import { present } from '../support/parts.ts';
import { callbackOf, paid } from '../support/payments.ts';
import { inTurn, type OpenEngine } from './open.ts';
import { makeWorld, type World } from './world.ts';

const BOTH = ['accepted', 'refused'] as const;
const NOBODY = { gateway: 'ecpay', projectId: 0, keyKind: '', due: BOTH } as const satisfies CallbackCall;

async function start(engine: World['engine']) {
  const w = await makeWorld(engine);
  const call: CallbackCall = { gateway: 'ecpay', projectId: w.project.id, keyKind: 'test', due: BOTH };
  return {
    ...w,
    call,
    note: (refusal: string | null = null, of: CallbackCall = call) =>
      engine.write((tx) => noteCall(tx, of, refusal, w.clock.now())),
    calls: () => findRows(engine.reader, 'callbackCalls', {}),
    row: async () => {
      const rows = await findRows(engine.reader, 'callbackCalls', {});
      expect(rows).toHaveLength(1);
      return present(rows[0]);
    },
  };
}

export const describeCallbacks = inTurn<OpenEngine>(describeCalls, describeCallsOfCallbacks, describeUnmatched);

function describeCalls(open: OpenEngine): void {
  test('the last call of each kind is kept, with the reason of the last refusal', async () => {
    await using engine = await open();
    const t = await start(engine);
    await t.note('first');
    const refusedAt = t.clock.now();
    expect(await t.row()).toMatchObject({ acceptedAt: null, refusedAt, refusal: 'first' });
    t.clock.advance(MINUTE);
    await t.note();
    const acceptedAt = t.clock.now();
    expect(await t.row()).toMatchObject({ acceptedAt, refusedAt, refusal: 'first' });
    t.clock.advance(MINUTE);
    await t.note('second');
    expect(await t.row()).toEqual({
      ...{ gateway: 'ecpay', projectId: t.project.id, keyKind: 'test' },
      ...{ acceptedAt, refusedAt: t.clock.now(), refusal: 'second' },
    });
  });

  test('a row is not written again within a minute, nor for an end that is not due', async () => {
    await using engine = await open();
    const t = await start(engine);
    await t.note();
    const acceptedAt = t.clock.now();
    t.clock.advance(MINUTE - 1);
    await t.note();
    expect((await t.row()).acceptedAt).toBe(acceptedAt);
    t.clock.advance(1);
    await t.note(null, { ...t.call, due: ['refused'] });
    expect((await t.row()).acceptedAt).toBe(acceptedAt);
    await t.note();
    expect((await t.row()).acceptedAt).toBe(t.clock.now());
  });

  test('one that was written by a clock that was ahead does not keep the next ones out', async () => {
    await using engine = await open();
    const t = await start(engine);
    await t.note();
    t.clock.advance(-10 * MINUTE);
    await t.note();
    expect((await t.row()).acceptedAt).toBe(t.clock.now());
  });

  test('each gateway, project and kind of key has a row of its own, and so has what belongs to nobody', async () => {
    await using engine = await open();
    const t = await start(engine);
    const others: CallbackCall[] = [
      { ...t.call, gateway: 'paypal' },
      { ...t.call, keyKind: 'live' },
      { ...t.call, projectId: t.project.id + 1 },
      NOBODY,
    ];
    for (const one of [t.call, ...others]) await t.note(null, one);
    expect(await t.calls()).toHaveLength(5);
  });

  test('many at once leave one row, and none of them is held up or lost', async () => {
    await using engine = await open();
    const t = await start(engine);
    const all = () => Promise.all(Array.from({ length: 40 }, (_, n) => t.note(n % 4 === 0 ? 'no' : null)));
    await all();
    t.clock.advance(MINUTE);
    await all();
    expect(await t.row()).toMatchObject({ acceptedAt: t.clock.now(), refusedAt: t.clock.now(), refusal: 'no' });
  });

  test('while one transaction is at the row another one goes on without it', async () => {
    await using engine = await open();
    if (engine.name === 'sqlite') return;
    const t = await start(engine);
    await t.note();
    t.clock.advance(MINUTE);
    let go = () => {};
    const stopped = new Promise<void>((resolve) => {
      go = resolve;
    });
    const first = engine.write(async (tx) => {
      await noteCall(tx, t.call, null, t.clock.now());
      await stopped;
    });
    // Waiting for the other one would end with a lock timeout.
    await t.note().finally(go);
    await first;
    expect((await t.row()).acceptedAt).toBe(t.clock.now());
  });

  test('of a reason only a line is kept', async () => {
    await using engine = await open();
    const t = await start(engine);
    await t.note('x'.repeat(1000));
    expect((await t.row()).refusal).toHaveLength(200);
  });
}

/** In the transaction of what the callback changes. */
function describeCallsOfCallbacks(open: OpenEngine): void {
  const hear = async (t: Awaited<ReturnType<typeof start>>, change: Partial<FactsInput> = {}) => {
    const payment = await t.addPayment();
    const attempt = await t.addAttempt(payment);
    const outcome = await t.engine.write((tx) =>
      applyFacts(tx, {
        ...{ attemptId: attempt.id, facts: [paid()], source: 'callback.accepted', mayChooseAgain: false },
        ...{ callback: callbackOf('it'), call: { ...t.call, refusal: 'wrong amount' }, ...t.telling(), ...change },
      }),
    );
    return { payment, attempt, outcome };
  };

  test('facts that are taken are a call that was accepted, those that do not fit one that was refused', async () => {
    await using engine = await open();
    const t = await start(engine);
    expect((await hear(t)).outcome.verdict).toBe('applied');
    expect(await t.row()).toMatchObject({ acceptedAt: t.clock.now(), refusedAt: null });
    expect((await hear(t, { facts: [paid({ amount: 1 })] })).outcome.verdict).toBe('rejected');
    expect(await t.row()).toMatchObject({ refusedAt: t.clock.now(), refusal: 'wrong amount' });
  });

  test('the same bytes again are a call as well', async () => {
    await using engine = await open();
    const t = await start(engine);
    const { attempt } = await hear(t);
    t.clock.advance(MINUTE);
    await engine.write((tx) =>
      applyFacts(tx, {
        ...{ attemptId: attempt.id, facts: [paid()], source: 'callback.accepted', mayChooseAgain: false },
        ...{ callback: callbackOf('it'), call: { ...t.call, refusal: '' }, ...t.telling() },
      }),
    );
    expect(await t.row()).toMatchObject({ acceptedAt: t.clock.now() });
  });

  test('another merchant’s is refused, one that made us ask is accepted, one of nobody is refused', async () => {
    await using engine = await open();
    const t = await start(engine);
    const payment = await t.addPayment();
    const attempt = await t.addAttempt(payment);
    const input = { attemptId: attempt.id, reason: 'merchant', callback: callbackOf('it'), ...t.telling() };
    await engine.write((tx) => flagMismatch(tx, { ...input, call: t.call }));
    expect(await t.row()).toMatchObject({ acceptedAt: null, refusedAt: t.clock.now(), refusal: 'merchant' });
    const asked = { now: t.clock.now(), isProved: true, mayBeRefund: false, call: t.call };
    await engine.write((tx) => keepAskedCallback(tx, attempt, callbackOf('another'), asked));
    expect(await t.row()).toMatchObject({ acceptedAt: t.clock.now(), refusal: 'merchant' });
    await engine.write((tx) => addUnmatchedCallback(tx, { ...STRAY, now: t.clock.now(), call: NOBODY }));
    expect((await t.calls()).find(({ projectId }) => projectId === 0)).toMatchObject({ refusal: 'unknown' });
  });

  test('what is rolled back was no call', async () => {
    await using engine = await open();
    const t = await start(engine);
    const broken = engine.write(async (tx) => {
      await noteCall(tx, t.call, null, t.clock.now());
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect(await t.calls()).toEqual([]);
  });
}

const STRAY = {
  ...{ gateway: 'ecpay', address: '203.0.113.9', reason: 'unknown', contentType: 'text/plain' },
  body: Buffer.from('a=1'),
};

function describeUnmatched(open: OpenEngine): void {
  test('those that belong to nobody are listed newest first, by gateway, without their bodies', async () => {
    await using engine = await open();
    const t = await start(engine);
    const add = (change: object = {}) =>
      engine.write((tx) => addUnmatchedCallback(tx, { ...STRAY, now: t.clock.now(), ...change }));
    await add();
    await add({ gateway: 'stripe' });
    await add({ about: { paymentNo: 'PAY1', projectId: 7 }, reason: 'key' });
    await add({ about: { paymentNo: 'PAY2', projectId: 8 } });
    const list = (query: Partial<UnmatchedQuery> = {}) =>
      listUnmatched(engine.reader, { projectIds: null, gateway: null, before: null, limit: 10, ...query });
    const all = await list();
    expect(all.map(({ gateway, paymentNo }) => paymentNo ?? gateway)).toEqual(['PAY2', 'PAY1', 'stripe', 'ecpay']);
    const named = present(all[1]);
    expect(named).toMatchObject({ reason: 'key', projectId: 7, size: 3, receivedAt: t.clock.now() });
    expect(Object.keys(named)).not.toContain('body');
    expect((await list({ projectIds: [7] })).map(({ paymentNo }) => paymentNo)).toEqual(['PAY1', null, null]);
    expect(await list({ gateway: 'stripe' })).toHaveLength(1);
    expect((await list({ before: named.id, limit: 1 })).map(({ gateway }) => gateway)).toEqual(['stripe']);
    const found = present(await findUnmatched(engine.reader, named.id));
    expect([Buffer.from(found.body).toString(), found.paymentNo]).toEqual(['a=1', 'PAY1']);
    expect(await findUnmatched(engine.reader, 999)).toBeNull();
  });
}
