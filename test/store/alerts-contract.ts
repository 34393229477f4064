import { expect, test } from 'bun:test';
import type { AlertChannel } from '../../src/core/alert.ts';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import type { AlertClaim, AlertResult, ClaimedAlert } from '../../src/store/commands/alerts/claim.ts';
import { addAlert, MAX_WAITING } from '../../src/store/commands/alerts/raise.ts';
import { flagForReview } from '../../src/store/commands/notifications.ts';
import { rejection } from '../support/parts.ts';
import { applyFacts, callbackOf, openPayment, paid } from '../support/payments.ts';
import type { TestStore } from '../support/store.ts';
import { chapters, type OpenTwo, type TwoStores } from './open.ts';
import { makeWebhookId, share, start } from './payments-support.ts';

/** Alerts that wait to go out, seen by two processes on one database. */

const LEASE = 2 * MINUTE;
const GAP = 10 * MINUTE;

export const describeAlerts = chapters<OpenTwo>({
  'an alert is written': describeRaising,
  'what waits on a channel': describeSending,
  'a channel': describeChannels,
  'the summary of a day': describeSummary,
});

const switchOn = async ({ one }: TwoStores, ...names: readonly AlertChannel[]) => {
  for (const name of names) {
    await one.store.saveAlertChannel(name, { isOn: true, config: { name } }, one.clock.now());
  }
};

const raise = ({ store, clock }: TestStore, about: string, kind: 'clock_skew' | 'backup_failed' = 'clock_skew') =>
  store.raiseAlert({ kind, about, data: { n: about } }, clock.now());

const claim = ({ store, clock }: TestStore, change: Partial<AlertClaim> = {}) =>
  store.claimAlerts({ channel: 'email', now: clock.now(), limit: 10, owner: 'one', leaseMs: LEASE, ...change });

const finish = ({ store, clock }: TestStore, items: readonly ClaimedAlert[], result: AlertResult) =>
  store.finishAlerts({
    ...{ channel: 'email', owner: 'one', now: clock.now(), gapMs: GAP },
    results: items.map((item) => ({ item, result })),
  });

const DELIVERED: AlertResult = { outcome: 'delivered' };

const listed = async ({ store }: TestStore) =>
  (await store.listAlerts(100)).map(({ channel, kind, state }) => `${channel} ${kind} ${state}`).sort();

const nextOf = async ({ store }: TestStore, name: AlertChannel = 'email') => {
  const channel = (await store.listAlertChannels()).find((one) => one.name === name);
  return channel ? store.findNextAlert(channel) : null;
};

function describeRaising(open: OpenTwo): void {
  test('for every channel that is on and carries trouble, and for none while all are off', async () => {
    await using t = await open();
    expect(await raise(t.one, 'a')).toBe(false);
    await switchOn(t, 'summary');
    expect(await raise(t.one, 'a')).toBe(false);
    await switchOn(t, 'email', 'webhook');
    expect(await raise(t.one, 'a')).toBe(true);
    expect(await listed(t.two)).toEqual(['email clock_skew pending', 'webhook clock_skew pending']);
  });

  test('once of each kind and subject, however many ask at the same moment', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    const written = await share(t, 8, (store) => raise(store, 'a'));
    expect(written.filter(Boolean).length).toBe(1);
    expect(await raise(t.two, 'b')).toBe(true);
    expect(await raise(t.two, 'a', 'backup_failed')).toBe(true);
    expect((await listed(t.one)).length).toBe(3);
  });

  test('in the transaction of what it tells of: when that fails there is neither', async () => {
    await using t = await start(open);
    await switchOn(t, 'email');
    const { payment } = await openPayment(t.one, t.project);
    const telling = { now: t.one.clock.now(), makeWebhookId };
    const failed = t.one.engine.write(async (tx) => {
      await flagForReview(tx, payment.id, 'unanswered', telling);
      throw new Error('the disk is full');
    });
    expect(String(await rejection(failed))).toContain('the disk is full');
    expect([(await t.two.rows.payments())[0]?.flags, await listed(t.two)]).toEqual([[], []]);
    await t.one.store.flagForReview(payment.id, 'unanswered', telling);
    await t.two.store.flagForReview(payment.id, 'unanswered', telling);
    expect((await t.two.rows.payments())[0]?.flags).toEqual(['attention']);
    const [alert] = await t.two.store.listAlerts(10);
    expect(alert).toMatchObject({
      ...{ kind: 'unsettled', paymentNo: payment.paymentNo, projectId: t.project.projectId },
      data: { reason: 'unanswered', order_no: 'ORDER-1', amount: 'TWD 980', livemode: false },
    });
    expect((await listed(t.one)).length).toBe(1);
  });

  test('when a payment is late, paid twice, or paid with other money than was asked for', async () => {
    await using t = await start(open);
    await switchOn(t, 'email');
    const late = await openPayment(t.one, t.project, { merchantOrderNo: 'LATE' });
    await applyFacts(t.one, late.attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    await applyFacts(t.two, late.attempt.id, [paid()]);
    const twice = await openPayment(t.one, t.project, { merchantOrderNo: 'TWICE' });
    for (const tradeNo of ['T1', 'T2', 'T2', 'T3']) await applyFacts(t.two, twice.attempt.id, [paid({ tradeNo })]);
    const wrong = await openPayment(t.one, t.project, { merchantOrderNo: 'WRONG' });
    // The same again is no news; other wrong money is, as in the list of what needs a person.
    for (const amount of [1, 2, 2]) await applyFacts(t.one, wrong.attempt.id, [paid({ amount })]);
    const foreign = await openPayment(t.one, t.project, { merchantOrderNo: 'FOREIGN' });
    const mismatch = { attemptId: foreign.attempt.id, reason: 'merchant', callback: callbackOf('MerchantID=9') };
    await t.two.store.flagMismatch({ ...mismatch, now: t.two.clock.now(), makeWebhookId });
    const good = await openPayment(t.one, t.project, { merchantOrderNo: 'GOOD' });
    await applyFacts(t.one, good.attempt.id, [paid()]);
    const told = (await t.one.store.listAlerts(100)).map(({ kind, data }) => `${data.order_no} ${kind}`).sort();
    expect(told).toEqual([
      ...['FOREIGN mismatch', 'LATE late'],
      ...['TWICE duplicate', 'TWICE duplicate', 'WRONG mismatch', 'WRONG mismatch'],
    ]);
  });

  test('when a shop’s notification is dead: once a day of each shop', async () => {
    await using t = await start(open);
    await switchOn(t, 'email');
    const die = async (merchantOrderNo: string) => {
      const { attempt } = await openPayment(t.one, t.project, { merchantOrderNo });
      await applyFacts(t.one, attempt.id, [paid({ tradeNo: merchantOrderNo })]);
      const now = t.one.clock.now();
      const items = await t.one.store.claimDueNotifications({ now, limit: 10, owner: 'one', leaseMs: LEASE });
      const result = { outcome: 'dead', status: 503, reason: 'the shop answered HTTP 503' } as const;
      for (const item of items) await t.one.store.finishDelivery(item, result, now, 'one');
    };
    await die('A');
    await die('B');
    const [alert, ...more] = await t.two.store.listAlerts(10);
    expect(more).toEqual([]);
    expect(alert?.kind).toBe('notification_dead');
    expect(alert?.data).toMatchObject({ order_no: 'A', origin: 'https://shop.example', event: 'payment.paid' });
    t.one.clock.advance(DAY);
    await die('C');
    expect((await listed(t.two)).length).toBe(2);
  });

  test('when a gateway wants to be left alone: once a day of each account', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    const account = { gateway: 'ecpay', environment: 'stage', merchantId: '3002607' } as const;
    const now = t.one.clock.now();
    await share(t, 4, ({ store }) => store.startCooldown(account, now + HOUR, now));
    await t.two.store.startCooldown({ ...account, merchantId: '2000132' }, now + HOUR, now);
    expect(await listed(t.one)).toEqual(['email gateway_resting pending', 'email gateway_resting pending']);
    await t.one.store.startCooldown(account, now + DAY + HOUR, now + DAY);
    expect((await listed(t.one)).length).toBe(3);
  });

  test('while not too many wait already', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await t.one.engine.write(async (tx) => {
      for (let n = 0; n < MAX_WAITING; n += 1) await addAlert(tx, 'email', { kind: 'clock_skew', about: `${n}` }, 0);
    });
    expect(await raise(t.two, 'one too many')).toBe(false);
  });
}

function describeSending(open: OpenTwo): void {
  test('is taken by one process, the oldest first, and nothing more while that is under way', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    for (const about of ['a', 'b', 'c']) await raise(t.one, about);
    const claims = await share(t, 6, (store, n) => claim(store, { limit: 2, owner: `process ${n}` }));
    expect(claims.filter((items) => items.length > 0).map((items) => items.map(({ data }) => data.n))).toEqual([
      ['a', 'b'],
    ]);
    expect(await nextOf(t.two)).toBe(t.one.clock.now() + LEASE);
    // Its process has died.
    t.one.clock.advance(LEASE);
    expect((await claim(t.two, { owner: 'two' })).map(({ data }) => data.n)).toEqual(['a', 'b', 'c']);
  });

  test('that was delivered is over, and the channel rests for a while', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await raise(t.one, 'a');
    await finish(t.one, await claim(t.one), DELIVERED);
    expect(await listed(t.two)).toEqual(['email clock_skew delivered']);
    expect((await t.two.store.listAlertChannels())[0]).toMatchObject({
      lastSentAt: t.one.clock.now(),
      lastError: null,
    });
    await raise(t.one, 'b');
    expect([await claim(t.two), await nextOf(t.two)]).toEqual([[], t.one.clock.now() + GAP]);
    t.one.clock.advance(GAP);
    expect((await claim(t.two)).length).toBe(1);
  });

  test('that nobody took is due again when it was told, or dead, and says why', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await raise(t.one, 'a');
    const dueAt = t.one.clock.now() + MINUTE;
    await finish(t.one, await claim(t.one), { outcome: 'failed', reason: 'ECONNREFUSED', dueAt });
    expect([await claim(t.two), await nextOf(t.two)]).toEqual([[], dueAt]);
    t.one.clock.set(dueAt);
    const again = await claim(t.two);
    expect(again).toMatchObject([{ tries: 1 }]);
    await finish(t.two, again, { outcome: 'failed', reason: 'still refused', dueAt: null });
    expect(await t.one.store.listAlerts(1)).toMatchObject([{ state: 'dead', tries: 2, lastError: 'still refused' }]);
    expect(await t.one.store.listAlertChannels()).toMatchObject([{ lastError: 'still refused', lastSentAt: null }]);
    expect(await nextOf(t.one)).toBeNull();
  });

  test('is not finished by one whose time is over, be it the same process that has taken it anew', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await raise(t.one, 'a');
    const mine = await claim(t.one);
    t.one.clock.advance(LEASE);
    const theirs = await claim(t.two);
    await finish(t.one, mine, { outcome: 'failed', reason: 'too late', dueAt: null });
    expect(await t.one.store.listAlerts(1)).toMatchObject([{ state: 'pending', lastError: null }]);
    await finish(t.two, theirs, DELIVERED);
    expect(await listed(t.one)).toEqual(['email clock_skew delivered']);
  });

  test('comes as long after now as before when the clock was put back', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await raise(t.one, 'a');
    await finish(t.one, await claim(t.one), DELIVERED);
    await raise(t.one, 'b');
    const back = 3 * HOUR;
    t.one.clock.jump(-back);
    await t.one.store.replan(t.one.clock.now(), back);
    expect(await nextOf(t.one)).toBe(t.one.clock.now() + GAP);
  });

  test('is kept for a while when it is over, and then dropped; what waits stays', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await raise(t.one, 'a');
    await finish(t.one, await claim(t.one), DELIVERED);
    await raise(t.one, 'b');
    expect(await t.one.store.pruneAlerts(t.one.clock.now())).toBe(0);
    expect(await t.one.store.pruneAlerts(t.one.clock.now() + 1)).toBe(1);
    expect(await listed(t.one)).toEqual(['email clock_skew pending']);
  });
}

function describeChannels(open: OpenTwo): void {
  test('keeps its secret unless it is given another, and takes it away when told so', async () => {
    await using t = await open();
    const save = (change: { config: object; secret?: Uint8Array | null }) =>
      t.one.store.saveAlertChannel('webhook', { isOn: true, ...change } as never, t.one.clock.now());
    const row = async () => (await t.two.store.listAlertChannels())[0];
    await save({ config: { url: 'https://a.example' }, secret: new Uint8Array([1, 2]) });
    await save({ config: { url: 'https://b.example' } });
    expect(await row()).toMatchObject({ config: { url: 'https://b.example' }, secret: new Uint8Array([1, 2]) });
    await save({ config: {}, secret: null });
    expect(await row()).toMatchObject({ config: {}, secret: null });
  });

  test('that is set anew has what waits sent at once; one that is switched off gives it up', async () => {
    await using t = await open();
    await switchOn(t, 'email');
    await raise(t.one, 'a');
    await finish(t.one, await claim(t.one), { outcome: 'failed', reason: 'x', dueAt: t.one.clock.now() + DAY });
    await switchOn(t, 'email');
    expect(await nextOf(t.two)).toBe(t.one.clock.now());
    await t.one.store.saveAlertChannel('email', { isOn: false, config: {} }, t.one.clock.now());
    expect([await nextOf(t.two), await claim(t.two)]).toEqual([null, []]);
    expect(await listed(t.two)).toEqual(['email clock_skew dead']);
  });
}

function describeSummary(open: OpenTwo): void {
  const ask = ({ store, clock }: TestStore, day: string) =>
    store.claimSummary({ day, from: 1, to: 2, now: clock.now() });

  test('is written once, whichever process asks and however often, and only when it is wanted', async () => {
    await using t = await open();
    expect(await ask(t.one, '2026-06-22')).toBe(false);
    await switchOn(t, 'summary');
    const first = await share(t, 8, (store) => ask(store, '2026-06-22'));
    expect(first.filter(Boolean).length).toBe(1);
    expect(await ask(t.two, '2026-06-21')).toBe(false);
    expect(await ask(t.two, '2026-06-23')).toBe(true);
    const items = await claim(t.one, { channel: 'summary' });
    expect(items.map(({ kind, data }) => [kind, data])).toEqual([
      ['daily_summary', { day: '2026-06-22', from: 1, to: 2 }],
      ['daily_summary', { day: '2026-06-23', from: 1, to: 2 }],
    ]);
  });
}
