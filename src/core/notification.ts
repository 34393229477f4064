import type { Attempt } from './attempt.ts';
import { formatDecimal, fromMinorUnits } from './money.ts';
import { describeDetails, type PaidDetails } from './paid-details.ts';
import { type NotificationEvent, type Payment, UNCHOSEN } from './payment.ts';
import { formatInstant } from './time.ts';

/** `amount` in the unit of the route the payment came by. */
export function showAmount(payment: Pick<Payment, 'amount' | 'currency' | 'unit'>): number {
  return fromMinorUnits(payment.amount, payment.currency, payment.unit);
}

/** What a notification tells of an attempt. */
export type TellingAttempt = Pick<Attempt, 'gatewayTradeNo' | 'status' | 'paidDetails'>;

/** Some of it is told before the money is certain: it is shown when that is. */
export function detailsOf(attempt: Pick<Attempt, 'status' | 'paidDetails'> | null): PaidDetails | null {
  return attempt?.status === 'paid' ? attempt.paidDetails : null;
}

/** The JSON text that goes to the shop's `payok_url`. It is made once: every try sends the same bytes. */
export function buildNotification(
  event: NotificationEvent,
  payment: Payment,
  attempt: TellingAttempt | null,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    event,
    livemode: payment.livemode,
    payment_no: payment.paymentNo,
    merchant_order_no: payment.merchantOrderNo,
    gateway: payment.gateway === UNCHOSEN ? null : payment.gateway,
    method: payment.method,
    amount: showAmount(payment),
    amount_decimal: formatDecimal(payment.amount, payment.currency),
    currency: payment.currency,
    status: payment.status,
    paid_at: payment.paidAt === null ? null : formatInstant(payment.paidAt),
    refunded_amount: showAmount({ ...payment, amount: payment.refunded }),
    flags: payment.flags,
    environment: payment.environment,
    gateway_trade_no: attempt?.gatewayTradeNo ?? null,
    ...describeDetails(payment, detailsOf(attempt)),
    payer_account: payment.order.payerAccount ?? null,
    metadata: payment.order.metadata ?? {},
    ...more,
  });
}
