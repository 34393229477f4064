import { expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { SILENT_MS } from '../../../src/core/node.ts';
import { type ApiAnswer, fail, succeed } from '../../../src/http/answer.ts';
import { createIdempotency } from '../../../src/http/idempotency.ts';
import type { IdempotencyClaim } from '../../../src/store/commands/idempotency.ts';
import type { Store } from '../../../src/store/store.ts';
import { capture } from '../../support/log.ts';
import { present } from '../../support/parts.ts';
import { addProject } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { holdSleep } from '../../support/turns.ts';

/** Twins under one key: on one node, and on two of them. */

async function setUp(t: TestStore, processId = 'proc_1') {
  const { projectId } = await addProject(t);
  const claims: IdempotencyClaim[] = [];
  const onClaim: (() => Promise<void> | void)[] = [];
  const claimIdempotencyKey = async (claim: IdempotencyClaim) => {
    const at = claims.push(claim) - 1;
    const result = await t.store.claimIdempotencyKey(claim);
    await onClaim[at]?.();
    return result;
  };
  const finish = { isBroken: false, tries: 0 };
  const finishIdempotencyKey = async (...args: Parameters<Store['finishIdempotencyKey']>) => {
    finish.tries += 1;
    if (finish.isBroken) throw new PayCoreError('STORAGE_UNAVAILABLE');
    return t.store.finishIdempotencyKey(...args);
  };
  const sleeping = holdSleep();
  const runOnce = createIdempotency({
    store: { ...t.store, claimIdempotencyKey, finishIdempotencyKey },
    ...{ clock: t.clock, processId, sleep: sleeping.sleep, log: capture().log },
  });
  let runs = 0;
  let work: Promise<unknown> = Promise.resolve();
  let answer = succeed({}, 'done');
  const send = (body = 1) =>
    runOnce({ projectId, kind: 'test' }, 'key', { route: 'POST /x', body: new Uint8Array([body]) }, async () => {
      runs += 1;
      await work;
      return answer;
    });
  const setAnswer = (next: ApiAnswer) => {
    answer = next;
  };
  const holdWork = (until: Promise<unknown>) => {
    work = until;
  };
  return { claims, onClaim, send, holdWork, setAnswer, finish, sleeping, runs: () => runs };
}

test('a twin that finds a key taken and nobody at work looks once more before it takes the key over', async () => {
  await using t = await openTestStore();
  const { claims, onClaim, send, holdWork, runs } = await setUp(t);
  const starting = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  holdWork(work.promise);
  // The first has its key, and its answer from the database is still on the way when the twin looks for the first time.
  onClaim.push(() => starting.promise);
  onClaim.push(() => {});
  onClaim.push(async () => {
    starting.resolve();
    await Bun.sleep(1);
  });
  const answering = Promise.all([send(), send()]);
  while (claims.length < 3) await Bun.sleep(1);
  await Bun.sleep(10);
  work.resolve();
  const answers = await answering;
  expect(claims.map(({ takeOver }) => takeOver)).toEqual([false, false, false]);
  expect([answers.map(({ status }) => status), runs()]).toEqual([[200, 200], 1]);
});

test('a key whose work was never written down is taken over at the third look', async () => {
  await using t = await openTestStore();
  const { claims, send, runs } = await setUp(t);
  const { projectId } = await addProject(t);
  // As a process leaves it that could not write its answer.
  await send();
  const [first] = claims.splice(0);
  await t.store.finishIdempotencyKey({ projectId, key: 'test key', owner: 'proc_1' }, null);
  await t.store.claimIdempotencyKey({ ...(first as IdempotencyClaim), projectId });
  expect((await send()).status).toBe(200);
  expect([claims.map(({ takeOver }) => takeOver), runs()]).toEqual([[false, false, true], 2]);
});

/** Two nodes, each with the memory of its own. */
async function setUpTwo(t: TestStore) {
  const node = { name: 'n', version: '1', publicUrl: 'https://pay.example' };
  await t.store.enterNode({ id: 'proc_2', ...node, now: t.clock.now() }, 0);
  const [startedAt, seenAt] = [t.clock.now(), t.clock.now()];
  await t.tamper.addNode({ id: 'proc_1', ...node, startedAt, seenAt, aheadMs: 0 });
  return [await setUp(t, 'proc_1'), await setUp(t, 'proc_2')] as const;
}

const settled = () => Bun.sleep(5);

test('a twin on another node waits for the first, and gets its answer to the byte', async () => {
  await using t = await openTestStore();
  const [one, two] = await setUpTwo(t);
  const work = Promise.withResolvers<void>();
  one.holdWork(work.promise);
  one.setAnswer(succeed({ payment_no: 'PAY1' }, 'made', 201));
  const first = one.send();
  while (one.runs() === 0) await settled();
  const second = two.send();
  for (let looks = 1; looks <= 4; looks += 1) {
    while (two.sleeping.sleeping.length === 0) await settled();
    expect(two.sleeping.sleeping).toEqual([Math.min(250, 50 * 2 ** (looks - 1))]);
    await two.sleeping.wake();
  }
  work.resolve();
  const { status, body } = await first;
  while (two.sleeping.sleeping.length === 0) await settled();
  await two.sleeping.wake();
  expect(await second).toEqual({ type: 'done', status, body, headers: { 'idempotent-replayed': 'true' } } as never);
  expect([one.runs(), two.runs()]).toEqual([1, 0]);
});

test('a twin on another node runs by itself once the first node is gone, and what that one finishes is not kept', async () => {
  await using t = await openTestStore();
  const [one, two] = await setUpTwo(t);
  const work = Promise.withResolvers<void>();
  one.holdWork(work.promise);
  one.setAnswer(succeed({}, 'of a node that is gone'));
  const first = one.send();
  while (one.runs() === 0) await settled();
  const second = two.send();
  while (two.sleeping.sleeping.length === 0) await settled();
  // Not seen for a while it may be at it all the same, until its work is taken over.
  t.clock.advance(SILENT_MS);
  await two.sleeping.wake();
  while (two.sleeping.sleeping.length === 0) await settled();
  expect(two.runs()).toBe(0);
  await t.store.takeOverDead({ owner: 'proc_2', now: t.clock.now(), lookMs: 0, limit: 10 });
  await two.sleeping.wake();
  expect((await second).body).toContain('done');
  work.resolve();
  await first;
  expect((await two.send()).body).toContain('done');
  expect([one.runs(), two.runs()]).toEqual([1, 1]);
});

test('a twin waits no longer than any gateway is waited for, and is told to send the same again', async () => {
  await using t = await openTestStore();
  const [one, two] = await setUpTwo(t);
  one.holdWork(new Promise(() => {}));
  void one.send();
  while (one.runs() === 0) await settled();
  const second = two.send().catch(fail);
  let slept = 0;
  let answer: ApiAnswer | null = null;
  void second.then((given) => {
    answer = given;
  });
  while (answer === null) {
    slept += two.sleeping.sleeping[0] ?? 0;
    await two.sleeping.wake();
  }
  const { status, body, headers } = await second;
  expect([status, JSON.parse(body).error.error_code, headers]).toEqual([503, 'SERVER_BUSY', { 'retry-after': '5' }]);
  expect([slept >= 90_000, slept < 91_000]).toEqual([true, true]);
});

test('a claim of which nobody knows whether it counted is let go of, and held against nobody', async () => {
  await using t = await openTestStore();
  const [one, two] = await setUpTwo(t);
  one.onClaim.push(() => {
    throw new PayCoreError('STORAGE_UNAVAILABLE');
  });
  expect((await one.send().catch(fail)).status).toBe(503);
  const second = two.send();
  while (two.sleeping.sleeping.length === 0) await settled();
  await one.sleeping.wake();
  await settled();
  await two.sleeping.wake();
  expect((await second).status).toBe(200);
  expect([one.runs(), two.runs()]).toEqual([0, 1]);
});

test('an answer that cannot be written is true all the same: it is given, given again, and written later', async () => {
  await using t = await openTestStore();
  const { send, finish, sleeping, runs } = await setUp(t);
  finish.isBroken = true;
  expect((await send()).status).toBe(200);
  expect((await send()).headers).toEqual({ 'idempotent-replayed': 'true' });
  expect(await send(2).catch((error) => error.code)).toBe('IDEMPOTENCY_KEY_REUSED');
  await sleeping.wake();
  finish.isBroken = false;
  expect(sleeping.sleeping).toEqual([2000]);
  await sleeping.wake();
  while (finish.tries < 3) await settled();
  await settled();
  // Nothing is remembered any more: the row says it.
  expect((await send()).headers).toEqual({ 'idempotent-replayed': 'true' });
  expect([runs(), sleeping.sleeping]).toEqual([1, []]);
});

test('a key that cannot be freed is freed by the next who comes with it, before he claims it', async () => {
  await using t = await openTestStore();
  const { send, finish, sleeping, setAnswer, runs } = await setUp(t);
  finish.isBroken = true;
  setAnswer(fail(new PayCoreError('ORDER_CONFLICT')));
  expect((await send()).status).toBe(409);
  expect(await send().catch((error) => error.code)).toBe('STORAGE_UNAVAILABLE');
  finish.isBroken = false;
  setAnswer(succeed({}, 'now'));
  const again = await send(2);
  expect([again.status, again.headers, runs()]).toEqual([200, undefined, 2]);
  await sleeping.wake();
  await settled();
  expect((await send(2)).headers).toEqual({ 'idempotent-replayed': 'true' });
});

test('what can never be written is forgotten in the end', async () => {
  await using t = await openTestStore();
  const { send, finish, sleeping } = await setUp(t);
  finish.isBroken = true;
  await send();
  while (sleeping.sleeping.length > 0) {
    expect(present(sleeping.sleeping[0])).toBeLessThanOrEqual(30_000);
    await sleeping.wake();
    await settled();
  }
  expect(finish.tries).toBe(126);
});
