import { describe, expect, test } from 'bun:test';
import type { TroubleKind } from '../../src/core/attention.ts';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { present } from '../support/parts.ts';
import { applyFacts, callbackOf, openPayment, paid, type TestProject } from '../support/payments.ts';
import { openRefunds } from '../support/refunds.ts';
import type { TestStore } from '../support/store.ts';
import type { OpenTwo } from './open.ts';
import { makeWebhookId, share, start, typesOf } from './payments-support.ts';

/** What needs a person. */

const PERSON = { type: 'person', id: 1, name: 'Mei' } as const;

const scopeOf = ({ projectId }: TestProject) => ({ projectId, keyKind: 'test' }) as const;

async function list(t: TestStore, project: TestProject) {
  const input = { scope: scopeOf(project), now: t.clock.now(), after: null, limit: 50 };
  return (await t.store.listTroubles(input)).map(({ trouble }) => trouble);
}

const kindsOf = async (t: TestStore, project: TestProject): Promise<readonly TroubleKind[]> =>
  (await list(t, project)).map(({ kind }) => kind);

const telling = ({ clock }: TestStore) => ({ now: clock.now(), makeWebhookId });

async function handle(t: TestStore, project: TestProject): Promise<void> {
  for (const { id } of await list(t, project)) {
    await t.store.handleTrouble({ id, by: PERSON, now: t.clock.now() });
  }
}

/** Tries the notification that is due, and the shop is gone. */
async function killNotification(t: TestStore): Promise<number> {
  const claim = { now: t.clock.now(), limit: 1, owner: 'proc', leaseMs: MINUTE };
  const item = present((await t.store.claimDueNotifications(claim))[0]);
  await t.store.finishDelivery(
    item,
    { outcome: 'dead', status: 410, reason: 'the shop answered HTTP 410' },
    t.clock.now(),
    'proc',
  );
  return item.id;
}

export function describeTroubles(open: OpenTwo): void {
  describe('money', () => {
    test('that does not match needs a person once, however often it is told; other wrong money does anew', async () => {
      await using t = await start(open);
      const { attempt, payment } = await openPayment(t.one, t.project);
      await applyFacts(t.one, attempt.id, [paid({ amount: 1 })], { callback: callbackOf('wrong') });
      await applyFacts(t.two, attempt.id, [paid({ amount: 1 })], { source: 'sync' });
      expect(await list(t.one, t.project)).toMatchObject([
        { kind: 'mismatch', paymentId: payment.id, data: { reason: 'amount', amount: 1, currency: 'TWD' } },
      ]);
      await handle(t.one, t.project);
      await applyFacts(t.one, attempt.id, [paid({ amount: 1 })], { source: 'sync' });
      expect(await kindsOf(t.two, t.project)).toEqual([]);
      await applyFacts(t.one, attempt.id, [paid({ amount: 2 })], { source: 'sync' });
      expect(await kindsOf(t.two, t.project)).toEqual(['mismatch']);
    });

    test('of another merchant needs a person', async () => {
      await using t = await start(open);
      const { attempt } = await openPayment(t.one, t.project);
      const callback = callbackOf('theirs');
      await t.one.store.flagMismatch({ attemptId: attempt.id, reason: 'no', callback, ...telling(t.one) });
      expect(await kindsOf(t.one, t.project)).toEqual(['mismatch']);
    });

    test('that comes twice, or late, needs a person until all of it has gone back', async () => {
      await using t = await start(open);
      const { payment, attempt } = await openPayment(t.one, t.project);
      await t.one.store.cancelPayment({ paymentId: payment.id, by: PERSON, ...telling(t.one) });
      await applyFacts(t.one, attempt.id, [paid()]);
      await applyFacts(t.one, attempt.id, [paid({ tradeNo: 'T2' })]);
      expect([...(await kindsOf(t.one, t.project))].sort()).toEqual(['duplicate', 'late']);
      const make = (refundNo: string, amount: number) =>
        t.one.store.openRefund({
          ...{ makeRefundNo: () => refundNo, isRepeatable: false, paymentId: payment.id, attemptId: attempt.id },
          ...{ credentialId: t.project.credentialId, amount, reason: '', by: PERSON, now: t.one.clock.now() },
        });
      const answer = { status: 'succeeded', message: '', credentialId: t.project.credentialId } as const;
      for (const [refundNo, amount, left] of [
        ['RF1', 97_000, ['duplicate', 'late']],
        ['RF2', 1000, ['duplicate']],
      ] as const) {
        await make(refundNo, amount);
        await t.one.store.settleRefund(refundNo, { ...answer, gatewayRefundNo: `re_${refundNo}` }, telling(t.one));
        expect([...(await kindsOf(t.one, t.project))].sort()).toEqual([...left]);
      }
    });

    test('that a bank wants back needs a person', async () => {
      await using t = await start(open);
      const { attempt } = await openPayment(t.one, t.project);
      await applyFacts(t.one, attempt.id, [paid(), { type: 'disputed', code: 'dp_1', message: 'fraudulent' }]);
      expect(await list(t.one, t.project)).toMatchObject([{ kind: 'disputed', data: { message: 'fraudulent' } }]);
    });
  });

  test('what nobody knows the outcome of needs a person until it is known', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    for (const about of ['unanswered', 'under_review', 'simulated', 'anything else']) {
      await t.one.store.flagForReview(payment.id, about, telling(t.one));
      await t.two.store.flagForReview(payment.id, about, telling(t.two));
    }
    const found = await kindsOf(t.one, t.project);
    expect([...found].sort()).toEqual(['flagged', 'simulated', 'under_review', 'unsettled']);
    await applyFacts(t.one, attempt.id, [paid()]);
    expect([...(await kindsOf(t.one, t.project))].sort()).toEqual(['flagged', 'simulated']);
  });

  test('nothing that goes well needs anybody', async () => {
    await using t = await start(open);
    const refunds = await openRefunds(t.one, t.project);
    await refunds.answer(await refunds.make(10_000));
    expect(await t.one.rows.troubles()).toEqual([]);
  });

  describe('a notification that the shop never took', () => {
    test('needs a person until it is sent again, whoever sends it, and anew when that comes to nothing', async () => {
      await using t = await start(open);
      const { attempt, payment } = await openPayment(t.one, t.project);
      await applyFacts(t.one, attempt.id, [paid()]);
      const outboxId = await killNotification(t.one);
      expect(await list(t.two, t.project)).toMatchObject([
        { kind: 'notification_dead', outboxId, data: { event: 'payment.paid', status: 410 } },
      ]);
      await t.one.store.resendNotification(payment.id, { by: PERSON }, t.one.clock.now());
      expect([await kindsOf(t.two, t.project), await t.one.store.countTroubles(scopeOf(t.project), 0, 9)]).toEqual([
        [],
        0,
      ]);
      t.one.clock.advance(MINUTE);
      await killNotification(t.one);
      expect(await kindsOf(t.two, t.project)).toEqual(['notification_dead']);
      await handle(t.one, t.project);
      const again = (store: TestStore) => store.store.resendIfDead(outboxId, PERSON, store.clock.now());
      expect(await again(t.one)).toMatchObject({ underWay: false });
      expect(await again(t.two)).toBeNull();
      expect((await typesOf(t.one, payment.id)).filter((type) => type === 'admin.resend')).toHaveLength(2);
      await killNotification(t.one);
      expect(await kindsOf(t.two, t.project)).toEqual(['notification_dead']);
    });

    test('that died again since somebody looked is not seen to by him, whoever had sent it again', async () => {
      await using t = await start(open);
      const { attempt, payment } = await openPayment(t.one, t.project);
      await applyFacts(t.one, attempt.id, [paid()]);
      await killNotification(t.one);
      const { id, since } = present((await list(t.one, t.project))[0]);
      t.one.clock.advance(MINUTE);
      await t.two.store.resendNotification(payment.id, { by: PERSON }, t.one.clock.now());
      await killNotification(t.one);
      const handle = (seen: number) =>
        t.one.store.handleTrouble({ id, by: PERSON, since: seen, now: t.one.clock.now() });
      expect(await handle(since)).toBeNull();
      const again = present((await list(t.one, t.project))[0]);
      expect([again.kind, again.since]).toEqual(['notification_dead', since + MINUTE]);
      expect(await handle(again.since)).toMatchObject({ id, closedBy: PERSON });
    });
  });

  describe('a refund that no gateway tells the outcome of', () => {
    const lost = async (t: TestStore, project: TestProject) => {
      const refunds = await openRefunds(t, project);
      const refund = await refunds.make(10_000);
      await t.store.loseRefund(refund.refundNo, { kind: 'timeout', message: 'no answer' }, t.clock.now());
      t.clock.advance(HOUR);
      const lists = [{ attemptId: refund.attemptId, credentialId: refund.credentialId, reported: null }];
      const asked = { paymentId: refund.paymentId, lists, askedAt: t.clock.now(), isScheduled: true };
      await t.store.reconcileRefunds({ ...asked, makeRefundNo: () => 'RF-none', ...telling(t) });
      return refund;
    };
    const settle = (t: TestStore, refundNo: string, status: 'succeeded' | 'failed', gatewayRefundNo: string | null) =>
      t.store.settleRefundByHand({ refundNo, status, gatewayRefundNo, message: 'seen', by: PERSON, ...telling(t) });

    test('is settled by a person, and counts as if the gateway had said so', async () => {
      await using t = await start(open);
      const { refundNo, paymentId } = await lost(t.one, t.project);
      expect(await list(t.one, t.project)).toMatchObject([
        { kind: 'refund_unknown', data: { refund_no: refundNo, amount: 10_000 } },
      ]);
      expect(await settle(t.one, refundNo, 'succeeded', 're_9')).toMatchObject({
        ...{ status: 'succeeded', gatewayRefundNo: 're_9', message: 'seen' },
      });
      expect(await kindsOf(t.one, t.project)).toEqual([]);
      expect((await t.one.store.findPaymentById(paymentId))?.refunded).toBe(10_000);
      const events = await t.one.rows.events({ paymentId });
      expect(events.at(-1)).toMatchObject({ type: 'refund.settled', data: { by: PERSON, status: 'succeeded' } });
      expect((await t.one.rows.outbox({ paymentId })).map(({ event }) => event)).toContain('payment.refunded');
    });

    test('is settled once, by one of two who do so at the same moment', async () => {
      await using t = await start(open);
      const { refundNo, paymentId } = await lost(t.one, t.project);
      const outcomes = await share(t, 6, (store, n) =>
        settle(store, refundNo, n % 2 === 0 ? 'succeeded' : 'failed', null),
      );
      expect(outcomes.filter((one) => one === 'settled')).toHaveLength(5);
      const [refund] = await t.one.rows.refunds({ refundNo });
      const refunded = refund?.status === 'succeeded' ? 10_000 : 0;
      expect((await t.one.store.findPaymentById(paymentId))?.refunded).toBe(refunded);
    });

    test('and that was not made leaves its amount to be paid back', async () => {
      await using t = await start(open);
      const { refundNo, paymentId, attemptId } = await lost(t.one, t.project);
      await settle(t.one, refundNo, 'failed', null);
      const whole = await t.one.store.openRefund({
        ...{ makeRefundNo: () => 'RF-2', isRepeatable: false, paymentId, attemptId, amount: null, reason: '' },
        ...{ credentialId: t.project.credentialId, by: PERSON, now: t.one.clock.now() },
      });
      expect(whole).toMatchObject({ refund: { amount: 98_000 } });
    });

    test('is left alone while its call may be under way, or when its number belongs to another', async () => {
      await using t = await start(open);
      const refunds = await openRefunds(t.one, t.project);
      const [first, second] = [await refunds.make(1000), await refunds.make(2000)];
      expect(await settle(t.one, first.refundNo, 'succeeded', 're_1')).toBe('under_way');
      t.one.clock.advance(HOUR);
      await settle(t.one, first.refundNo, 'succeeded', 're_1');
      expect(await settle(t.one, second.refundNo, 'succeeded', 're_1')).toBe('number_taken');
      expect(await settle(t.one, 'RF-none', 'failed', null)).toBe('not_found');
    });
  });

  test('what a person has seen to leaves the list and stands in the timeline; the payment keeps its flags', async () => {
    await using t = await start(open);
    const { attempt, payment } = await openPayment(t.one, t.project);
    await applyFacts(t.one, attempt.id, [paid({ amount: 1 })]);
    const [trouble] = await list(t.one, t.project);
    const { id } = present(trouble);
    const outcomes = await share(t, 4, (store) =>
      store.store.handleTrouble({ id, by: PERSON, now: store.clock.now() }),
    );
    expect(outcomes.filter((one) => one !== null)).toHaveLength(1);
    expect(await t.one.store.findTrouble(id)).toMatchObject({ closedBy: PERSON });
    expect((await typesOf(t.one, payment.id)).filter((type) => type === 'admin.handled')).toHaveLength(1);
    expect((await t.one.store.findPaymentById(payment.id))?.flags).toEqual(['mismatch', 'attention']);
    expect(await t.one.store.countTroubles(scopeOf(t.project), t.one.clock.now(), 9)).toBe(0);
  });

  test('an account that rests needs attention as long as it does, in every project, test or not by its environment', async () => {
    await using t = await start(open);
    const now = t.one.clock.now();
    for (const environment of ['stage', 'production'] as const) {
      await t.one.store.startCooldown({ gateway: 'ecpay', environment, merchantId: '1' }, now + HOUR, now);
    }
    const seen = async (keyKind: 'live' | 'test') =>
      (
        await t.two.store.listTroubles({
          scope: { projectId: null, keyKind },
          now: t.two.clock.now(),
          after: null,
          limit: 9,
        })
      ).map(({ trouble }) => trouble.data.environment);
    expect([await seen('live'), (await seen('test')).sort()]).toEqual([['production'], ['production', 'stage']]);
    t.one.clock.advance(HOUR);
    expect(await seen('test')).toEqual([]);
    expect(await t.one.store.closeStaleTroubles(t.one.clock.now(), 1)).toBe(1);
    const later = t.one.clock.now();
    await t.one.store.startCooldown({ gateway: 'ecpay', environment: 'stage', merchantId: '1' }, later + HOUR, later);
    expect(await seen('test')).toEqual(['stage']);
  });

  test('credentials that others take the place of need nobody', async () => {
    await using t = await start(open);
    const { projectId, credentialId } = t.project;
    const refused = { kind: 'credentials_refused', projectId, keyKind: 'test', data: {}, since: 1 } as const;
    await t.one.store.raiseTrouble({ ...refused, subject: String(credentialId) });
    const place = { projectId, gateway: 'ecpay', environment: 'stage' } as const;
    await t.one.store.closeReplacedTroubles({ ...place, kept: credentialId, now: 2 });
    expect(await kindsOf(t.one, t.project)).toEqual(['credentials_refused']);
    await t.one.store.closeReplacedTroubles({ ...place, kept: 0, now: 2 });
    expect(await kindsOf(t.one, t.project)).toEqual([]);
  });

  test('a list is read page by page, newest first, over all projects or one, and counted no further than asked', async () => {
    await using t = await start(open);
    const add = (n: number, projectId: number | null, keyKind: 'live' | 'test' | null) =>
      t.one.store.raiseTrouble({
        ...{ kind: 'flagged', subject: `${n}`, projectId, keyKind, data: { n } },
        since: t.one.clock.now() - DAY + Math.floor(n / 2),
      });
    const { projectId } = t.project;
    for (let n = 0; n < 8; n += 1)
      await add(n, [projectId, projectId + 1, null][n % 3] ?? null, n === 7 ? 'live' : 'test');
    await t.one.store.ensureProject('other', new Uint8Array([1]), 1);
    const read = async (id: number | null) => {
      const all: unknown[] = [];
      let after = null;
      for (;;) {
        const input = { scope: { projectId: id, keyKind: 'test' }, now: t.one.clock.now(), after, limit: 2 } as const;
        const page = await t.one.store.listTroubles(input);
        all.push(...page.map(({ trouble }) => trouble.data.n));
        const last = page.at(-1)?.trouble;
        if (!last || page.length < 2) return all;
        after = { since: last.since, id: last.id };
      }
    };
    expect(await read(projectId)).toEqual([6, 5, 3, 2, 0]);
    expect(await read(null)).toEqual([6, 5, 4, 3, 2, 1, 0]);
    const scope = { projectId: null, keyKind: 'test' } as const;
    expect([await t.one.store.countTroubles(scope, 0, 3), await t.one.store.countTroubles(scope, 0, 9)]).toEqual([
      3, 7,
    ]);
  });
}
