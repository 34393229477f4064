import { type Input, readChoice, readCount, readFlag } from '../input.ts';
import { limits } from '../options.ts';
import type { Issue } from './errors.ts';

/** How a capture can end: in words for a person, and its status; null when PayPal refuses to capture. */
export const outcomes = {
  completed: ['Money arrives', 'COMPLETED'],
  pending: ['PayPal looks into it first', 'PENDING'],
  declined: ['The capture is declined', 'DECLINED'],
  instrument_declined: ['The instrument is declined, the payer chooses again', null],
  not_yet: ['PayPal needs a moment: not approved yet, once', null],
  refused: ['The capture is refused', null],
} as const;

export interface CapturePlan {
  readonly kind: keyof typeof outcomes;
  /** Why a capture is pending, in PayPal's words. */
  readonly reason: string;
  /** What a refused capture is refused with. */
  readonly issue: Issue;
  /** Whether the capture is told by webhook, and how late. */
  readonly isTold: boolean;
  readonly delayMs: number;
}

/** Why PayPal holds a capture back (PayPal Payments v2, `capture_status_details`). */
const reasons =
  'BUYER_COMPLAINT CHARGEBACK ECHECK INTERNATIONAL_WITHDRAWAL OTHER PENDING_REVIEW ' +
  'RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION TRANSACTION_APPROVED_AWAITING_FUNDING UNILATERAL VERIFICATION_REQUIRED';

/** Refusals that send the payer back to PayPal: the approval is used up. */
export const payerIssues: readonly Issue[] = [
  'INSTRUMENT_DECLINED',
  'PAYER_ACTION_REQUIRED',
  'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING',
];

const refusals: readonly Issue[] = [
  'TRANSACTION_REFUSED',
  'COMPLIANCE_VIOLATION',
  'MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED',
  'PAYEE_BLOCKED_TRANSACTION',
  'PAYER_ACCOUNT_RESTRICTED',
  'PAYER_CANNOT_PAY',
  ...payerIssues,
];

function choose<T extends string>(input: Input, name: string, choices: readonly T[], standard: T): T {
  const chosen = readChoice(input, name, choices);
  return choices.find((choice) => choice === chosen) ?? standard;
}

export function readOutcome(input: Input): CapturePlan {
  const kind = choose(input, 'outcome', Object.keys(outcomes) as CapturePlan['kind'][], 'completed');
  const issue = choose(input, 'issue', refusals, 'TRANSACTION_REFUSED');
  return {
    kind,
    reason: choose(input, 'reason', reasons.split(' '), 'PENDING_REVIEW'),
    issue: kind === 'instrument_declined' ? 'INSTRUMENT_DECLINED' : issue,
    isTold: readFlag(input, 'callback', true),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}

export const standardPlan = readOutcome({});
