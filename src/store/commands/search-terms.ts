import type { Attempt } from '../../core/attempt.ts';
import type { Order, Payment } from '../../core/payment.ts';
import { termsOfAttempt, termsOfOrder } from '../../core/search-terms.ts';
import { addRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/** Writes down what payments are found by, in the transaction that learns of it. */

type Owner = Pick<Payment, 'id' | 'projectId' | 'keyKind'>;
type Told = Pick<Attempt, 'instructions' | 'gatewayTradeNo'>;

export function addOrderTerms(tx: Tx, payment: Owner, order: Order): Promise<void> {
  return addTerms(tx, payment, termsOfOrder(order));
}

/** Only those that are new by this change; what it was called before still leads to it. */
export async function addAttemptTerms(tx: Tx, payment: Owner, before: Told, after: Told): Promise<void> {
  if (after.instructions === before.instructions && after.gatewayTradeNo === before.gatewayTradeNo) return;
  const known = termsOfAttempt(before);
  await addTerms(
    tx,
    payment,
    termsOfAttempt(after).filter((term) => !known.includes(term)),
  );
}

/** There are never more than a few at a time. */
async function addTerms(tx: Tx, { id, projectId, keyKind }: Owner, terms: readonly string[]): Promise<void> {
  for (const term of terms) await addRow(tx, 'searchTerms', { paymentId: id, term, projectId, keyKind });
}
