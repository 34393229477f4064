import { expect, test } from 'bun:test';
import { succeed } from '../../../src/http/answer.ts';
import { createIdempotency } from '../../../src/http/idempotency.ts';
import type { IdempotencyClaim } from '../../../src/store/commands/idempotency.ts';
import { addProject } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** Twins under one key, one of which is about to start. */

async function setUp(t: TestStore) {
  const { projectId } = await addProject(t);
  const claims: IdempotencyClaim[] = [];
  const onClaim: (() => Promise<void> | void)[] = [];
  const claimIdempotencyKey = async (claim: IdempotencyClaim) => {
    const at = claims.push(claim) - 1;
    const result = await t.store.claimIdempotencyKey(claim);
    await onClaim[at]?.();
    return result;
  };
  const runOnce = createIdempotency({
    store: { ...t.store, claimIdempotencyKey },
    clock: t.clock,
    processId: 'proc_1',
  });
  let runs = 0;
  let work: Promise<unknown> = Promise.resolve();
  const send = () =>
    runOnce({ projectId, kind: 'test' }, 'key', { route: 'POST /x', body: new Uint8Array([1]) }, async () => {
      runs += 1;
      await work;
      return succeed({}, 'done');
    });
  const holdWork = (until: Promise<unknown>) => {
    work = until;
  };
  return { claims, onClaim, send, holdWork, runs: () => runs };
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
  await t.store.finishIdempotencyKey(projectId, 'test key', null);
  await t.store.claimIdempotencyKey({ ...(first as IdempotencyClaim), projectId });
  expect((await send()).status).toBe(200);
  expect([claims.map(({ takeOver }) => takeOver), runs()]).toEqual([[false, false, true], 2]);
});
