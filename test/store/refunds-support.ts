import { makeRefundNo } from '../../src/core/ids.ts';
import type { Refund, ReportedRefund } from '../../src/core/refund.ts';
import { MINUTE } from '../../src/core/time.ts';
import { loseRefund } from '../../src/store/commands/refunds/lose.ts';
import { type NewRefund, openRefund } from '../../src/store/commands/refunds/open.ts';
import { claimRefundSyncs, requestRefundSync } from '../../src/store/commands/refunds/plan.ts';
import { reconcileRefunds } from '../../src/store/commands/refunds/reconcile.ts';
import { type RefundAnswer, settleRefund } from '../../src/store/commands/refunds/settle.ts';
import type { Engine } from '../../src/store/engines/engine.ts';
import type { Row } from '../../src/store/kit.ts';
import { listRefunds } from '../../src/store/queries/refunds.ts';
import { findRow, findRows, patchRow } from '../../src/store/table.ts';
import { present } from '../support/parts.ts';
import { opened, wholeRefund } from '../support/refunds.ts';
import { makeWorld, type World } from './world.ts';

/** For how long a look that was taken is nobody else's. */
export const LEASE = 2 * MINUTE;

/** A paid payment of NT$980, and what a shop and a gateway do to its refunds. */
export async function payOne(w: World, change: Partial<Row<'payments'>> = {}) {
  const payment = await w.addPayment({ status: 'paid', paidAt: w.clock.now(), ...change });
  const attempt = await w.addAttempt(payment, { status: 'paid', gatewayTradeNo: `T${payment.id}` });
  await w.engine.write((tx) => patchRow(tx, 'payments', payment.id, { attemptId: attempt.id }));
  return bind(w, payment, attempt);
}

/** The same with a refund that the shop has asked for. */
export async function payBack(engine: Engine, amount: number) {
  const w = await makeWorld(engine);
  const r = await payOne(w);
  return { w, r, refund: await r.make(amount) };
}

export function bind(w: World, payment: Row<'payments'>, attempt: Row<'attempts'>) {
  return {
    payment,
    attempt,
    ...bindShop(w, attempt),
    ...bindGateway(w, payment, attempt),
    ...bindReads(w, payment),
  };
}

/** What a shop asks for, and how its calls end. */
function bindShop({ engine: { write }, clock, random, telling }: World, attempt: Row<'attempts'>) {
  const open = (more: Partial<NewRefund> = {}) =>
    write((tx) => openRefund(tx, { ...wholeRefund({ clock, random }, attempt), ...more }));
  return {
    open,
    make: async (amount: number | null, more: Partial<NewRefund> = {}) =>
      opened(await open({ amount, ...more })).refund,
    answer: ({ refundNo }: Pick<Refund, 'refundNo'>, more: Partial<RefundAnswer> = {}) =>
      write((tx) =>
        settleRefund(
          tx,
          refundNo,
          {
            status: 'succeeded',
            gatewayRefundNo: `re_${refundNo}`,
            message: '',
            credentialId: attempt.credentialId,
            ...more,
          },
          telling(),
        ),
      ),
    lose: ({ refundNo }: Pick<Refund, 'refundNo'>) =>
      write((tx) => loseRefund(tx, refundNo, { kind: 'timeout', message: 'no answer' }, clock.now())),
  };
}

/** What is asked at the gateway, and what it tells. */
function bindGateway(
  { engine: { write }, clock, random, telling }: World,
  payment: Row<'payments'>,
  attempt: Row<'attempts'>,
) {
  const learn = (reported: readonly ReportedRefund[] | null, askedAt = clock.now(), isScheduled = true) =>
    write((tx) =>
      reconcileRefunds(tx, {
        ...telling(),
        paymentId: payment.id,
        lists: [{ attemptId: attempt.id, credentialId: attempt.credentialId, reported }],
        askedAt,
        isScheduled,
        makeRefundNo: () => makeRefundNo(clock.now(), random),
      }),
    );
  return {
    learn,
    /** As the job makes it: what is due is taken, then the gateway's list comes; null: it has none. */
    async look(reported: readonly ReportedRefund[] | null): Promise<void> {
      await write((tx) => claimRefundSyncs(tx, clock.now(), 100, LEASE, 'one'));
      await learn(reported);
    },
    hear: () => write((tx) => requestRefundSync(tx, payment.id, clock.now())),
  };
}

function bindReads({ engine: { reader } }: World, payment: Row<'payments'>) {
  const read = async () => present(await findRow(reader, 'payments', { id: payment.id }));
  return {
    read,
    list: () => listRefunds(reader, payment.id),
    checkAt: async () => (await read()).refundCheckAt,
    events: async () =>
      (await findRows(reader, 'events', { paymentId: payment.id }))
        .sort((a, b) => a.id - b.id)
        .map(({ type, data }) => `${type} ${data.status ?? data.source ?? data.outcome}`),
    told: async () =>
      (await findRows(reader, 'outbox', { paymentId: payment.id }))
        .sort((a, b) => a.id - b.id)
        .map(({ event, about, body }) => ({ event, about, ...JSON.parse(body).refund })),
  };
}

export const reported = (
  refundNo: string | null,
  amount: number,
  more: Partial<ReportedRefund> = {},
): ReportedRefund => ({
  refundNo,
  gatewayRefundNo: `re_${refundNo ?? 'desk'}`,
  amount,
  status: 'succeeded',
  ...more,
});
