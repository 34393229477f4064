import type { Fact } from '../../core/attempt.ts';
import { isPlainObject } from '../../core/fields.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import { answerAs } from '../callback-answers.ts';
import type { CallbackDriver, Hints, Located, Message, RawCallback, Secrets } from '../gateway.ts';
import { decodeData, openBytes } from './cipher.ts';
import { docs } from './docs.ts';
import { isScalar, objectOf, readJsonObject, textOf } from './envelope.ts';
import { readIssued, readPaid } from './facts.ts';
import { parseForm } from './form.ts';
import { checkSignature } from './signature.ts';

/**
 * ECPay calling us: ReturnURL and PaymentInfoURL are signed forms, results of background numbers are sealed JSON.
 * Sources: ECPay developer documentation, pages 2878 (result), 2881 (number issued), 28010 (background result).
 */
type Fields = Readonly<Record<string, unknown>>;

const MAX_SEALED = 32 * 1024;
const UNREADABLE = 'ECPay callback cannot be read.';

function locate(raw: RawCallback): Located {
  return looksLikeJson(raw) ? locateSealed(raw.body) : locateForm(raw.body);
}

function looksLikeJson(raw: RawCallback): boolean {
  return /json/i.test(raw.contentType) || raw.body[0] === 0x7b;
}

function locateForm(body: Uint8Array): Located {
  const fields = parseForm(body);
  // In-site payments return through the browser with the sealed envelope in one field (page 15076).
  if (fields?.ResultData !== undefined) return locateSealed(Buffer.from(fields.ResultData, 'utf8'));
  const hints = fields && readHints(fields.MerchantTradeNo || undefined, fields.CustomField1);
  return hints ? { type: 'clear', message: { kind: 'form', hints, fields } } : { type: 'refused', message: UNREADABLE };
}

/**
 * Our number at ECPay; where there is no such field, the payment's own in the one that we gave along. Null: neither, or a
 * number that is none.
 */
function readHints(orderNo: unknown, customField: unknown): Hints | null {
  const [order, payment] = [textOf(orderNo), textOf(customField)];
  if (orderNo !== undefined) return order === '' ? null : { orderNo: order };
  return PAYMENT_NO.test(payment) ? { paymentNo: payment } : null;
}

function locateSealed(body: Uint8Array): Located {
  const envelope = readJsonObject(body);
  // Hundreds of keys may have to be tried on it; ECPay's own are far below a kilobyte.
  const { Data } = envelope ?? {};
  if (!envelope || !isScalar(envelope.MerchantID) || typeof Data !== 'string' || Data.length > MAX_SEALED) {
    return { type: 'refused', message: UNREADABLE };
  }
  if (envelope.TransCode !== undefined && textOf(envelope.TransCode) !== '1') {
    return { type: 'refused', message: `ECPay callback reports TransCode ${nameCode(textOf(envelope.TransCode))}.` };
  }
  const bytes = decodeData(Data);
  // Nothing opens it.
  if (!bytes) return { type: 'refused', message: TEXTS.unknownSealed };
  return { type: 'sealed', merchantId: String(envelope.MerchantID), envelope: bytes };
}

/** Nobody knows yet whose secrets anything longer might be. */
function nameCode(code: string): string {
  return /^-?\d{1,10}$/.test(code) ? code : 'other than 1';
}

function open(envelope: Uint8Array, secrets: Secrets): Message | null {
  const fields = openBytes(envelope, secrets);
  if (!fields) return null;
  if (!isPlainObject(fields.OrderInfo)) return null;
  const hints = readHints(fields.OrderInfo.MerchantTradeNo, fields.CustomField);
  return hints && { kind: 'sealed', hints, fields };
}

/** Names that decide anything. */
const DECISIVE: ReadonlySet<string> = new Set([
  'MerchantID',
  'MerchantTradeNo',
  'RtnCode',
  'RtnMsg',
  'TradeNo',
  'TradeAmt',
  'PaymentDate',
  'PaymentType',
  'SimulatePaid',
  'ExpireDate',
  'BankCode',
  'vAccount',
  'PaymentNo',
  'Barcode1',
  'Barcode2',
  'Barcode3',
  'CustomField1',
  'CheckMacValue',
]);

/** The same in other letters, which is how they must not come. */
const LOWERED: ReadonlySet<string> = new Set([...DECISIVE].map((name) => name.toLowerCase()));

/** Fields of our own forms that no callback has: what carries one is a form of ours sent back to us, cut up anew. */
const REQUEST_ONLY = new Set(['encrypttype', 'returnurl', 'choosepayment', 'totalamount', 'merchanttradedate']);

/**
 * CheckMacValue is computed over lower-cased text (page 2902): a name in other letters still fits the signature and
 * would no longer be found, e.g. the mark of a simulated payment. So names count only as ECPay spells them.
 */
function looksGenuine(fields: Fields): boolean {
  for (const name of Object.keys(fields)) {
    if (DECISIVE.has(name)) continue;
    const lower = name.toLowerCase();
    if (REQUEST_ONLY.has(lower) || LOWERED.has(lower)) return false;
  }
  return true;
}

const verify: CallbackDriver['verify'] = (message, secrets, { payment }) => {
  const proved =
    message.kind === 'sealed' ||
    (looksGenuine(message.fields) && checkSignature(message.fields as Readonly<Record<string, string>>, secrets));
  if (textOf(message.fields.MerchantID) !== secrets.merchant_id) {
    return { ok: false, proved, message: 'ECPay MerchantID mismatch.' };
  }
  if (!proved) return { ok: false, proved, message: 'ECPay CheckMacValue verification failed.' };
  const echoed = textOf(message.kind === 'sealed' ? message.fields.CustomField : message.fields.CustomField1);
  if (echoed !== '' && echoed !== payment.paymentNo) {
    return { ok: false, proved, message: message.kind === 'sealed' ? TEXTS.unknownSealed : TEXTS.unknown };
  }
  return { ok: true };
};

function parse(message: Message): readonly Fact[] {
  return message.kind === 'sealed' ? parseSealed(message.fields) : parseFields(message.fields);
}

/**
 * One address serves results and issued numbers. Only number posts carry ExpireDate, and for those RtnCode 1 is no code
 * of success (page 2881), so it can never pay.
 */
function parseFields(fields: Fields): readonly Fact[] {
  const code = textOf(fields.RtnCode);
  if ('ExpireDate' in fields) return [readIssued(fields) ?? { type: 'note', code, message: textOf(fields.RtnMsg) }];
  if (code === '1') return [readPaid(fields, textOf(fields.SimulatePaid) === '1', fields)];
  // BNPL applied for: ECPay's decision follows.
  if (code === '2') return [{ type: 'note', code, message: textOf(fields.RtnMsg) }];
  return [{ type: 'declined', code, message: textOf(fields.RtnMsg) }];
}

/**
 * Paid is RtnCode 1, not TradeStatus: a simulated payment keeps TradeStatus "0". But the answers that issued the number
 * or told of it are sealed with the same key and say RtnCode 1 as well: they have another TradeStatus than "1", no date of
 * payment and no mark of a simulation.
 */
function parseSealed(fields: Fields): readonly Fact[] {
  const order = objectOf(fields.OrderInfo);
  const code = textOf(fields.RtnCode);
  if (code !== '1') return [{ type: 'declined', code, message: textOf(fields.RtnMsg) }];
  const simulated = textOf(fields.SimulatePaid) === '1';
  const unpaid = textOf(order.PaymentDate) === '' && !['', '1'].includes(textOf(order.TradeStatus)) && !simulated;
  return unpaid
    ? [{ type: 'note', code, message: 'An answer about a number, not a payment.' }]
    : [readPaid(order, simulated, objectOf(fields.CardInfo))];
}

const TEXTS = {
  unknown: 'ECPay transaction not found.',
  unknownSealed: 'ECPay encrypted background callback transaction not found.',
  amount: 'ECPay amount mismatch.',
} as const;

/** ECPay reads nothing but these bytes; anything else makes it come again (page 2878). */
const answer = answerAs('text/plain; charset=utf-8');

export const callback: CallbackDriver = {
  locate,
  open,
  verify,
  parse,
  hides: ['CheckMacValue', 'Email', 'Phone', 'CustomerEmail', 'CustomerPhone', 'CustomerAddress'],
  texts: TEXTS,
  accept: () => answer(200, '1|OK'),
  refuse: (message) => answer(400, `0|${message}`),
  docs,
  setup: { names: ['ReturnURL', 'PaymentInfoURL'], entered: null },
  retry: answer(503, '0|Database unavailable, please send again.'),
};
