import type { Attempt } from '../../src/core/attempt.ts';
import { makeRefundNo } from '../../src/core/ids.ts';
import type { Refund, ReportedRefund } from '../../src/core/refund.ts';
import type { NewRefund, OpenedRefund } from '../../src/store/commands/refunds/open.ts';
import type { RefundAnswer } from '../../src/store/commands/refunds/settle.ts';
import { present } from './parts.ts';
import { applyFacts, type Opened, openPayment, paid, type TestProject } from './payments.ts';
import type { TestStore } from './store.ts';

const LEASE = 120_000;

/** A paid payment of NT$980 and what a shop and a gateway do to its refunds, through the store. */
export async function openRefunds(t: TestStore, project: TestProject, orderNo = 'ORDER-1') {
  const opened = await openPayment(t, project, { merchantOrderNo: orderNo });
  await applyFacts(t, opened.attempt.id, [paid({ tradeNo: `T ${orderNo}` })]);
  return bindRefunds(t, opened);
}

/** All that is left of an attempt, asked for by a shop. */
export function wholeRefund(
  { clock, random }: Pick<TestStore, 'clock' | 'random'>,
  { id: attemptId, paymentId, credentialId }: Pick<Attempt, 'id' | 'paymentId' | 'credentialId'>,
): NewRefund {
  return {
    makeRefundNo: () => makeRefundNo(clock.now(), random),
    isRepeatable: false,
    paymentId,
    attemptId,
    credentialId,
    amount: null,
    reason: '',
    by: { type: 'api_key', id: 1 },
    now: clock.now(),
  };
}

let webhooks = 0;

export function bindRefunds(t: TestStore, { payment, attempt }: Opened) {
  const change = () => ({ now: t.clock.now(), makeWebhookId: () => `msg_${payment.id}_${webhooks++}` });
  return {
    payment,
    attempt,
    open: (more: Partial<NewRefund> = {}) => t.store.openRefund({ ...wholeRefund(t, attempt), ...more }),
    /** Fails when it was not opened. */
    async make(amount: number | null, more: Partial<NewRefund> = {}): Promise<Refund> {
      return opened(await this.open({ amount, ...more })).refund;
    },
    answer: (refund: Pick<Refund, 'refundNo'>, more: Partial<RefundAnswer> = {}) =>
      t.store.settleRefund(
        refund.refundNo,
        {
          status: 'succeeded',
          gatewayRefundNo: `re_${refund.refundNo}`,
          message: '',
          credentialId: attempt.credentialId,
          ...more,
        },
        change(),
      ),
    lose: (refund: Pick<Refund, 'refundNo'>) =>
      t.store.loseRefund(refund.refundNo, { kind: 'timeout', message: 'no answer' }, t.clock.now()),
    /** A look as the job makes it: what is due is taken, then the gateway's list comes; null: it has none. */
    async look(reported: readonly ReportedRefund[] | null): Promise<void> {
      await t.store.claimRefundSyncs(t.clock.now(), 100, LEASE, 'one');
      await this.learn(reported, t.clock.now());
    },
    /** What was asked at `askedAt` is answered now. */
    learn: (reported: readonly ReportedRefund[] | null, askedAt: number, isScheduled = true) =>
      t.store.reconcileRefunds({
        ...change(),
        paymentId: payment.id,
        lists: [{ attemptId: attempt.id, credentialId: attempt.credentialId, reported }],
        askedAt,
        isScheduled,
        makeRefundNo: () => makeRefundNo(t.clock.now(), t.random),
      }),
    /** The gateway says that money went back. */
    hear: (code: string) => applyFacts(t, attempt.id, [{ type: 'refunded', code, message: '' }]),
    list: () => t.store.listRefunds(payment.id),
    read: async () => present(await t.store.findPaymentById(payment.id)),
    checkAt: async () => (await t.rows.payment(payment.paymentNo)).refundCheckAt,
    events: async () =>
      (await t.store.listEvents(payment.id))
        .filter(({ type }) => type.startsWith('refund.'))
        .map(({ type, data }) => `${type} ${data.status ?? data.source}`),
    notified: async () =>
      (await t.rows.outbox({ paymentId: payment.id }))
        .filter(({ event }) => event !== 'payment.paid')
        .map(({ event, body }) => ({ event, ...JSON.parse(body).refund })),
  };
}

export type Refunds = ReturnType<typeof bindRefunds>;

export function opened(result: OpenedRefund | string): OpenedRefund {
  if (typeof result === 'string') throw new Error(`the refund was not opened: ${result}`);
  return result;
}
