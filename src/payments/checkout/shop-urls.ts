import type { Payment } from '../../core/payment.ts';
import { appendQuery } from '../../core/shop-address.ts';
import type { PageModel } from '../../pages/checkout/model.ts';

/** Where the payer goes after paying, and where he goes who gives up; null: the shop named no address. */
export function buildShopUrls(payment: Payment): Pick<PageModel, 'successUrl' | 'cancelUrl'> {
  const { successUrl, returnUrl, cancelUrl } = payment.order;
  return { successUrl: tellShop(successUrl ?? returnUrl, payment), cancelUrl: tellShop(cancelUrl, payment) };
}

/** The shop's address, as it was given, with what became of its order added. */
function tellShop(address: string | undefined, payment: Payment): string | null {
  if (address === undefined) return null;
  const { paymentNo: payment_no, merchantOrderNo: merchant_order_no, status } = payment;
  return appendQuery(address, { payment_no, merchant_order_no, status });
}
