import { formatDecimal, fromMinorUnits } from './money.ts';
import { type NotificationEvent, type Payment, UNCHOSEN } from './payment.ts';
import { formatInstant } from './time.ts';

/** `amount` in the unit of the route the payment came by. */
export function showAmount(payment: Pick<Payment, 'amount' | 'currency' | 'unit'>): number {
  return fromMinorUnits(payment.amount, payment.currency, payment.unit);
}

/** The JSON text that goes to the shop's `payok_url`. It is made once: every try sends the same bytes. */
export function buildNotification(
  event: NotificationEvent,
  payment: Payment,
  gatewayTradeNo: string | null,
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
    gateway_trade_no: gatewayTradeNo,
    payer_account: payment.order.payerAccount ?? null,
    metadata: payment.order.metadata ?? {},
    ...more,
  });
}
