import { formatTaipei } from '../clock.ts';
import { encodeBytes } from '../http.ts';
import { encodeBig5 } from './big5.ts';
import { findMethod } from './methods.ts';
import { type Outgoing, payEndDate, paymentNo, type SmilePayOrder } from './order.ts';

/**
 * `form` is what SmilePay sends; `catalogue` is JSON in the names of the answer to SPPayment.asp, as PayCore's API
 * catalogue writes it down.
 */
export const shapes = ['form', 'catalogue'] as const;
export const encodings = ['big5', 'utf8'] as const;

export interface Wording {
  readonly shape: (typeof shapes)[number];
  readonly encoding: (typeof encodings)[number];
  /** Goes along in the catalogue shape. */
  readonly validationToken: string | null;
}

export type Fields = Readonly<Record<string, string>>;

const NOON = 12;
/** Shops that sent no Roturl_status are taken by this word. */
const STANDARD_STATUS = 'OK';

/** `2026/6/23`, and `下午 10:07:36`: the twelve-hour clock of a Taiwanese Windows. */
function processTime(ms: number): { Process_date: string; Process_time: string } {
  const [date = '', time = ''] = formatTaipei(ms).split(' ');
  const [hour = '', ...rest] = time.split(':');
  const half = Number(hour) < NOON ? '上午' : '下午';
  const twelve = String(Number(hour) % NOON || NOON).padStart(2, '0');
  return { Process_date: date.replace(/\/0/g, '/'), Process_time: `${half} ${[twelve, ...rest].join(':')}` };
}

/**
 * Mid_smilepay: merchant parameter (4 digits), amount (8 digits) and the last four characters of Smseid, where anything
 * but a digit counts as 9; three times the digits in even places plus nine times those in odd ones, counted from 1.
 */
export function midSmilePay(parameter: string, amount: number, smseid: string): string {
  const tail = smseid.slice(-4).replace(/\D/g, '9');
  const text = parameter.padStart(4, '0') + String(amount).padStart(8, '0') + tail;
  const sum = Array.from(text).reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 9 : 3), 0);
  return String(sum);
}

/** The names and their order are those of callbacks from 2021, `Veirify_number` included. */
export function formFields(order: SmilePayOrder, mid: string, now: number): Fields {
  const method = findMethod(order.payZg);
  const { sent } = order;
  const number = paymentNo(order);
  return {
    Classif: method?.classif ?? '',
    Od_sob: sent.od_sob ?? '',
    Data_id: order.dataId,
    ...processTime(order.paidAt ?? now),
    Response_id: method?.responseId ?? '0',
    Auth_code: method?.hasAuthCode ? order.smilePayNo.slice(1) : '',
    LastPan: '',
    Moneytype: 'TW',
    Purchamt: String(order.amount),
    Amount: String(order.amount),
    Errdesc: '',
    Pur_name: sent.pur_name ?? '',
    Tel_number: sent.tel_number ?? '',
    Mobile_number: sent.mobile_number ?? '',
    Address: sent.address ?? '',
    Email: sent.email ?? '',
    Invoice_num: sent.invoice_num ?? '',
    Smseid: order.smilePayNo,
    Mid_smilepay: midSmilePay(mid, order.amount, order.smilePayNo),
    Remark: sent.remark ?? '',
    Payment_no: number === '' ? '' : `${number},`,
    Foreign: '',
    Veirify_number: '',
    Fee: String(method?.fee ?? 0),
    Ship_Fee: '0',
  };
}

const catalogueFields = (order: SmilePayOrder, validationToken: string | null): Fields => ({
  Dcvc: order.dcvc,
  Data_id: order.dataId,
  SmilePayNO: order.smilePayNo,
  Amount: String(order.amount),
  Status: '1',
  ...order.numbers,
  PayEndDate: payEndDate(order),
  ...(validationToken === null ? {} : { validation_token: validationToken }),
});

export const fieldsOf = (order: SmilePayOrder, mid: string, wording: Wording, now: number): Fields =>
  wording.shape === 'catalogue' ? catalogueFields(order, wording.validationToken) : formFields(order, mid, now);

function encodeForm(fields: Fields, encoding: Wording['encoding']): string {
  const bytesOf = (text: string) => (encoding === 'big5' ? encodeBig5(text) : new TextEncoder().encode(text));
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeBytes(bytesOf(value), /[A-Za-z0-9_./-]/)}`)
    .join('&');
}

/** The callback that carries these fields; whoever takes the form answers with the word it asked for at creation. */
export function packFields(order: SmilePayOrder, url: string, fields: Fields, wording: Wording): Outgoing {
  if (wording.shape === 'catalogue') {
    return { url, contentType: 'application/json', body: JSON.stringify(fields), wanted: 'OK' };
  }
  return {
    url,
    contentType: 'application/x-www-form-urlencoded',
    body: encodeForm(fields, wording.encoding),
    wanted: `<Roturlstatus>${order.sent.roturl_status || STANDARD_STATUS}</Roturlstatus>`,
  };
}

export const roturlOf = (order: SmilePayOrder): string => order.sent.roturl ?? '';

export const paidCallback = (order: SmilePayOrder, mid: string, wording: Wording, now: number): Outgoing =>
  packFields(order, roturlOf(order), fieldsOf(order, mid, wording, now), wording);
