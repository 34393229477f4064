import { expect, test } from 'bun:test';
import { SILENT_MS } from '../../src/core/node.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { findRows } from '../../src/store/table.ts';
import { present } from '../support/parts.ts';
import { applyFacts, openPayment, paid } from '../support/payments.ts';
import { wholeRefund } from '../support/refunds.ts';
import type { TestStore } from '../support/store.ts';
import { chapters, type OpenTwo } from './open.ts';
import { share, start, type TwoProcesses } from './payments-support.ts';

/** Who serves on a database, and what becomes of the work of one that is gone. Both stores have the clock of the test. */

export const describeNodes = chapters<OpenTwo>({
  'a node': describeRegister,
  'what a node had taken that is gone': describeTakeover,
});

const LEASE = 2 * MINUTE;

const enter = ({ store, clock }: TestStore, id: string, name = `${id}:8080`) =>
  store.enterNode({ id, name, version: '1', publicUrl: 'https://pay.example', now: clock.now() }, LEASE);

const see = ({ store, clock }: TestStore, id: string) => store.seeNode(id, 0, clock.now());

const takeOver = ({ store, clock }: TestStore, owner: string, limit = 100) =>
  store.takeOverDead({ owner, now: clock.now(), lookMs: LEASE, limit });

const namesOf = async ({ store, clock }: TestStore) => (await store.listNodes(clock.now())).map(({ id }) => id).sort();

/** Nobody but B shows a sign of life for so long that A is gone. */
async function loseA({ one, two }: TwoProcesses): Promise<void> {
  one.clock.advance(SILENT_MS - 1);
  await see(two, 'B');
  one.clock.advance(1);
}

/** A and B serve; on SQLite this is what a database looks like in which A was not dropped. */
async function startTwo(open: OpenTwo): Promise<TwoProcesses> {
  const t = await start(open);
  await enter(t.one, 'A');
  await enter(t.two, 'B');
  // Where one process alone serves, the second start has dropped the first.
  if (!t.one.store.isShared) {
    const row = present((await findRows(t.one.engine.reader, 'nodes', { id: 'B' }))[0]);
    await t.one.tamper.addNode({ ...row, id: 'A', name: 'A:8080' });
  }
  return t;
}

function describeRegister(open: OpenTwo): void {
  test('is there from its start to its stop, and is told who else serves', async () => {
    await using t = await open();
    expect((await enter(t.one, 'A')).others).toEqual([]);
    const { others } = await enter(t.two, 'B');
    expect(others.map(({ id }) => id)).toEqual(t.one.store.isShared ? ['A'] : []);
    expect(await namesOf(t.one)).toEqual(t.one.store.isShared ? ['A', 'B'] : ['B']);
    const leaving = { now: t.one.clock.now(), lookMs: LEASE, limit: 10 };
    expect(await t.two.store.leaveNode({ ...leaving, owner: 'B' })).toBe(true);
    expect(await t.two.store.leaveNode({ ...leaving, owner: 'B' })).toBe(true);
    expect(await namesOf(t.one)).toEqual(t.one.store.isShared ? ['A'] : []);
  });

  test('is one of many that come at once, and the last of them has found all others', async () => {
    await using t = await open();
    const found = await share(t, 8, async (store, at) => (await enter(store, `N${at}`)).others.length);
    expect(found.toSorted((a, b) => a - b)).toEqual(t.one.store.isShared ? [0, 1, 2, 3, 4, 5, 6, 7] : Array(8).fill(0));
  });

  test('keeps what it says of its clock, and since when nobody has seen it', async () => {
    await using t = await open();
    const { seenAt } = await enter(t.one, 'A');
    expect(seenAt).toBe(t.one.clock.now());
    t.one.clock.advance(5 * SECOND);
    expect(await t.one.store.seeNode('A', -7000, t.one.clock.now())).toBe(seenAt + 5 * SECOND);
    t.one.clock.advance(2 * SECOND);
    const [node] = await t.two.store.listNodes(t.one.clock.now());
    expect(node).toMatchObject({ name: 'A:8080', startedAt: seenAt, aheadMs: -7000, unseenMs: 2 * SECOND });
  });

  test('that was taken for gone finds that out at its next sign of life, and enters anew under its name', async () => {
    await using t = await startTwo(open);
    await loseA(t);
    expect((await takeOver(t.two, 'B'))?.node).toMatchObject({ id: 'A' });
    expect(await takeOver(t.two, 'B')).toBeNull();
    expect(await see(t.one, 'A')).toBeNull();
    if (!t.one.store.isShared) return;
    await enter(t.one, 'A');
    expect([await see(t.one, 'A'), await namesOf(t.two)]).toEqual([t.one.clock.now(), ['A', 'B']]);
  });

  test('lives until it was not seen for long, and takes nobody over but the dead', async () => {
    await using t = await startTwo(open);
    t.one.clock.advance(SILENT_MS - 1);
    expect(await takeOver(t.two, 'B')).toBeNull();
    await see(t.one, 'A');
    t.one.clock.advance(1);
    // B itself has not been seen by now.
    expect(await takeOver(t.two, 'B')).toBeNull();
    expect((await takeOver(t.one, 'A'))?.node.id).toBe('B');
  });

  test('is taken over by one of those that see it at the same moment', async () => {
    await using t = await startTwo(open);
    await loseA(t);
    const taken = await share(t, 6, (store) => takeOver(store, 'B'));
    expect(taken.filter((one) => one !== null).length).toBe(1);
  });
}

/** Something of everything that a node takes. */
async function fill(t: TwoProcesses, owner: string, store = t.one.store) {
  const { one, project } = t;
  const now = one.clock.now();
  const orders = { due: `DUE ${owner}`, sold: `SOLD ${owner}` };
  const due = await openPayment(one, project, { merchantOrderNo: orders.due }, { checkAt: now });
  const sold = await openPayment(one, project, { merchantOrderNo: orders.sold });
  await applyFacts(one, sold.attempt.id, [paid({ tradeNo: `T ${owner}` })]);
  await one.store.openRefund(wholeRefund(one, sold.attempt));
  await one.store.postponeRefundSync(sold.payment.id, now - HOUR, 0);
  const attempts = await store.claimSyncs(now, 9, LEASE, owner);
  const refunds = await store.claimRefundSyncs(now, 9, LEASE, owner);
  const notifications = await store.claimDueNotifications({ now, limit: 9, owner, leaseMs: LEASE });
  await store.claim({ name: `create ${owner}`, owner, now, leaseMs: LEASE });
  return { due, sold, attempts, refunds, notifications };
}

async function startAlerts({ one }: TwoProcesses): Promise<void> {
  await one.store.saveAlertChannel('email', { isOn: true, config: {} }, one.clock.now());
  await one.store.raiseAlert({ kind: 'backup_failed', about: 'a', data: {} }, one.clock.now());
}

const claimAlerts = ({ store, clock }: TestStore, owner: string) =>
  store.claimAlerts({ channel: 'email', now: clock.now(), limit: 10, owner, leaseMs: LEASE });

function describeTakeover(open: OpenTwo): void {
  test('is due at once: notifications, alerts and their channel, looks at gateways, what it did for all', async () => {
    await using t = await startTwo(open);
    await startAlerts(t);
    expect(await claimAlerts(t.one, 'A')).toHaveLength(1);
    const { due, sold, attempts, refunds, notifications } = await fill(t, 'A');
    expect([attempts.length, refunds.length, notifications.length]).toEqual([1, 1, 1]);
    await loseA(t);
    const now = t.one.clock.now();
    expect(await takeOver(t.two, 'B')).toMatchObject({ notifications: 1, alerts: 1, looks: 2, claims: 1 });
    expect((await t.two.store.claimSyncs(now, 9, LEASE, 'B')).map(({ id }) => id)).toEqual([due.attempt.id]);
    const [look] = await t.two.store.claimRefundSyncs(now, 9, LEASE, 'B');
    expect(look?.paymentId).toBe(sold.payment.id);
    expect(await t.two.store.claimDueNotifications({ now, limit: 9, owner: 'B', leaseMs: LEASE })).toHaveLength(1);
    expect(await claimAlerts(t.two, 'B')).toHaveLength(1);
    expect(await t.two.store.claim({ name: 'create A', owner: 'B', now, leaseMs: LEASE })).toBe(true);
  });

  test('stays with those who live', async () => {
    await using t = await startTwo(open);
    await startAlerts(t);
    await claimAlerts(t.two, 'B');
    const { notifications } = await fill(t, 'B', t.two.store);
    await loseA(t);
    expect(await takeOver(t.two, 'B')).toMatchObject({ notifications: 0, alerts: 0, looks: 0, claims: 0 });
    const now = t.one.clock.now();
    expect(await t.one.store.claimSyncs(now, 9, LEASE, 'C')).toEqual([]);
    expect(await t.one.store.claimRefundSyncs(now, 9, LEASE, 'C')).toEqual([]);
    expect(await claimAlerts(t.one, 'C')).toEqual([]);
    expect(await t.one.store.claim({ name: 'create B', owner: 'C', now, leaseMs: LEASE })).toBe(false);
    const sent = await t.two.store.finishDelivery(present(notifications[0]), DELIVERED, now, 'B');
    expect(sent).toBe(true);
  });

  test('is refused to it when it comes back: others have it, and their result counts', async () => {
    await using t = await startTwo(open);
    const { notifications } = await fill(t, 'A');
    await loseA(t);
    await takeOver(t.two, 'B');
    const now = t.one.clock.now();
    const claim = { now, owner: 'A', leaseMs: LEASE };
    expect(await t.one.store.renewNotificationLeases(notifications, claim)).toEqual([]);
    const [taken] = await t.two.store.claimDueNotifications({ now, limit: 9, owner: 'B', leaseMs: LEASE });
    expect(await t.one.store.finishDelivery(present(notifications[0]), DELIVERED, now, 'A')).toBe(false);
    expect(await t.two.store.finishDelivery(present(taken), DELIVERED, now, 'B')).toBe(true);
    // What it did for all is another's by now.
    await t.two.store.claim({ name: 'create A', owner: 'B', now, leaseMs: LEASE });
    await t.one.store.release('create A', 'A');
    expect(await t.one.store.claim({ name: 'create A', owner: 'C', now, leaseMs: LEASE })).toBe(false);
  });

  test('comes in parts, and the node is dropped with the last of them', async () => {
    await using t = await startTwo(open);
    for (let n = 0; n < 3; n += 1)
      await t.one.store.claim({ name: `c${n}`, owner: 'A', now: t.one.clock.now(), leaseMs: HOUR });
    await loseA(t);
    expect(await takeOver(t.two, 'B', 2)).toMatchObject({ claims: 2 });
    expect(await namesOf(t.two)).toEqual(['A', 'B']);
    expect(await takeOver(t.two, 'B', 2)).toMatchObject({ claims: 1 });
    expect([await namesOf(t.two), await takeOver(t.two, 'B', 2)]).toEqual([['B'], null]);
  });

  test('is either taken over or its own: a sign of life in between ends it', async () => {
    await using t = await startTwo(open);
    for (let n = 0; n < 3; n += 1)
      await t.one.store.claim({ name: `c${n}`, owner: 'A', now: t.one.clock.now(), leaseMs: HOUR });
    await loseA(t);
    await takeOver(t.two, 'B', 2);
    expect(await see(t.one, 'A')).toBe(t.one.clock.now());
    expect([await takeOver(t.two, 'B', 2), await namesOf(t.two)]).toEqual([null, ['A', 'B']]);
  });

  test('does not bring forward what was planned since: the look was over', async () => {
    await using t = await startTwo(open);
    const { due, sold, attempts } = await fill(t, 'A');
    const now = t.one.clock.now();
    const soon = now + MINUTE;
    const plan = { attemptId: due.attempt.id, checkAt: soon, syncTries: 1, notFoundCount: 0 };
    await t.one.store.planSync({ ...plan, known: present(attempts[0]).checkAt }, now);
    await t.one.store.postponeRefundSync(sold.payment.id, now, soon);
    await loseA(t);
    expect(await takeOver(t.two, 'B')).toMatchObject({ looks: 0 });
    expect((await t.one.store.findAttempt(due.attempt.id))?.checkAt).toBe(soon);
  });

  test('is nobody’s look any more once something was heard, or the gateway is called', async () => {
    await using t = await startTwo(open);
    const heard = await fill(t, 'A');
    const called = await fill(t, 'B');
    await applyFacts(t.one, heard.due.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    await t.one.store.beginCharge(called.due.attempt.id, { usesNumber: false }, t.one.clock.now());
    await applyFacts(t.one, called.sold.attempt.id, [{ type: 'refunded', code: '', message: '' }]);
    for (const { due, sold } of [heard, called]) {
      expect(await t.one.rows.attempts({ id: due.attempt.id })).toMatchObject([{ lookedBy: null }]);
      const refundLookedBy = sold === heard.sold ? 'A' : null;
      expect(await t.one.rows.payments({ id: sold.payment.id })).toMatchObject([{ refundLookedBy }]);
    }
  });

  test('is free at once when it is started again, from the same place alone', async () => {
    await using t = await startTwo(open);
    const now = t.one.clock.now();
    await fill(t, 'A');
    const again = { owner: 'A2', now, lookMs: LEASE, limit: 100 };
    expect(await t.two.store.takeOverPredecessor(again, 'C')).toBeNull();
    expect(await t.two.store.takeOverPredecessor(again, 'A')).toMatchObject({ node: { id: 'A' }, notifications: 1 });
    expect(await t.two.store.takeOverPredecessor(again, 'A')).toBeNull();
    expect(await t.two.store.claimDueNotifications({ now, limit: 9, owner: 'A2', leaseMs: LEASE })).toHaveLength(1);
  });

  test('is free at once when it stops by itself', async () => {
    await using t = await startTwo(open);
    await fill(t, 'A');
    const now = t.one.clock.now();
    expect(await t.one.store.leaveNode({ owner: 'A', now, lookMs: LEASE, limit: 100 })).toBe(true);
    expect(await t.two.store.claimDueNotifications({ now, limit: 9, owner: 'B', leaseMs: LEASE })).toHaveLength(1);
    expect(await t.two.store.claimSyncs(now, 9, LEASE, 'B')).toHaveLength(1);
  });

  test('a clock of its that was off needs nobody any more', async () => {
    await using t = await startTwo(open);
    const raise = (subject: string) =>
      t.one.store.raiseTrouble({ kind: 'clock_skew', subject, data: {}, since: t.one.clock.now() });
    for (const subject of ['A:8080', 'B:8080']) await raise(subject);
    await loseA(t);
    await takeOver(t.two, 'B');
    expect(await t.two.store.hasTrouble('clock_skew', 'A:8080')).toBe(false);
    expect(await t.two.store.hasTrouble('clock_skew', 'B:8080')).toBe(true);
  });

  test('a clock that a node of the same name says is off too stays with a person', async () => {
    await using t = await startTwo(open);
    const now = t.one.clock.now();
    await t.one.store.raiseTrouble({ kind: 'clock_skew', subject: 'A:8080', data: {}, since: now });
    await loseA(t);
    const again = { id: 'A2', name: 'A:8080', version: '1', publicUrl: 'http://a', now: t.two.clock.now() };
    await t.two.store.enterNode(again, LEASE);
    await takeOver(t.two, 'B');
    expect(await t.two.store.hasTrouble('clock_skew', 'A:8080')).toBe(true);
  });
}

const DELIVERED = { outcome: 'delivered', status: 204 } as const;
