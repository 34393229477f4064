/**
 * What needs a person: something is wrong that no rule can decide. Each kind says what the one next step is; what is
 * shown of it stands in the texts of the desk.
 */

/** What a person does next about it. */
export type NextStep =
  /** Say what the gateway's own desk shows of the refund. */
  | 'settle-refund'
  /** Look at the payment: ask the gateway again, or pay back what is too much. */
  | 'payment'
  /** Send the notification again. */
  | 'resend'
  /** Put new credentials in, and test them. */
  | 'credentials'
  /** Nothing but patience, or somebody who sets the machine's clock. */
  | 'none';

interface TroubleRule {
  readonly next: NextStep;
  /** Settled by what becomes of the payment, should that come before a person does. */
  readonly endsWithOutcome?: true;
}

export const TROUBLES = {
  /** Asked for, and nobody can say whether it was made: the gateway has no list of refunds. */
  refund_unknown: { next: 'settle-refund' },
  /** Its gateway has not answered for hours. */
  refund_unanswered: { next: 'payment' },
  /** It failed after whoever asked had been told otherwise, or had gone. */
  refund_failed: { next: 'payment' },
  /** Made at the gateway's own desk. */
  refund_foreign: { next: 'payment' },
  /** Money, or a callback, that is not what the payment asks for. */
  mismatch: { next: 'payment' },
  duplicate: { next: 'payment' },
  /** It came when the payment was over already. */
  late: { next: 'payment' },
  /** The payer's bank wants the money back. */
  disputed: { next: 'payment' },
  /** Nobody knows what became of it, long after its time. */
  unsettled: { next: 'payment', endsWithOutcome: true },
  /** The gateway looks into it, long after its time. */
  under_review: { next: 'payment', endsWithOutcome: true },
  /** Called paid, of live money that the gateway had called simulated. */
  simulated: { next: 'payment' },
  /** Flagged for another reason. */
  flagged: { next: 'payment' },
  notification_dead: { next: 'resend' },
  gateway_resting: { next: 'none' },
  credentials_refused: { next: 'credentials' },
  clock_skew: { next: 'none' },
} as const satisfies Record<string, TroubleRule>;

export type TroubleKind = keyof typeof TROUBLES;
export const TROUBLE_KINDS = Object.keys(TROUBLES) as readonly TroubleKind[];

export const nextStepOf = (kind: TroubleKind): NextStep => TROUBLES[kind].next;

/** Money is kept back for an unknown refund until somebody says what became of it: having seen it ends nothing. */
export const mayBeMarked = (next: NextStep): boolean => next !== 'settle-refund';

/** Kinds that are over as soon as it is known what became of the attempt. */
export const ENDED_BY_OUTCOME = TROUBLE_KINDS.filter((kind) => 'endsWithOutcome' in TROUBLES[kind]);

/** Something about a payment that a person has to look into. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Tells two of one kind apart, for one payment; the same again is no news. */
  readonly about: string;
  /** Small and without secrets: it is shown as it is. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The words by which a sync says what a person has to look into. */
const REVIEWS: Readonly<Record<string, TroubleKind>> = {
  unanswered: 'unsettled',
  unsettled: 'unsettled',
  under_review: 'under_review',
  simulated: 'simulated',
  'refund unanswered': 'refund_unanswered',
};

export function troubleOfReview(about: string): Trouble {
  return { kind: REVIEWS[about] ?? 'flagged', about, data: {} };
}
