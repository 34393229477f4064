import { minorToMajor } from '../../core/money.ts';
import { answerAs } from '../callback-answers.ts';
import type { CallbackDriver, Hints, Located, Message, RawCallback, Secrets } from '../gateway.ts';
import { ROTURL_STATUS } from './create.ts';
import { docs } from './docs.ts';
import {
  claimsPaid,
  fitsAmount,
  readAmount,
  readFacts,
  readPaymentNo,
  type Shape,
  shapeOf,
  tradeNoOf,
} from './facts.ts';
import { computeMid } from './mid.ts';
import { type Fields, readFields } from './payload.ts';
import { equalInConstantTime, makeValidation } from './roturl.ts';
import { TEXTS } from './texts.ts';

/** SmilePay calling us. What proves it is in the query string of the Roturl, see roturl.ts. */

interface Parts {
  readonly shape: Shape;
  readonly fields: Fields;
  readonly query: URLSearchParams;
}

function partsOf(message: Message): Parts {
  return {
    shape: message.kind as Shape,
    fields: message.fields as Fields,
    query: message.raw?.query ?? new URLSearchParams(),
  };
}

function locate(raw: RawCallback): Located {
  const fields = readFields(raw);
  const hints = fields && readHints(fields, raw.query);
  if (!fields || !hints) return { type: 'refused', message: TEXTS.unreadable };
  return { type: 'clear', message: { kind: shapeOf(fields), hints, fields, raw } };
}

/** Null when it says nothing about whose it is. */
function readHints(fields: Fields, query: URLSearchParams): Hints | null {
  const tradeNo = tradeNoOf(shapeOf(fields), fields);
  const token = query.get('t') ?? '';
  // Some shops of SmilePay’s use one of them for the number, some the other.
  const orderNo = fields.Data_id || fields.Od_sob || '';
  const merchantId = fields.Dcvc || query.get('Dcvc') || '';
  if (tradeNo === '' && token === '' && orderNo === '') return null;
  return {
    ...(tradeNo === '' ? {} : { tradeNo }),
    ...(token === '' ? {} : { token }),
    ...(orderNo === '' ? {} : { orderNo }),
    ...(merchantId === '' || orderNo === '' ? {} : { merchantOrder: { merchantId, orderNo } }),
  };
}

const verify: CallbackDriver['verify'] = (message, secrets, { payment, attempt, ctx }) => {
  const parts = partsOf(message);
  const brings = (token: string | undefined, given: string | null | undefined) =>
    token !== undefined && typeof given === 'string' && equalInConstantTime(token, given);
  const proved =
    brings(ctx.callbackToken, parts.query.get('t')) || brings(secrets.validation_token, parts.fields.validation_token);
  const amount = minorToMajor(payment.amount, payment.currency);
  const checks: readonly (readonly [fits: boolean, refusal: string])[] = [
    [namesMerchant(parts, secrets), TEXTS.merchant],
    [isValidated(parts, secrets, attempt.gatewayOrderNo), TEXTS.validation],
    [namesOrder(parts, [attempt.gatewayOrderNo, payment.merchantOrderNo]), TEXTS.unknown],
    [fitsMid(parts, secrets), TEXTS.mid],
    [!claimsPaid(parts.shape, parts.fields) || fitsAmount(parts.fields, amount), TEXTS.amount],
  ];
  const failed = checks.find(([fits]) => !fits);
  if (failed) return { ok: false, proved, message: failed[1] };
  return proved ? { ok: true } : { ok: false, proved, confirm: 'paid', message: TEXTS.unconfirmed };
};

/** The form itself names no merchant; the address it comes to does. */
function namesMerchant({ shape, fields, query }: Parts, { dcvc }: Secrets): boolean {
  const names = [fields.Dcvc ?? '', ...query.getAll('Dcvc')].filter((name) => name !== '');
  return names.every((name) => name === dcvc) && (names.length > 0 || shape === 'roturl');
}

/** Found by its trade number or its token, it may still name another order. Old databases fill numbers up with blanks. */
function namesOrder({ fields }: Parts, numbers: readonly string[]): boolean {
  const named = (fields.Data_id ?? '').trim();
  return named === '' || numbers.includes(named);
}

/** A merchant’s own token comes back in the address, as its HMAC, or in the body, as it is. */
function isValidated({ fields, query }: Parts, { validation_token: token }: Secrets, gatewayOrderNo: string): boolean {
  if (token === undefined) return true;
  if (fields.validation_token) return equalInConstantTime(token, fields.validation_token);
  return equalInConstantTime(makeValidation(token, gatewayOrderNo), query.get('vt') ?? '');
}

/** The code is made of the amount that was ordered: a card that failed has an Amount of 0. */
function fitsMid({ shape, fields }: Parts, { mid }: Secrets): boolean {
  if (mid === undefined || shape === 'catalogue') return true;
  const amount = readAmount(fields.Purchamt || fields.Amount);
  if (amount === null) return false;
  return equalInConstantTime(String(computeMid(mid, amount, fields.Smseid ?? '')), fields.Mid_smilepay ?? '');
}

function describePayload(message: Message): Readonly<Record<string, string>> {
  const { shape, fields } = partsOf(message);
  return {
    received_amount: fields.Amount ?? '',
    payload_data_id: fields.Data_id ?? '',
    payload_smilepay_no: tradeNoOf(shape, fields),
    payload_payment_no: readPaymentNo(fields),
  };
}

const answer = answerAs('text/plain; charset=UTF-8');

export const callback: CallbackDriver = {
  locate,
  verify,
  parse: (message) => readFacts(message.kind as Shape, message.fields as Fields),
  hides: ['Mid_smilepay', 'validation_token', 'Tel_number', 'Mobile_number', 'Address', 'Email'],
  charsets: ['utf-8', 'big5'],
  texts: { unknown: TEXTS.unknown, amount: TEXTS.amount },
  describePayload,
  accept: (message) =>
    answer(200, message?.kind === 'roturl' ? `<Roturlstatus>${ROTURL_STATUS}</Roturlstatus>` : ROTURL_STATUS),
  refuse: (message) => answer(400, message),
  retry: answer(503, 'Database unavailable, please send again.'),
  docs,
  setup: { names: ['Roturl'], entered: null },
};
