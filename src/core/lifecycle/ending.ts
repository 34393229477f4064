import type { EndReason } from '../payment.ts';
import type { Effect } from './effects.ts';
import type { LedgerPayment } from './state.ts';
import type { Happening } from './timeline.ts';

/** A pending payment ends with nothing open that could end it: its payer never chose, or somebody called it off. */
export interface Ending {
  readonly status: 'expired' | 'failed';
  readonly reason: EndReason;
}

export function endPayment(payment: LedgerPayment, { status, reason }: Ending, now: number) {
  const happening: Happening = { type: `payment.${status}`, data: { flags: payment.flags, reason } };
  const effect: Effect = { event: `payment.${status}` };
  const { revision } = payment;
  const over = { status, reason, holdsOrder: false, closeAt: null, revision: revision + 1, updatedAt: now } as const;
  return { payment: { ...payment, ...over }, happening, effect };
}
