import { describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import type { DueNotification } from '../../../src/store/commands/deliveries/claim.ts';
import type { DeliveryResult } from '../../../src/store/commands/deliveries/finish.ts';
import { present } from '../../support/parts.ts';
import { addProject, applyFacts, openPayment, paid } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** One paid payment per address, so one due notification each, a second apart. */
async function fill(t: TestStore, urls: readonly string[]): Promise<void> {
  const project = await addProject(t, 'shop', 'payment.paid');
  for (const [index, payokUrl] of urls.entries()) {
    const { attempt } = await openPayment(t, project, { merchantOrderNo: `O${index}`, order: { payokUrl } });
    await applyFacts(t, attempt.id, [paid()]);
    t.clock.advance(1000);
  }
}

const NOBODY: ReadonlyMap<string, number> = new Map();
const LEASE = 2 * MINUTE;

const claim = (t: TestStore, change: Partial<Parameters<TestStore['store']['claimDueNotifications']>[0]> = {}) =>
  t.store.claimDueNotifications({
    now: t.clock.now(),
    limit: 100,
    underWay: NOBODY,
    perTarget: 4,
    after: '',
    owner: 'this',
    leaseMs: LEASE,
    ...change,
  });

const targetsOf = (items: readonly DueNotification[]) => items.map((item) => item.target).sort();

describe('claiming due notifications', () => {
  test('takes each row once: a second claim finds nothing, a process that starts anew finds them again', async () => {
    await using t = await openTestStore({ engine: 'sqlite' });
    await fill(t, ['https://a.example/', 'https://b.example/']);
    expect(targetsOf(await claim(t))).toEqual(['a.example', 'b.example']);
    expect(await claim(t)).toEqual([]);
    // Nothing waits; but should this process die, the rows are free then.
    expect(await t.store.findNextNotification(NOBODY, 4)).toBe(t.clock.now() + LEASE);
    await t.store.voidLeases('this');
    expect(await claim(t)).toEqual([]);
    await t.store.voidLeases('anew');
    expect(await claim(t, { owner: 'anew' })).toHaveLength(2);
  });

  test('claims in parallel share the rows without doubles', async () => {
    await using t = await openTestStore();
    await fill(t, ['https://a.example/', 'https://b.example/', 'https://c.example/']);
    const claims = await Promise.all([claim(t, { limit: 2 }), claim(t, { limit: 2 }), claim(t, { limit: 2 })]);
    expect(targetsOf(claims.flat())).toEqual(['a.example', 'b.example', 'c.example']);
  });

  test('one shop gets no more than its share of a batch, and others are not held up by it', async () => {
    await using t = await openTestStore();
    await fill(t, [...Array.from({ length: 6 }, () => 'https://dead.example/'), 'https://b.example/']);
    expect(targetsOf(await claim(t, { perTarget: 2, limit: 3 }))).toEqual([
      'b.example',
      'dead.example',
      'dead.example',
    ]);
  });

  test('what is under way counts towards a shop’s share', async () => {
    await using t = await openTestStore();
    await fill(
      t,
      Array.from({ length: 6 }, () => 'https://slow.example/'),
    );
    expect(await claim(t, { underWay: new Map([['slow.example', 3]]) })).toHaveLength(1);
  });

  test('shops take turns: a busy shop early in the alphabet does not keep the places of later ones', async () => {
    await using t = await openTestStore();
    await fill(t, ['https://a.example/', 'https://a.example/', 'https://b.example/', 'https://c.example/']);
    const first = await claim(t, { limit: 1, perTarget: 1 });
    expect(targetsOf(first)).toEqual(['a.example']);
    const second = await claim(t, { limit: 1, perTarget: 1, after: 'a.example' });
    expect(targetsOf(second)).toEqual(['b.example']);
    expect(targetsOf(await claim(t, { limit: 1, perTarget: 1, after: 'b.example' }))).toEqual(['c.example']);
    expect(targetsOf(await claim(t, { limit: 1, perTarget: 1, after: 'c.example' }))).toEqual(['a.example']);
  });

  test('busy targets are left alone, by claims and by the question what is next', async () => {
    await using t = await openTestStore();
    await fill(t, ['https://a.example:444/x', 'https://b.example/']);
    const firstDue = present(await t.store.findNextNotification(NOBODY, 4));
    expect(await t.store.findNextNotification(new Map([['a.example:444', 4]]), 4)).toBe(firstDue + 1000);
    expect(targetsOf(await claim(t, { underWay: new Map([['a.example:444', 4]]) }))).toEqual(['b.example']);
    expect(await t.store.findNextNotification(new Map([['a.example:444', 4]]), 4)).toBe(t.clock.now() + LEASE);
    expect(await t.store.findNextNotification(NOBODY, 4)).toBe(firstDue);
  });

  test('what is not yet due waits, what is due this very millisecond goes; the oldest first', async () => {
    await using t = await openTestStore();
    await fill(t, ['https://a.example/', 'https://b.example/', 'https://c.example/']);
    const first = present(await t.store.findNextNotification(NOBODY, 4));
    expect(await claim(t, { now: first - 1 })).toEqual([]);
    expect(targetsOf(await claim(t, { now: first }))).toEqual(['a.example']);
    expect(targetsOf(await claim(t, { limit: 1 }))).toEqual(['b.example']);
  });
});

describe('the end of a try', () => {
  async function sendOne(t: TestStore): Promise<DueNotification> {
    await fill(t, ['https://a.example/']);
    return present((await claim(t))[0]);
  }
  const finish = (t: TestStore, item: DueNotification, result: DeliveryResult, owner = 'this') =>
    t.store.finishDelivery(item, result, t.clock.now(), owner);
  const row = async (t: TestStore) => (await t.rows.outbox())[0];
  const lastEvent = async (t: TestStore, paymentId: number) => (await t.store.listEvents(paymentId)).at(-1);

  test('delivered: never claimed again', async () => {
    await using t = await openTestStore();
    const item = await sendOne(t);
    expect(await finish(t, item, { outcome: 'delivered', status: 204 })).toBe(true);
    expect(await row(t)).toMatchObject({
      state: 'delivered',
      leased: false,
      tries: 1,
      lastStatus: 204,
      lastError: null,
    });
    await t.store.voidLeases('anew');
    expect(await claim(t)).toEqual([]);
    expect(await lastEvent(t, item.paymentId)).toMatchObject({
      type: 'notification.delivered',
      data: { try: 1, status: 204 },
    });
  });

  test('to be retried: due again then and not before, same id and same body', async () => {
    await using t = await openTestStore();
    const item = await sendOne(t);
    const dueAt = t.clock.now() + 5000;
    await finish(t, item, { outcome: 'retry', status: 500, reason: 'HTTP 500', dueAt });
    expect(await row(t)).toMatchObject({
      state: 'pending',
      tries: 1,
      dueAt,
      lastStatus: 500,
      lastError: 'HTTP 500',
    });
    expect(await t.store.findNextNotification(NOBODY, 4)).toBe(dueAt);
    expect(await claim(t)).toEqual([]);
    expect(await claim(t, { now: dueAt })).toEqual([{ ...item, tries: 1, leasedUntil: dueAt + LEASE }]);
  });

  test('after the lease was lost writes nothing: the row is somebody else’s by then', async () => {
    await using t = await openTestStore();
    const item = await sendOne(t);
    t.clock.advance(LEASE);
    const again = present((await claim(t, { owner: 'other' }))[0]);
    expect(again).toEqual({ ...item, leasedUntil: t.clock.now() + LEASE });
    expect(await finish(t, item, { outcome: 'delivered', status: 204 })).toBe(false);
    expect(await row(t)).toMatchObject({ state: 'pending', leased: true, leasedBy: 'other', tries: 0 });
    expect(await lastEvent(t, item.paymentId)).not.toMatchObject({ type: 'notification.delivered' });
    expect(await finish(t, again, { outcome: 'delivered', status: 204 }, 'other')).toBe(true);
  });

  test('dead: never claimed again, and the timeline says so', async () => {
    await using t = await openTestStore();
    const item = await sendOne(t);
    await finish(t, item, { outcome: 'dead', status: null, reason: 'forbidden address' });
    expect(await row(t)).toMatchObject({ state: 'dead', leased: false, lastError: 'forbidden address' });
    expect(await claim(t, { now: Number.MAX_SAFE_INTEGER })).toEqual([]);
    expect(await lastEvent(t, item.paymentId)).toMatchObject({ type: 'notification.failed', data: { final: true } });
  });
});
