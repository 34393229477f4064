import { toMinorUnits } from '../../core/money.ts';
import { type Card, given, type Money, type PaidDetails } from '../../core/paid-details.ts';
import { type Fields, integerOf, objectOf, textOf } from './json.ts';

/**
 * How a charge was paid. Source: Stripe API reference, "The Charge object" (`payment_method_details`) and "The Balance
 * Transaction object", which has fee and net and is only named unless it was asked for.
 */
export function readDetails(charge: Fields): PaidDetails {
  const method = objectOf(charge.payment_method_details);
  const { fee, net, currency } = objectOf(charge.balance_transaction);
  return given({
    channel: matching(/^\w{1,50}$/, method.type),
    card: readCard(objectOf(method.card)),
    fee: readMoney(fee, currency),
    net: readMoney(net, currency),
  });
}

/** Of a charge that took money. */
export function readPaidCharge(charge: Fields): PaidDetails {
  return charge.object === 'charge' && charge.paid === true ? readDetails(charge) : {};
}

function readCard(card: Fields): Card | undefined {
  const count = integerOf(objectOf(objectOf(card.installments).plan).count);
  const found = given({
    first6: matching(/^\d{6}$/, card.iin),
    last4: matching(/^\d{4}$/, card.last4),
    brand: matching(/^\w{1,30}$/, card.brand),
    bank: matching(/^.{1,100}$/u, card.issuer),
    country: matching(/^[A-Z]{2}$/, card.country),
    eci: matching(/^\d{1,2}$/, objectOf(card.three_d_secure).electronic_commerce_indicator),
    authCode: matching(/^[A-Za-z0-9]{1,10}$/, card.authorization_code),
    installments: count === null ? undefined : { count },
  });
  return Object.keys(found).length === 0 ? undefined : found;
}

function readMoney(value: unknown, currency: unknown): Money | undefined {
  const code = textOf(currency).toUpperCase();
  const given = integerOf(value);
  const amount = given === null || !/^[A-Z]{3}$/.test(code) ? null : toMinorUnits(given, code, 'minor');
  return amount === null ? undefined : { amount, currency: code };
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  const text = textOf(value);
  return pattern.test(text) ? text : undefined;
}
