import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Actor } from '../../core/actor.ts';
import { ALIVE } from '../../core/attempt.ts';
import { findMoving } from '../queries/payments.ts';
import { statement } from '../statement.ts';
import { lockRow, patchRows } from '../table.ts';
import type { Tx } from '../tx.ts';
import { applyFacts } from './apply-facts.ts';
import { endPayment } from './close-payments.ts';
import { recordDecision } from './events.ts';
import type { Telling } from './notifications.ts';

export interface Cancellation extends Telling {
  readonly paymentId: number;
  readonly by: Actor;
}

const ALIVE_OF = statement(({ db, t }, p: { paymentId: number }) =>
  db
    .select({ id: t.attempts.id })
    .from(t.attempts)
    .where(and(eq(t.attempts.paymentId, p.paymentId), inArray(t.attempts.status, [...ALIVE])))
    .orderBy(asc(t.attempts.id)),
);

/**
 * Ends a pending payment with all that is open of it, in one transaction: no attempt can be opened in between. One that is
 * over already stays as it is, and so does one whose money may be moving: nobody could say that it will not be paid. True:
 * the shop is to be told.
 */
export async function cancelPayment(tx: Tx, { paymentId, by, ...telling }: Cancellation): Promise<boolean> {
  const payment = await lockRow(tx, 'payments', { id: paymentId });
  if (payment?.status !== 'pending' || (await findMoving(tx, paymentId))) return false;
  await recordDecision(tx, by, { paymentId, attemptId: null, type: 'admin.cancel', data: {}, at: telling.now });
  let told = false;
  const facts = [{ type: 'ended', reason: 'CANCELLED' }] as const;
  for (const { id: attemptId } of await tx.all(ALIVE_OF, { paymentId })) {
    const outcome = await applyFacts(tx, { attemptId, facts, source: null, by, mayChooseAgain: false, ...telling });
    told ||= outcome.notified;
  }
  // Where nothing was open, only the payer's choice kept the payment open.
  const ended = await endPayment(tx, paymentId, { status: 'failed', reason: 'CANCELLED', by, ...telling });
  // Those that were cancelled here can still be paid there: they are asked about, the others no more.
  await patchRows(tx, 'attempts', { paymentId, status: 'ended' }, { checkAt: null });
  await patchRows(tx, 'attempts', { paymentId, status: 'ended', endReason: 'CANCELLED' }, { checkAt: telling.now });
  return ended || told;
}
