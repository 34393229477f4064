import type { Fact } from '../../core/attempt.ts';
import { majorToMinor, toMinorUnits } from '../../core/money.ts';
import { type PaidDetails, tellDetails } from '../../core/paid-details.ts';
import { formatInstant } from '../../core/time.ts';
import type { Fields } from './payload.ts';
import { readTaipei } from './times.ts';

/**
 * What a callback says. Source: SmilePay’s Roturl document (Classif, Purchamt, Amount, Process_date, Process_time,
 * Payment_no, Smseid) and callbacks of shops from 2014 to 2021.
 *
 * `roturl` is what SmilePay sends. `catalogue` has the names of SmilePay’s answer to a request for a number, with Status
 * 1 for paid, as this API documents it.
 */
export type Shape = 'roturl' | 'catalogue';

export function shapeOf(fields: Fields): Shape {
  return 'Classif' in fields || 'Smseid' in fields ? 'roturl' : 'catalogue';
}

/** Classif of the ways to pay that we open. */
const CHANNELS: Readonly<Record<string, string>> = { B: 'ATM', C: 'BARCODE', E: 'IBON', F: 'FAMIPORT' };
/** Kiosk codes can be paid at Hi-Life’s machine as well, which has a Classif of its own. */
const ELSEWHERE = new Set(['L']);

const MONEY: Readonly<Record<string, string>> = { '': 'TWD', TW: 'TWD', CN: 'CNY' };

/**
 * Whether the callback claims that money came in. Response_id says nothing about that: it is 0 for accounts that were
 * paid, and 1 or 0 for cards only.
 */
export function claimsPaid(shape: Shape, fields: Fields): boolean {
  if (shape === 'catalogue') return fields.Status === '1';
  const classif = fields.Classif ?? '';
  return (Object.hasOwn(CHANNELS, classif) || ELSEWHERE.has(classif)) && !/^0+$/.test(fields.Amount ?? '');
}

/** Whole TWD; null for anything else. */
export function readAmount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Both what was ordered and what was received have to be the amount. */
export function fitsAmount(fields: Fields, amount: number): boolean {
  const ordered = fields.Purchamt ?? '';
  return readAmount(fields.Amount) === amount && (ordered === '' || readAmount(ordered) === amount);
}

export function tradeNoOf(shape: Shape, fields: Fields): string {
  return (shape === 'roturl' ? fields.Smseid : fields.SmilePayNO) ?? '';
}

/** The account or code that was paid. Callbacks of 2021 have a comma behind it. */
export function readPaymentNo(fields: Fields): string {
  return (fields.Payment_no ?? fields.AtmNo ?? '').replace(/,+$/, '');
}

/** `ask`: SmilePay has to say itself what it means. */
export function readFacts(shape: Shape, fields: Fields): readonly Fact[] | 'ask' {
  if (!claimsPaid(shape, fields)) return [describeOther(shape, fields)];
  return ELSEWHERE.has(fields.Classif ?? '') && shape === 'roturl' ? 'ask' : [readPaid(shape, fields)];
}

function readPaid(shape: Shape, fields: Fields): Fact {
  const tradeNo = tradeNoOf(shape, fields);
  const paidAt = shape === 'roturl' && fields.Process_time ? readPaidAt(fields) : null;
  const channel = CHANNELS[fields.Classif ?? ''];
  return {
    type: 'paid',
    amount: majorToMinor(readAmount(fields.Amount) ?? -1, 'TWD'),
    currency: readCurrency(fields.Moneytype ?? ''),
    simulated: false,
    ...(tradeNo === '' ? {} : { tradeNo }),
    ...(paidAt === null ? {} : { paidAt: formatInstant(paidAt) }),
    ...(channel === undefined ? {} : { channel }),
    ...tellDetails(readDetails(fields)),
  };
}

/** What SmilePay charges the merchant; it does not say whether it has kept that back already. */
function readDetails({ Fee = '' }: Fields): PaidDetails {
  const amount = toMinorUnits(Fee, 'TWD', 'major');
  return amount === null ? {} : { fee: { amount, currency: 'TWD' } };
}

/** What SmilePay has no name for is no currency of a payment. */
function readCurrency(name: string): string {
  return (Object.hasOwn(MONEY, name) ? MONEY[name] : undefined) ?? 'XXX';
}

function readPaidAt(fields: Fields): number | null {
  return readTaipei(`${fields.Process_date ?? ''} ${fields.Process_time ?? ''}`);
}

/** Cards, deliveries and failures: none of them is money for a number of ours. */
function describeOther(shape: Shape, fields: Fields): Fact {
  const [name, code] =
    shape === 'roturl' ? ['Classif', fields.Classif ?? ''] : (['Status', fields.Status ?? ''] as const);
  return {
    type: 'note',
    code,
    message: `SmilePay reports ${name} ${code}: no payment.`,
  };
}
