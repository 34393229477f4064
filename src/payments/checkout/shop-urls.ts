import type { Payment } from '../../core/payment.ts';
import { appendQuery } from '../../core/shop-address.ts';

/** Where the payer goes after paying; null: the shop named no address. */
export function buildSuccessUrl(payment: Payment): string | null {
  return tellShop(payment.order.successUrl ?? payment.order.returnUrl, payment);
}

/** Where the payer goes who gives up; null: the shop named no address. */
export function buildCancelUrl(payment: Payment): string | null {
  return tellShop(payment.order.cancelUrl, payment);
}

/** The shop's address, as it was given, with what became of its order added. */
function tellShop(address: string | undefined, payment: Payment): string | null {
  if (address === undefined) return null;
  const { paymentNo: payment_no, merchantOrderNo: merchant_order_no, status } = payment;
  return appendQuery(address, { payment_no, merchant_order_no, status });
}
