/** One row of a table that says what ECPay accepts in a field. Names of nested JSON fields are joined by a dot. */
export interface FieldRule {
  readonly name: string;
  readonly required?: boolean;
  /** `number` is an integer that may also stand in quotes, as in ECPay's own PHP sample. */
  readonly type?: 'text' | 'integer' | 'number' | 'object';
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

function parameterFault(field: string, code: string = codes.parameter): Fault {
  return { code, message: `Parameter Error. ${field}` };
}

export function textOf(values: FieldValues, name: string): string {
  const value = values.get(name);
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

function hasRightType(rule: FieldRule, value: unknown): boolean {
  if (rule.type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  const isInteger = typeof value === 'number' && Number.isSafeInteger(value);
  if (rule.type === 'integer') return isInteger;
  if (rule.type === 'number') return isInteger || (typeof value === 'string' && /^\d{1,15}$/.test(value));
  return typeof value === 'string';
}

/** Characters no field may carry: a browser changes line ends in a form post, and the signature with them. */
function hasControlCharacter(text: string): boolean {
  return Array.from(text).some((char) => char < ' ' || char === '\u007f');
}

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
  /\b(?:bash|chmod|chown|cmd|curl|echo|eval|exec|ifconfig|netcat|netstat|nslookup|passwd|perl|ping|powershell|python|sudo|systemctl|telnet|tftp|wget|whoami)\b/i;

export function findFirewallFault(texts: readonly string[]): Fault | null {
  return texts.some((text) => shellWords.test(text))
    ? { code: codes.firewall, message: 'Request blocked (WAF)' }
    : null;
}

/** The first field that carries a tag, as a fault. */
export function findTagFault(values: FieldValues): Fault | null {
  for (const name of values.keys()) if (hasHtmlTag(textOf(values, name))) return parameterFault(name);
  return null;
}

/** ECPay strips tags before it computes the signature, so a field with one never verifies (developer docs p=2858). */
export function hasHtmlTag(text: string): boolean {
  return /<[a-z!/?]|&#/i.test(text);
}
