import type { Fact } from '../../core/attempt.ts';
import { majorToMinor } from '../../core/money.ts';
import { tellDetails } from '../../core/paid-details.ts';
import { formatInstant, parseTaipei } from '../../core/time.ts';
import { readDetails } from './details.ts';
import { objectOf, textOf } from './envelope.ts';
import { readAtm, readBarcode, readCvs } from './numbers.ts';

/** Facts out of ECPay's fields, which are named alike in callbacks and in answers to queries. */
type Fields = Readonly<Record<string, unknown>>;

/** `order` holds trade number, amount, channel and date of payment; `card` what is told of a card. */
export function readPaid(order: Fields, simulated: boolean, card: Fields = {}): Fact {
  const tradeNo = textOf(order.TradeNo);
  const paidAt = parseTaipei(textOf(order.PaymentDate));
  const channel = textOf(order.PaymentType);
  return {
    type: 'paid',
    amount: readAmount(order.TradeAmt),
    currency: 'TWD',
    simulated,
    ...(tradeNo === '' ? {} : { tradeNo }),
    ...(paidAt === null ? {} : { paidAt: formatInstant(paidAt) }),
    ...(channel === '' ? {} : { channel }),
    ...tellDetails(readDetails(order, card)),
  };
}

/**
 * A number that was issued, in the flat form of callbacks and QueryPaymentInfo. RtnCode 2: ATM account; 10100073: store
 * code or barcodes; anything else: none (ECPay developer documentation, pages 2881 and 5615).
 */
export function readIssued(fields: Fields): Fact | null {
  const code = textOf(fields.RtnCode);
  const instructions =
    code === '2' ? readAtm(fields) : code === '10100073' ? (readBarcode(fields) ?? readCvs(fields)) : null;
  return instructions && { type: 'instructions', instructions, ...describeOrder(fields) };
}

/**
 * A number that was issued, in the nested form of the JSON services. Their documents disagree about the type of a store
 * code's ExpireDate (a number of days on page 28025): `fallback` is the deadline of one that cannot be read.
 */
export function readIssuedParts(data: Fields, order: Fields, fallback?: string): Fact | null {
  const instructions =
    readAtm(objectOf(data.ATMInfo), fallback) ??
    readBarcode(objectOf(data.BarcodeInfo), fallback) ??
    readCvs(objectOf(data.CVSInfo), fallback);
  return instructions && { type: 'instructions', instructions, ...describeOrder(order) };
}

function describeOrder(order: Fields): { amount: number; tradeNo?: string } {
  const tradeNo = textOf(order.TradeNo);
  return { amount: readAmount(order.TradeAmt), ...(tradeNo === '' ? {} : { tradeNo }) };
}

/** Whole TWD, as text or number; anything else is an amount that matches none. */
function readAmount(value: unknown): number {
  const text = textOf(value);
  return /^\d{1,12}$/.test(text) ? majorToMinor(Number(text), 'TWD') : -1;
}
