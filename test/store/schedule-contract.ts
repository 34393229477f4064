import { expect, test } from 'bun:test';
import type { Attempt } from '../../src/core/attempt.ts';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import type { NewAttempt } from '../../src/store/commands/open-payment.ts';
import { present } from '../support/parts.ts';
import { applyFacts, openPayment, paid } from '../support/payments.ts';
import { chapters, type OpenTwo } from './open.ts';
import { makeWebhookId, share, start, type TwoProcesses } from './payments-support.ts';

/** Which attempts are asked about when, by two processes on one database. */

export const describeSchedule = chapters<OpenTwo>({
  'claiming attempts to ask about': describeClaims,
  'a plan of the next question': describePlans,
  'an account that is left alone': describeCooldowns,
});

const LEASE = 2 * MINUTE;

let orders = 0;

/** Attempts that are due, a millisecond apart. */
async function fill(t: TwoProcesses, count: number, change: Partial<NewAttempt> = {}): Promise<readonly Attempt[]> {
  const made: Attempt[] = [];
  const gateway = change.gateway ?? 'ecpay';
  for (let n = 0; n < count; n += 1) {
    const checkAt = t.one.clock.now() - 1000 + n;
    const payment = { merchantOrderNo: `DUE-${++orders}`, gateway };
    made.push((await openPayment(t.one, t.project, payment, { checkAt, ...change })).attempt);
  }
  return made;
}

const idsOf = (attempts: readonly Pick<Attempt, 'id'>[]) => attempts.map(({ id }) => id).sort((a, b) => a - b);

function describeClaims(open: OpenTwo): void {
  const claim = ({ both }: TwoProcesses, which: 0 | 1, limit = 100) =>
    both[which].store.claimSyncs(both[which].clock.now(), limit, LEASE, `proc_${which}`);

  test('gives no attempt to two processes, and each to one of them in the end', async () => {
    await using t = await start(open);
    const all = await fill(t, 30);
    const claims = await share(t, 8, ({ store }) => store.claimSyncs(t.one.clock.now(), 5, LEASE, 'proc'));
    for (const some of claims) expect(some.length).toBeLessThanOrEqual(5);
    const rest = await claim(t, 0);
    expect(idsOf([...claims.flat(), ...rest])).toEqual(idsOf(all));
    expect(await claim(t, 1)).toEqual([]);
  });

  test('puts each off by its lease: one whose question dies with its process comes again', async () => {
    await using t = await start(open);
    const all = await fill(t, 3);
    const [claimed] = await claim(t, 0, 1);
    expect(claimed).toMatchObject({ id: present(all[0]).id, checkAt: t.one.clock.now() + LEASE });
    await claim(t, 1);
    expect(await t.one.store.findNextSync()).toBe(t.one.clock.now() + LEASE);
    t.one.clock.advance(LEASE - 1);
    expect(await claim(t, 0)).toEqual([]);
    t.one.clock.advance(1);
    expect(idsOf(await claim(t, 1))).toEqual(idsOf(all));
  });

  test('takes those first that have been due for longest', async () => {
    await using t = await start(open);
    const [last] = await fill(t, 1);
    t.one.clock.advance(-MINUTE);
    const [first] = await fill(t, 1);
    t.one.clock.advance(MINUTE);
    expect(idsOf(await claim(t, 0, 1))).toEqual([present(first).id]);
    expect(idsOf(await claim(t, 1, 1))).toEqual([present(last).id]);
  });

  test('leaves what is not yet due, and what is over', async () => {
    await using t = await start(open);
    const [sold, open_, later] = [...(await fill(t, 2)), ...(await fill(t, 1, { checkAt: t.one.clock.now() + 1 }))];
    await applyFacts(t.two, present(sold).id, [paid()]);
    expect(idsOf(await claim(t, 0))).toEqual(idsOf([present(open_)]));
    t.one.clock.advance(1);
    expect(idsOf(await claim(t, 1))).toEqual(idsOf([present(later)]));
  });
}

function describePlans(open: OpenTwo): void {
  test('is kept while the attempt can still be paid, also one that was closed here alone', async () => {
    await using t = await start(open);
    const { attempt, payment } = await openPayment(t.one, t.project);
    const plan = { attemptId: attempt.id, checkAt: 5, syncTries: 2, notFoundCount: 1 };
    await t.two.store.planSync(plan, 9);
    const planned = { checkAt: 5, syncTries: 2, notFoundCount: 1, updatedAt: 9 };
    expect(await t.one.store.findAttempt(attempt.id)).toMatchObject(planned);
    await t.two.store.planSync({ ...plan, checkAt: 6 }, 10);
    expect(await t.one.store.findAttempt(attempt.id)).toMatchObject({ ...planned, checkAt: 6 });
    await t.one.store.cancelPayment({ paymentId: payment.id, by: { type: 'payer' }, now: 11, makeWebhookId });
    await t.two.store.planSync({ ...plan, checkAt: 7 }, 12);
    expect(await t.one.store.findAttempt(attempt.id)).toMatchObject({ status: 'ended', checkAt: 7 });
  });

  test('puts off no question that somebody has asked for since', async () => {
    await using t = await start(open);
    const [attempt] = await fill(t, 1);
    const { id: attemptId } = present(attempt);
    const now = t.one.clock.now();
    const planned = async (known: number | null, checkAt: number | null) => {
      await t.two.store.planSync({ attemptId, checkAt, syncTries: 0, notFoundCount: 0, known }, now);
      return (await t.one.store.findAttempt(attemptId))?.checkAt;
    };
    await t.one.store.planSync({ attemptId, checkAt: now + HOUR, syncTries: 0, notFoundCount: 0 }, now);
    expect(await planned(now + HOUR, now + 3 * HOUR)).toBe(now + 3 * HOUR);
    // Somebody else has asked for one at once.
    await t.one.store.planSync({ attemptId, checkAt: now, syncTries: 0, notFoundCount: 0 }, now);
    expect(await planned(now + 3 * HOUR, now + 4 * HOUR)).toBe(now);
    expect(await planned(now + 3 * HOUR, null)).toBe(now);
    expect(await planned(now, null)).toBe(null as never);
  });

  test('does not bring back what is over, even when that happens at the same moment', async () => {
    await using t = await start(open);
    for (const fact of [paid(), { type: 'ended', reason: 'EXPIRED' } as const]) {
      for (let round = 0; round < 5; round += 1) {
        const [attempt] = await fill(t, 1);
        const { id: attemptId } = present(attempt);
        const checkAt = t.one.clock.now() + HOUR;
        await Promise.all([
          applyFacts(t.one, attemptId, [fact]),
          t.two.store.planSync({ attemptId, checkAt, syncTries: 3, notFoundCount: 2 }, 1),
        ]);
        expect(await t.one.store.findAttempt(attemptId)).toMatchObject({ checkAt: null, syncTries: 0 });
        await t.two.store.planSync({ attemptId, checkAt, syncTries: 3, notFoundCount: 2 }, 1);
        expect(await t.one.store.findAttempt(attemptId)).toMatchObject({ checkAt: null, syncTries: 0 });
      }
    }
  });

  test('of what was closed here is moved or dropped, and of nothing else', async () => {
    await using t = await start(open);
    const [alive, closed, sold] = await fill(t, 3);
    const now = t.one.clock.now();
    const [alivePlan, { paymentId }] = [present(alive).checkAt, present(closed)];
    await t.one.store.cancelPayment({ paymentId, by: { type: 'payer' }, now, makeWebhookId });
    await applyFacts(t.one, present(sold).id, [paid()]);
    for (const attempt of [alive, closed, sold]) await t.two.store.planLastSync(present(attempt).id, now + HOUR);
    const plans = async () =>
      Promise.all([alive, closed, sold].map(async (one) => (await t.one.store.findAttempt(present(one).id))?.checkAt));
    expect(await plans()).toEqual([alivePlan, now + HOUR, null]);
    await t.two.store.planLastSync(present(closed).id, null);
    await t.two.store.planLastSync(present(closed).id, now);
    expect(await plans()).toEqual([alivePlan, null, null]);
  });
}

function describeCooldowns(open: OpenTwo): void {
  test('is so until the latest of the times that anybody was told, it alone', async () => {
    await using t = await start(open);
    const account = { gateway: 'ecpay', environment: 'stage', merchantId: '3002607' } as const;
    await share(t, 10, ({ store }, index) => store.startCooldown(account, 100 + ((index * 7) % 10), 1));
    expect(await t.one.store.findCooldown(account, 108)).toBe(109);
    expect(await t.two.store.findCooldown(account, 109)).toBeNull();
    for (const change of [{ environment: 'production' }, { merchantId: '2000132' }, { gateway: 'paypal' }] as const) {
      expect(await t.two.store.findCooldown({ ...account, ...change }, 0)).toBeNull();
    }
  });
}
