import { describe, expect, test } from 'bun:test';
import { addProject, applyFacts, callbackOf, type Opened, openPayment, paid } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** Callbacks that made us ask the gateway, and how often a payer's bank has said no. */

const CALLBACK = callbackOf('{"event":"paid"}');

async function open(t: TestStore): Promise<Opened> {
  return openPayment(t, await addProject(t));
}

const keep = (t: TestStore, { attempt }: Opened, callback = CALLBACK, isProved = true) =>
  t.store.keepCallback(attempt, callback, { now: t.clock.now(), isProved, mayBeRefund: false });

describe('a callback that proved nothing', () => {
  test('is kept in part, and ten of an attempt, since anybody may send it', async () => {
    await using t = await openTestStore();
    const opened = await open(t);
    for (let n = 0; n < 12; n += 1) await keep(t, opened, callbackOf(`${n} ${'x'.repeat(20_000)}`), false);
    const kept = await t.rows.inbox();
    expect([kept.length, Math.max(...kept.map(({ body }) => body.length))]).toEqual([10, 16 * 1024]);
  });
});

describe('a callback after which the gateway was asked', () => {
  test('is kept with its bytes, counts as taken, and stands in the timeline', async () => {
    await using t = await openTestStore();
    const opened = await open(t);
    expect(await t.store.hasCallback(opened.attempt.id, CALLBACK.digest)).toBe(false);
    await keep(t, opened);
    expect(await t.store.hasCallback(opened.attempt.id, CALLBACK.digest)).toBe(true);
    expect(await t.rows.inbox()).toMatchObject([
      {
        attemptId: opened.attempt.id,
        body: new Uint8Array(CALLBACK.body),
        outcome: 'asked',
        seen: 1,
      },
    ]);
    expect((await t.store.listEvents(opened.payment.id)).map(({ type }) => type)).toContain('callback.accepted');
  });

  test('is one row and one line of the timeline however often it comes, at once or later', async () => {
    await using t = await openTestStore();
    const opened = await open(t);
    await Promise.all(Array.from({ length: 10 }, () => keep(t, opened)));
    await keep(t, opened);
    expect((await t.rows.inbox()).map(({ seen }) => seen)).toEqual([11]);
    const told = (await t.store.listEvents(opened.payment.id)).filter(({ type }) => type === 'callback.accepted');
    expect(told).toHaveLength(1);
  });

  test('changes nothing by itself, nor does it when its bytes come with facts', async () => {
    await using t = await openTestStore();
    const opened = await open(t);
    await keep(t, opened);
    const outcome = await applyFacts(t, opened.attempt.id, [paid()], { callback: CALLBACK });
    expect(outcome).toMatchObject({ verdict: 'ignored', payment: { status: 'pending' } });
    expect(await t.rows.count('outbox')).toBe(0);
  });

  test('is known for its own attempt and its own bytes only', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const [one, two] = [await openPayment(t, project), await openPayment(t, project, { merchantOrderNo: 'B' })];
    await keep(t, one);
    expect(await t.store.hasCallback(two.attempt.id, CALLBACK.digest)).toBe(false);
    expect(await t.store.hasCallback(one.attempt.id, callbackOf('other').digest)).toBe(false);
  });
});

test('a callback whose facts were taken is known, one that was rejected is not: it is judged again', async () => {
  await using t = await openTestStore();
  const { attempt } = await open(t);
  const [wrong, right] = [callbackOf('wrong'), callbackOf('right')];
  await applyFacts(t, attempt.id, [paid({ amount: 1 })], { callback: wrong });
  expect(await t.store.hasCallback(attempt.id, wrong.digest)).toBe(false);
  await applyFacts(t, attempt.id, [paid()], { callback: right });
  expect(await t.store.hasCallback(attempt.id, right.digest)).toBe(true);
});

describe('refusals by the payer’s bank', () => {
  const declined = { type: 'declined', code: 'card_declined', message: 'no' } as const;
  const countOf = async (t: TestStore, { attempt }: Opened) => (await t.store.findAttempt(attempt.id))?.declines;

  test('are counted, each of them once', async () => {
    await using t = await openTestStore();
    const opened = await open(t);
    expect(await countOf(t, opened)).toBe(0);
    await applyFacts(t, opened.attempt.id, [declined], { callback: callbackOf('first') });
    await applyFacts(t, opened.attempt.id, [declined], { callback: callbackOf('first') });
    expect(await countOf(t, opened)).toBe(1);
    await applyFacts(t, opened.attempt.id, [declined], { source: 'sync' });
    await applyFacts(t, opened.attempt.id, [declined, declined], { source: 'sync' });
    expect(await countOf(t, opened)).toBe(4);
  });

  test('are counted for their own attempt, and no other fact counts', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const [one, two] = [await openPayment(t, project), await openPayment(t, project, { merchantOrderNo: 'B' })];
    await applyFacts(t, one.attempt.id, [declined]);
    await applyFacts(t, two.attempt.id, [{ type: 'note', code: '2', message: '' }, { type: 'under_review' }]);
    expect([await countOf(t, one), await countOf(t, two)]).toEqual([1, 0]);
  });

  test('no longer count once the attempt is over', async () => {
    await using t = await openTestStore();
    const opened = await open(t);
    await applyFacts(t, opened.attempt.id, [paid()]);
    await applyFacts(t, opened.attempt.id, [declined]);
    expect(await countOf(t, opened)).toBe(0);
  });
});
