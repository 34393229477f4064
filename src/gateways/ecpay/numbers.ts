import type { Instructions } from '../../core/attempt.ts';
import { formatInstant, parseTaipei } from '../../core/time.ts';
import { textOf } from './envelope.ts';

/**
 * Payment numbers out of ECPay's fields. The names are the same in AIO callbacks (flat) and in the JSON services (one
 * object a method). Sources: ECPay developer documentation, pages 2881, 27995, 28000, 28005.
 */
type Fields = Readonly<Record<string, unknown>>;

/** Null when the fields hold no whole number, or no deadline and none is given to fall back on. */
export function readAtm(fields: Fields, fallback?: string): Instructions | null {
  const expireAt = readDeadline(fields.ExpireDate) ?? fallback;
  const virtualAccount = textOf(fields.vAccount);
  const bankCode = textOf(fields.BankCode);
  if (!expireAt || !/^\d{10,16}$/.test(virtualAccount) || !/^\d{3}$/.test(bankCode)) return null;
  return { type: 'atm', bankCode, virtualAccount, expireAt };
}

export function readCvs(fields: Fields, fallback?: string): Instructions | null {
  const expireAt = readDeadline(fields.ExpireDate) ?? fallback;
  const paymentCode = textOf(fields.PaymentNo);
  if (!expireAt || !/^[0-9A-Z]{8,20}$/.test(paymentCode)) return null;
  const url = textOf(fields.PaymentURL);
  return { type: 'cvs', paymentCode, expireAt, ...(/^https?:\/\//.test(url) ? { paymentCodeUrl: url } : {}) };
}

/** The segments are opaque: 9, 16 and 15 characters, digits and capitals, their inner layout differs by chain. */
export function readBarcode(fields: Fields, fallback?: string): Instructions | null {
  const expireAt = readDeadline(fields.ExpireDate) ?? fallback;
  const barcodes = [textOf(fields.Barcode1), textOf(fields.Barcode2), textOf(fields.Barcode3)] as const;
  if (!expireAt || !barcodes.every((code) => /^[0-9A-Z]{6,24}$/.test(code))) return null;
  return { type: 'barcode', barcodes, expireAt };
}

/** ATM deadlines are a day and mean its end. */
function readDeadline(value: unknown): string | null {
  const ms = parseTaipei(textOf(value));
  return ms === null ? null : formatInstant(ms);
}
