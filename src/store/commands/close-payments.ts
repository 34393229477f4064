import { asc, isNotNull, lte, min } from 'drizzle-orm';
import type { Actor } from '../../core/actor.ts';
import { differenceOf } from '../../core/lifecycle/changes.ts';
import { endPayment as decide, type Ending } from '../../core/lifecycle/ending.ts';
import { recountPayment } from '../counters.ts';
import { OTHER_ALIVE } from '../queries/subject.ts';
import { statement } from '../statement.ts';
import { lockRow, patchRow } from '../table.ts';
import type { Reader, Tx } from '../tx.ts';
import { recordEvent } from './events.ts';
import { notifyShop, type Telling } from './notifications.ts';

/** Payments whose payer never chose, or chose nothing that can still be paid, at the end of their time. */

const DUE = statement((kit, p: { now: number; limit: number }) => {
  const { payments } = kit.t;
  return kit.claimed(
    kit.db
      .select({ id: payments.id })
      .from(kit.by(payments, 'payments_closing'))
      .where(lte(payments.closeAt, p.now))
      .orderBy(asc(payments.closeAt))
      .limit(p.limit),
  );
});

/** What can still be paid is left to its attempts; they end the payment with their own time. */
export async function closePayments(tx: Tx, now: number, limit: number, makeWebhookId: () => string): Promise<number> {
  const due = await tx.all(DUE, { now, limit });
  for (const { id } of due) {
    await patchRow(tx, 'payments', id, { closeAt: null });
    const alive = await tx.get(OTHER_ALIVE, { paymentId: id, id: 0 });
    if (!alive) await endPayment(tx, id, { status: 'expired', reason: 'EXPIRED', now, makeWebhookId });
  }
  return due.length;
}

export interface PaymentEnding extends Ending, Telling {
  /** Who decided it, when somebody did. */
  readonly by?: Actor;
}

/** Ends a pending payment that has nothing open which could end it. True: the shop is to be told. */
export async function endPayment(tx: Tx, id: number, { by, ...ending }: PaymentEnding): Promise<boolean> {
  const before = await lockRow(tx, 'payments', { id });
  if (before?.status !== 'pending') return false;
  const { payment, happening, effect } = decide(before, ending, ending.now);
  await patchRow(tx, 'payments', id, differenceOf(before, { ...before, ...payment }) ?? {});
  recountPayment(tx, payment, 'pending');
  const { type, data } = happening;
  await recordEvent(tx, {
    paymentId: id,
    attemptId: null,
    type,
    data: { ...data, ...(by ? { by } : {}) },
    at: ending.now,
  });
  return notifyShop(tx, payment, null, [effect], ending);
}

const NEXT = statement(({ db, by, t: { payments } }, _: object) =>
  db
    .select({ due: min(payments.closeAt) })
    .from(by(payments, 'payments_closing'))
    .where(isNotNull(payments.closeAt)),
);

export async function findNextClosing(on: Reader): Promise<number | null> {
  return (await on.get(NEXT, {}))?.due ?? null;
}
