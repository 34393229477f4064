import type { Attempt } from '../core/attempt.ts';
import { isAlive } from '../core/attempt.ts';
import { formatDecimal } from '../core/money.ts';
import { detailsOf, showAmount } from '../core/notification.ts';
import { describeDetails, payersPart } from '../core/paid-details.ts';
import { type Payment, UNCHOSEN } from '../core/payment.ts';
import { formatInstant } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { PaymentData } from '../http/schema/payment.ts';
import { paymentUrl } from './urls.ts';

/** What the payment itself tells, whatever its gateway. */
export function describePayment(payment: Payment) {
  return {
    payment_no: payment.paymentNo,
    merchant_order_no: payment.merchantOrderNo,
    gateway: payment.gateway === UNCHOSEN ? null : payment.gateway,
    method: payment.method,
    mode: payment.mode,
    amount: showAmount(payment),
    amount_decimal: formatDecimal(payment.amount, payment.currency),
    currency: payment.currency,
    status: payment.status,
    ...(payment.reason === null ? {} : { reason: payment.reason }),
    flags: payment.flags,
    livemode: payment.livemode,
    environment: payment.environment,
  };
}

/** `data` of every answer about a payment. */
export function serializePayment(
  deps: Pick<Deps, 'publicUrl' | 'vault' | 'config' | 'gateways'>,
  payment: Payment,
  attempt: Attempt | null,
  reader: 'shop' | 'payer' = 'shop',
): PaymentData {
  const driver = attempt && deps.gateways.find(attempt.gateway);
  const url = paymentUrl(deps, payment);
  const details = detailsOf(attempt);
  return {
    ...describePayment(payment),
    payment_url: url,
    ...(attempt !== null && isAlive(attempt) ? driver?.describeLinks?.(attempt) : {}),
    payment_info: (attempt === null ? infoOf(deps, payment) : driver?.describeInfo(payment, attempt, url)) ?? {},
    gateway_order_no: attempt?.gatewayOrderNo ?? null,
    gateway_trade_no: attempt?.gatewayTradeNo ?? null,
    ...describeDetails(payment, reader === 'payer' ? payersPart(details) : details),
    refunded_amount: showAmount({ ...payment, amount: payment.refunded }),
    paid_at: payment.paidAt === null ? null : formatInstant(payment.paidAt),
    created_at: formatInstant(payment.createdAt),
    payer_account: payment.order.payerAccount ?? null,
    metadata: payment.order.metadata ?? {},
  };
}

/** What is known of the method alone. */
function infoOf({ gateways }: Pick<Deps, 'gateways'>, payment: Payment): Readonly<Record<string, unknown>> | undefined {
  return payment.gateway === UNCHOSEN ? undefined : gateways.methodOf(payment).method.info;
}
