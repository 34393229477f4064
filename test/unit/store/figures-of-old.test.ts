import { afterEach, describe, expect, test } from 'bun:test';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { connect } from '../../../src/store/engines/postgres-open.ts';
import { ENGINES, migrationsOf } from '../../support/engines.ts';
import { checkInvariants, describeBroken } from '../../support/invariants.ts';
import { fillLedger } from '../../support/ledger.ts';
import { present } from '../../support/parts.ts';
import { addProject, applyFacts, openPayment, paid } from '../../support/payments.ts';
import { openRefunds } from '../../support/refunds.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** What a database from before the desk is given: the figures of what it holds, and what was put before a person. */

const stores: TestStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]();
});

const telling = ({ clock }: TestStore) => ({ now: clock.now(), makeWebhookId: () => `msg_${clock.now()}` });

/** Money that does not match, money paid twice, a refund that nobody knows the outcome of, and a shop that is gone. */
async function makeTrouble(t: TestStore): Promise<void> {
  const project = await addProject(t, 'troubled');
  const wrong = await openPayment(t, project, { merchantOrderNo: 'WRONG' });
  await applyFacts(t, wrong.attempt.id, [paid({ amount: 1 })]);
  const twice = await openPayment(t, project, { merchantOrderNo: 'TWICE' });
  await applyFacts(t, twice.attempt.id, [paid({ tradeNo: 'D1' }), paid({ tradeNo: 'D2' })]);
  const refunds = await openRefunds(t, project, 'BACK');
  const refund = await refunds.make(10_000);
  await t.store.loseRefund(refund.refundNo, { kind: 'timeout', message: '' }, t.clock.now());
  t.clock.advance(HOUR);
  await t.store.claimRefundSyncs(t.clock.now(), 10, MINUTE);
  const lists = [{ attemptId: refund.attemptId, credentialId: refund.credentialId, reported: null }];
  const asked = { paymentId: refund.paymentId, lists, askedAt: t.clock.now(), isScheduled: true };
  await t.store.reconcileRefunds({ ...asked, makeRefundNo: () => 'RF-none', ...telling(t) });
  const claim = { now: t.clock.now(), limit: 1, owner: 'proc', leaseMs: MINUTE };
  const item = present((await t.store.claimDueNotifications(claim))[0]);
  await t.store.finishDelivery(item, { outcome: 'dead', status: 410, reason: 'gone' }, t.clock.now(), 'proc');
}

async function readAll({ rows }: TestStore) {
  return {
    methods: await rows.methodSums(),
    outcomes: (await rows.outcomes()).filter(({ count }) => count !== 0),
    troubles: (await rows.troubles()).map(({ kind, paymentId, outboxId }) => [kind, paymentId, outboxId]).sort(),
  };
}

async function runSql(t: TestStore, sql: string): Promise<void> {
  if (t.engine.name === 'sqlite') return void t.database.run(sql);
  const client = connect(t.place);
  await client.unsafe(sql);
  await client.end();
}

describe.each([...ENGINES])('a database of %s from before the desk', (engine) => {
  test('gets the figures of its payments, and its troubles into the list', async () => {
    const t = await openTestStore({ engine });
    stores.push(t);
    await fillLedger(t);
    await makeTrouble(t);
    await t.store.foldFigures(1000);
    const before = await readAll(t);
    const step = present(migrationsOf(engine).find(({ sql }) => sql.includes('INSERT INTO method_sums')));
    const [, byHand = ''] = step.sql.split('-- Written by hand: the figures');
    for (const table of ['method_sums', 'outcome_counts', 'troubles']) await runSql(t, `DELETE FROM ${table}`);
    for (const one of byHand.split('\n').slice(1).join('\n').split('--> statement-breakpoint')) await runSql(t, one);
    const after = await readAll(t);
    expect(after).toEqual(before);
    expect(before.troubles.map(([kind]) => kind)).toEqual([
      ...(['duplicate', 'mismatch', 'notification_dead', 'refund_unknown'] as const),
    ]);
    expect(describeBroken(await checkInvariants(t.place))).toEqual([]);
  });
});
