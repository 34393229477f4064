import type { Fact, Instructions } from '../../core/attempt.ts';
import { majorToMinor } from '../../core/money.ts';
import { tellDetails } from '../../core/paid-details.ts';
import { formatInstant, parseTaipei } from '../../core/time.ts';
import { readDetails } from './details.ts';
import { objectOf, textOf } from './envelope.ts';
import { isNumberKind, NUMBER_KINDS, type NumberKind } from './expiry.ts';
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
 * code or barcodes; anything else: none (ECPay developer documentation, pages 2881 and 5615). `method` is ours, where it is
 * known.
 */
export function readIssued(fields: Fields, method = ''): Fact | null {
  const code = textOf(fields.RtnCode);
  const isStore = code === '10100073';
  if (code !== '2' && !isStore) return null;
  const issued: readonly NumberKind[] = isStore ? ['barcode', 'cvs'] : ['atm'];
  const own = issued.filter((kind) => kind === method);
  const instructions = choose(own.length > 0 ? own : issued, fields, (kind) => READ[kind](fields));
  return instructions && { type: 'instructions', instructions, ...describeOrder(fields) };
}

/**
 * A number that was issued, in the nested form of the JSON services. Their documents disagree about the type of a store
 * code's ExpireDate (a number of days on page 28025): `fallback` is the deadline of one that cannot be read.
 */
export function readIssuedParts(data: Fields, { method, fallback }: Issuing): Fact | null {
  const order = objectOf(data.OrderInfo);
  const kinds = isNumberKind(method) ? [method] : NUMBER_KINDS;
  const instructions = choose(kinds, order, (kind) => READ[kind](objectOf(data[PARTS[kind]]), fallback));
  return instructions && { type: 'instructions', instructions, ...describeOrder(order) };
}

/** What is known of the order that a number was issued for. */
interface Issuing {
  /** Ours: `atm`, `cvs`, `barcode`, or one that leaves the choice to the payer. */
  readonly method: string;
  readonly fallback?: string;
}

/** The object of each kind of number in the JSON services. */
export const PARTS: Readonly<Record<NumberKind, string>> = { atm: 'ATMInfo', cvs: 'CVSInfo', barcode: 'BarcodeInfo' };
const READ: Readonly<Record<NumberKind, (fields: Fields, fallback?: string) => Instructions | null>> = {
  atm: readAtm,
  cvs: readCvs,
  barcode: readBarcode,
};

/**
 * ECPay may send the parts of all kinds along (its own example on page 28025 does), but the payer has one number: that of
 * the method, or of the kind that PaymentType names, or else the only one there is.
 */
function choose(
  kinds: readonly NumberKind[],
  { PaymentType }: Fields,
  read: (kind: NumberKind) => Instructions | null,
): Instructions | null {
  const named = textOf(PaymentType).split('_')[0]?.toLowerCase();
  const meant = kinds.filter((kind) => kind === named);
  const found = (meant.length > 0 ? meant : kinds).map(read).filter((one) => one !== null);
  return found.length === 1 ? (found[0] ?? null) : null;
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
