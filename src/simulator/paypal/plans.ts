import type { Input } from '../actions.ts';
import { readChoice, readCount, readFlag } from '../input.ts';
import { limits } from '../options.ts';
import type { SendPlan } from '../sender.ts';
import { payerIssues } from './capture.ts';
import { type CapturePlan, type OutcomeKind, standardPlan } from './order.ts';

const outcomeNames: Readonly<Record<OutcomeKind, string>> = {
  completed: 'Money arrives',
  pending: 'PayPal looks into it first',
  declined: 'The capture is declined',
  instrument_declined: 'The instrument is declined, the payer chooses again',
  not_yet: 'PayPal needs a moment: not approved yet, once',
  refused: 'The capture is refused',
};

export const outcomes: readonly (readonly [string, string])[] = Object.entries(outcomeNames);

/** Why PayPal holds a capture back (PayPal Payments v2, `capture_status_details`). */
const reasons: readonly string[] = [
  'BUYER_COMPLAINT',
  'CHARGEBACK',
  'ECHECK',
  'INTERNATIONAL_WITHDRAWAL',
  'OTHER',
  'PENDING_REVIEW',
  'RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION',
  'TRANSACTION_APPROVED_AWAITING_FUNDING',
  'UNILATERAL',
  'VERIFICATION_REQUIRED',
];

const refusals: readonly string[] = [
  'TRANSACTION_REFUSED',
  'COMPLIANCE_VIOLATION',
  'MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED',
  'PAYEE_BLOCKED_TRANSACTION',
  'PAYER_ACCOUNT_RESTRICTED',
  'PAYER_CANNOT_PAY',
  ...payerIssues,
];

function isOutcome(value: string): value is OutcomeKind {
  return Object.hasOwn(outcomeNames, value);
}

/** How a capture is to end, from a form or a program. */
export function readOutcome(input: Input): CapturePlan {
  const name = readChoice(input, 'outcome', Object.keys(outcomeNames)) ?? standardPlan.kind;
  const kind = isOutcome(name) ? name : standardPlan.kind;
  const issue = readChoice(input, 'issue', refusals) ?? standardPlan.issue;
  return {
    kind,
    reason: readChoice(input, 'reason', reasons) ?? standardPlan.reason,
    issue: kind === 'instrument_declined' ? 'INSTRUMENT_DECLINED' : issue,
    isTold: readFlag(input, 'callback', true),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}

export function readSendPlan(input: Input): SendPlan {
  return {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}
