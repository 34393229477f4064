import type { Actor } from '../actor.ts';
import type { Attempt } from '../attempt.ts';
import type { Payment } from '../payment.ts';

/** What the rules of a payment's life look at, and what they decide: data in, data out. */

/** A payment with what only the rules need of its row. */
export interface LedgerPayment extends Payment {
  readonly holdsOrder: boolean;
  /** There was a payment of the same order before it. */
  readonly followsAnother: boolean;
  /** The payment link it was begun through. */
  readonly linkId: number | null;
}

export interface Subject {
  readonly payment: LedgerPayment;
  readonly attempt: Attempt;
  /** Another attempt of the payment can still be paid. */
  readonly othersAlive: boolean;
  /** Another payment of the same order is paid already. */
  readonly orderPaidElsewhere: boolean;
  /** The attempt that the payer is shown, when that is another one. */
  readonly shown: Attempt | null;
}

/** How we came to know. */
export type FactSource = 'gateway.request' | 'callback.accepted' | 'sync';

export interface Hearing {
  readonly now: number;
  /** Null: nobody told us, somebody decided it, as `by` says. */
  readonly source: FactSource | null;
  readonly by?: Actor;
  /** The payer can open a new attempt on the page. */
  readonly mayChooseAgain: boolean;
  /** An answer: the attempt as it was when the question went out. */
  readonly askedWhen?: Pick<Attempt, 'movingSince'>;
  /** When the gateway said it, by its own clock; null or left out: it does not tell. */
  readonly saidAt?: number | null;
  /** An answer: what was the attempt's newest word (`heardAt`) when the question went out. */
  readonly heardBefore?: number | null;
}
