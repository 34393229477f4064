import { type Card, given, type PaidDetails } from '../../core/paid-details.ts';
import { type Fields, objectOf, textOf } from './json.ts';
import { readPaypalMoney } from './money.ts';

/** How a capture was paid (PayPal Orders v2, `payment_source.card`; PayPal Payments v2, `seller_receivable_breakdown`). */
export function readDetails(capture: Fields, source: Fields): PaidDetails {
  const { paypal_fee, net_amount } = objectOf(capture.seller_receivable_breakdown);
  return given({
    card: readCard(objectOf(source.card)),
    fee: readPaypalMoney(paypal_fee) ?? undefined,
    net: readPaypalMoney(net_amount) ?? undefined,
  });
}

function readCard(card: Fields): Card | undefined {
  const { bin, issuing_bank, bin_country_code } = objectOf(card.bin_details);
  const found = given({
    first6: matching(/^\d{6}/, textOf(bin))?.slice(0, 6),
    last4: matching(/^\d{2,4}$/, textOf(card.last_digits)),
    brand: matching(/^[A-Z_]{1,30}$/, textOf(card.brand)),
    bank: matching(/^.{1,100}$/u, textOf(issuing_bank)),
    country: matching(/^[A-Z]{2}$/, textOf(bin_country_code)),
  });
  return Object.keys(found).length === 0 ? undefined : found;
}

function matching(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}
