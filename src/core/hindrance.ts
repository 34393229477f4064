import { type Attempt, isMoneyMoving } from './attempt.ts';
import type { EndReason, Payment } from './payment.ts';

/** Why no money came for a payment yet, as far as its current attempt tells; null: it did. */
export type Hindrance =
  /** The payer has his number or code, until then. */
  | { readonly why: 'waiting'; readonly until: number }
  /** `unopened`: nobody has opened the page, or pressed its button; `begun`: the payer has gone on, and has not paid there. */
  | { readonly why: 'unopened' | 'begun'; readonly until: number }
  | { readonly why: 'choosing'; readonly until: number | null }
  | { readonly why: 'declined'; readonly times: number }
  /** The gateway has money, or is asked about it. */
  | { readonly why: 'review' | 'moving' | 'unknown' }
  | { readonly why: 'failed'; readonly reason: EndReason | null }
  | { readonly why: 'expired'; readonly at: number | null; readonly declines: number };

export function findHindrance(
  { status, reason, closeAt }: Pick<Payment, 'status' | 'reason' | 'closeAt'>,
  attempt: Attempt | null,
): Hindrance | null {
  switch (status) {
    case 'paid':
      return null;
    case 'failed':
      return { why: 'failed', reason };
    case 'expired':
      return { why: 'expired', at: attempt?.deadline ?? closeAt, declines: attempt?.declines ?? 0 };
    case 'pending':
      return attempt === null ? { why: 'choosing', until: closeAt } : explainOpen(attempt);
  }
}

function explainOpen(attempt: Attempt): Hindrance {
  const { status, instructions, declines, used, deadline: until } = attempt;
  if (status === 'under_review') return { why: 'review' };
  if (status === 'unknown') return { why: 'unknown' };
  if (isMoneyMoving(attempt)) return { why: 'moving' };
  if (declines > 0) return { why: 'declined', times: declines };
  if (instructions !== null) return { why: 'waiting', until };
  return used ? { why: 'begun', until } : { why: 'unopened', until };
}
