import type { AlertData, AlertKind, NewAlert } from './alert.ts';
import type { Effect } from './lifecycle/effects.ts';
import { formatDecimal } from './money.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';

/** Which alerts follow from what became of a payment: pure, and said in the words of its flags and effects. */

type Subject = Pick<
  Payment,
  'id' | 'paymentNo' | 'projectId' | 'merchantOrderNo' | 'amount' | 'currency' | 'livemode' | 'gateway' | 'flags'
>;

/** What a notification says was wrong when money did not match. */
const MISMATCHES: ReadonlySet<string> = new Set(['amount', 'currency', 'merchant']);

/** A change that the gateway's words have made. */
export function alertsOfChange(before: Subject, after: Subject, effects: readonly Effect[]): readonly NewAlert[] {
  const found: NewAlert[] = [];
  if (after.flags.includes('late') && !before.flags.includes('late')) found.push(alertOf(after, 'late'));
  const duplicates = new Set<string>();
  for (const { event, about = '' } of effects) {
    if (event !== 'payment.duplicate') continue;
    duplicates.add(about);
    found.push(alertOf(after, 'duplicate', about, { trade_no: about || null }));
  }
  for (const { event, about = '' } of effects) {
    // Whatever is a duplicate also asks for attention: that is one trouble.
    if (event !== 'payment.attention' || duplicates.has(about)) continue;
    const kind = MISMATCHES.has(about) ? 'mismatch' : 'disputed';
    found.push(alertOf(after, kind, about, { reason: about || null }));
  }
  return found;
}

/** The words by which a sync says what a person has to look into. */
const KINDS_OF_REVIEW: Readonly<Record<string, AlertKind>> = {
  unanswered: 'unsettled',
  unsettled: 'unsettled',
  under_review: 'under_review',
  simulated: 'simulated',
  'refund unanswered': 'refund_unanswered',
};

/** Something that a person has to look into. `about`: what, in a word. */
export function alertOfReview(payment: Subject, about: string): NewAlert {
  return alertOf(payment, KINDS_OF_REVIEW[about] ?? 'flagged', about, { reason: about });
}

/** The same about a refund. */
export function alertOfRefund(payment: Subject, refund: Refund): NewAlert {
  const { refundNo, status, amount } = refund;
  const told = { refund_no: refundNo, refund_amount: showMoney(amount, payment.currency) };
  return alertOf(payment, kindOfRefund(refund), `${refundNo} ${status}`, told);
}

function kindOfRefund({ status, source }: Refund): AlertKind {
  if (status === 'unknown') return 'refund_unknown';
  return status === 'failed' || source === 'api' ? 'refund_failed' : 'refund_foreign';
}

function alertOf(payment: Subject, kind: AlertKind, about = '', more: AlertData = {}): NewAlert {
  return {
    kind,
    about: `${payment.id} ${about}`.trim(),
    projectId: payment.projectId,
    paymentNo: payment.paymentNo,
    data: {
      livemode: payment.livemode,
      order_no: payment.merchantOrderNo,
      amount: showMoney(payment.amount, payment.currency),
      gateway: payment.gateway,
      ...more,
    },
  };
}

/** `TWD 980`, `USD 10.50`: the same in every language. */
export function showMoney(minor: number, currency: string): string {
  return `${currency} ${formatDecimal(minor, currency).replace(/\.0+$/, '')}`;
}
