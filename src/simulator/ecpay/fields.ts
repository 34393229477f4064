import { isTaipeiTime } from '../clock.ts';
import { isRecord } from '../http.ts';

/** `number` is an integer that may also stand in quotes, as in ECPay's own PHP sample. */
export type FieldType = 'text' | 'integer' | 'number' | 'object';

/** One row of a table that says what ECPay accepts in a field. Names of nested JSON fields are joined by a dot. */
export interface FieldRule {
  readonly name: string;
  readonly required?: boolean;
  readonly type?: FieldType;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly allowed?: readonly string[];
  readonly range?: readonly [number, number];
  readonly check?: (text: string) => boolean;
  /** Values of ChoosePayment whose page in ECPay's documents knows the field; every one when absent. */
  readonly methods?: readonly string[];
  readonly code?: string;
}

/** A combination that ECPay does not take although each field alone is fine. */
export interface ComboRule {
  readonly field: string;
  readonly code?: string;
  readonly broken: (values: FieldValues) => boolean;
}

export const combo = (field: string, broken: ComboRule['broken'], code?: string): ComboRule =>
  code ? { field, broken, code } : { field, broken };

export type FieldValues = ReadonlyMap<string, unknown>;

export interface Fault {
  readonly code: string;
  readonly message: string;
}

export const codes = {
  parameter: '10100050',
  price: '10200005',
  amountRange: '10200050',
  merchantId: '10200051',
  tradeNo: '10200052',
  checkMac: '10200073',
  bnplMinimum: '10200105',
  duplicate: '10300028',
  noMethod: '10300023',
  firewall: '10400011',
  notFound: '10200047',
  sealedNotFound: '10000185',
  declined: '10100058',
  secureFailed: '10200043',
  cardRefused: '10200058',
  redeem: '5100011',
} as const;

export const checkMacFault: Fault = { code: codes.checkMac, message: 'CheckMacValue Error' };
export const duplicateFault: Fault = { code: codes.duplicate, message: '訂單編號重覆，請重新設定 (MerchantTradeNo)' };

const parameterFault = (field: string, code: string = codes.parameter): Fault => ({
  code,
  message: `Parameter Error. ${field}`,
});

export function textOf(values: FieldValues, name: string): string {
  const value = values.get(name);
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

function hasRightType(rule: FieldRule, value: unknown): boolean {
  if (rule.type === 'object') return isRecord(value);
  const isInteger = typeof value === 'number' && Number.isSafeInteger(value);
  if (rule.type === 'integer') return isInteger;
  if (rule.type === 'number') return isInteger || (typeof value === 'string' && /^\d{1,15}$/.test(value));
  return typeof value === 'string';
}

/** Characters no field may carry: a browser changes line ends in a form post, and the signature with them. */
const hasControlCharacter = (text: string): boolean => Array.from(text).some((char) => char < ' ' || char === '\u007f');

function isValueFine(rule: FieldRule, text: string): boolean {
  if (hasControlCharacter(text)) return false;
  if (rule.max !== undefined && text.length > rule.max) return false;
  if (rule.pattern && !rule.pattern.test(text)) return false;
  if (rule.allowed && !rule.allowed.includes(text)) return false;
  if (rule.check && !rule.check(text)) return false;
  if (!rule.range) return true;
  const number = Number(text);
  return number >= rule.range[0] && number <= rule.range[1];
}

function checkRule(rule: FieldRule, values: FieldValues, method: string): Fault | null {
  const value = values.get(rule.name);
  const fault = parameterFault(rule.name, rule.code);
  const isEmpty = value === undefined || value === '' || value === null;
  if (isEmpty) return rule.required ? fault : null;
  if (!hasRightType(rule, value)) return fault;
  if (rule.methods && !rule.methods.includes(method)) return fault;
  if (rule.type === 'object') return null;
  return isValueFine(rule, textOf(values, rule.name)) ? null : fault;
}

/** The first thing wrong with the fields, in the order of the table; unknown names last. */
export function findFault(
  rules: readonly FieldRule[],
  combos: readonly ComboRule[],
  values: FieldValues,
  method: string,
): Fault | null {
  for (const rule of rules) {
    const fault = checkRule(rule, values, method);
    if (fault) return fault;
  }
  const known = new Set(rules.map((rule) => rule.name));
  for (const name of values.keys()) if (!known.has(name)) return parameterFault(name);
  const broken = combos.find((combo) => combo.broken(values));
  return broken ? parameterFault(broken.field, broken.code) : null;
}

/**
 * Words that look like a shell command to the firewall in front of the cashier (ECPay developer docs p=2858 warn of
 * them without a full list).
 */
const shellWords =
  /\b(?:bash|chmod|chown|cmd|curl|echo|eval|exec|finger|ftp|gcc|ifconfig|kill|ls|mail|nc|net|netcat|netstat|nmap|nslookup|passwd|perl|ping|powershell|python|rm|sudo|systemctl|tclsh|telnet|tftp|traceroute|tracert|uname|wget|whoami|xterm)\b/i;

/** Looks at every field but the payer’s e-mail address, which nobody can word differently. */
export function findFirewallFault(values: FieldValues): Fault | null {
  const texts = [...values.keys()]
    .filter((name) => !name.endsWith('Email'))
    .map((name) => readPath(textOf(values, name)));
  return texts.some((text) => shellWords.test(text))
    ? { code: codes.firewall, message: 'Request blocked (WAF)' }
    : null;
}

/** The host of an address cannot be worded differently either. */
const readPath = (text: string): string => text.replace(/^ *https?:\/\/[^/?#]*/i, '');

/** The first field that carries a tag, as a fault. */
export function findTagFault(values: FieldValues): Fault | null {
  for (const name of values.keys()) if (hasHtmlTag(textOf(values, name))) return parameterFault(name);
  return null;
}

/** ECPay strips tags before it computes the signature, so a field with one never verifies (developer docs p=2858). */
export const hasHtmlTag = (text: string): boolean => /<[a-z!/?]|&#/i.test(text);
export const alnum = /^[A-Za-z0-9]+$/;
export const wholeNumber = /^(?:0|[1-9]\d*)$/;
export const positiveNumber = /^[1-9]\d*$/;

/**
 * An address as ECPay takes it: no shell marks, and neither `%26` nor `%3C`, which have to be decoded before sending
 * (ECPay developer docs p=2862). ECPay's own sample starts with a space, so that is let through.
 */
export const address = /^(?!.*%(?:26|3c)) *https?:\/\/[^\s"'<>\\;|`]+$/i;

/** Letters of any script, digits, spaces and the marks ECPay's documents list for free fields, plus `-` and `_`. */
export const customText = /^[\p{L}\p{N}\p{M}\p{Zs}\p{So}\u3000-\u303f\uff00-\uffef,.#()$[\];%{}:/?&@<>!_-]*$/u;

/** "No special characters" (ECPay developer docs p=2862): the ones that broke signatures before. */
export const plainText = /^[^<>&'"\\|`]*$/;
export const tradeNo = /^[A-Za-z0-9]{1,20}$/;

const needed = (name: string, rest: Partial<FieldRule>): FieldRule => ({ name, required: true, ...rest });

/** Rows that several tables share. */
export const merchantIdRule = needed('MerchantID', { max: 10, pattern: alnum, code: codes.merchantId });
export const tradeNoRule = needed('MerchantTradeNo', { max: 20, pattern: tradeNo, code: codes.tradeNo });
export const platformRule: FieldRule = { name: 'PlatformID', max: 10, pattern: alnum };
export const checkMacRule = needed('CheckMacValue', { code: codes.checkMac });
export const tradeDateRule = needed('MerchantTradeDate', { max: 20, check: isTaipeiTime });
export const amountRule = needed('TotalAmount', { pattern: positiveNumber, code: codes.price });

/** What a store's machine, or a person, is shown. */
export const shortText = (max: number): Omit<FieldRule, 'name'> => ({ max, pattern: plainText });

/** The same rows under an object's name, or in another kind of table. */
export const rulesOf = (object: string, rules: readonly FieldRule[]): FieldRule[] =>
  rules.map((rule) => ({ ...rule, name: `${object}.${rule.name}` }));

export const alike = (names: readonly string[], rule: Omit<FieldRule, 'name'>): FieldRule[] =>
  names.map((name) => ({ ...rule, name }));

export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${name}${at + 1}`);

export const has = (values: FieldValues, ...names: readonly string[]): boolean =>
  names.some((name) => textOf(values, name) !== '');

/** A platform that orders for somebody else is none of those that the simulator knows. */
export const platformCombo: ComboRule = {
  field: 'PlatformID',
  broken: (values) => has(values, 'PlatformID') && textOf(values, 'PlatformID') !== textOf(values, 'MerchantID'),
};

/** Nested fields under dotted names, so that one table can speak about all of them. */
export function flatten(data: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(data)) {
    values.set(name, value);
    if (isRecord(value)) for (const [inner, text] of Object.entries(value)) values.set(`${name}.${inner}`, text);
  }
  return values;
}

/** Smallest and largest amount per method; contracts differ, so these are the widest that ECPay publishes. */
export const amountRange: Readonly<Record<string, readonly [number, number]>> = {
  Credit: [5, 199_999],
  ATM: [11, 49_999],
  WebATM: [11, 49_999],
  CVS: [27, 20_000],
  BARCODE: [16, 20_000],
  BNPL: [3000, 199_999],
};
const anyRange: readonly [number, number] = [5, 199_999];

export function isAmountFine(method: string, amount: number): boolean {
  const [low, high] = amountRange[method] ?? anyRange;
  return amount >= low && amount <= high;
}

/** A combo rule for amounts outside the method's range, with ECPay's own code for it. */
export const amountCombo = (method: string, field: string): ComboRule => ({
  field,
  code: method === 'BNPL' ? codes.bnplMinimum : codes.amountRange,
  broken: (values) => !isAmountFine(method, Number(values.get(field))),
});
