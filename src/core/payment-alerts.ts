import type { AlertData, NewAlert } from './alert.ts';
import { type Trouble, type TroubleKind, troubleOfReview } from './attention.ts';
import { formatDecimal } from './money.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';

/** What is told outside the desk of trouble with a payment: of each that stands in its list, once. Pure. */

type Subject = Pick<
  Payment,
  'id' | 'paymentNo' | 'projectId' | 'merchantOrderNo' | 'amount' | 'currency' | 'livemode' | 'gateway'
>;

export function alertsOfTroubles(payment: Subject, troubles: readonly Trouble[]): readonly NewAlert[] {
  return troubles.map(({ kind, about, data }) => alertOf(payment, kind, about, wordsOf(data)));
}

/** Of what is known of a trouble, that which its sentence names. */
function wordsOf({ reason, code, trade_no: tradeNo }: Trouble['data']): AlertData {
  const told = { reason: reason ?? code, trade_no: tradeNo };
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** Something that a person has to look into. `about`: what, in a word. */
export function alertOfReview(payment: Subject, about: string): NewAlert {
  return alertOf(payment, troubleOfReview(about).kind, about, { reason: about });
}

/** The same about a refund. */
export function alertOfRefund(payment: Subject, refund: Refund): NewAlert {
  const { refundNo, status, amount } = refund;
  const told = { refund_no: refundNo, refund_amount: showMoney(amount, payment.currency) };
  return alertOf(payment, kindOfRefund(refund), `${refundNo} ${status}`, told);
}

export function kindOfRefund({ status, source }: Refund): TroubleKind {
  if (status === 'unknown') return 'refund_unknown';
  return status === 'failed' || source === 'api' ? 'refund_failed' : 'refund_foreign';
}

function alertOf(payment: Subject, kind: TroubleKind, about = '', more: AlertData = {}): NewAlert {
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
