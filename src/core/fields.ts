import { isMetadata, MAX_METADATA_PAIRS } from './metadata.ts';

/**
 * A field of a JSON body, as data: validation, OpenAPI and the documentation are made from the same rows.
 */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly required?: boolean;
  /** Smallest number. */
  readonly min?: number;
  /** Largest number, or longest text in characters. */
  readonly max?: number;
  /** Characters are counted in UTF-16 units, as some gateways do: an emoji is two. */
  readonly countsUnits?: true;
  readonly oneOf?: readonly (string | number)[];
  readonly pattern?: RegExp;
  /** Says in words what `pattern` wants. */
  readonly expected?: string;
  readonly description: string;
  readonly example?: string | number | boolean | object;
  /** About which money it is: null and empty text are refused, as they are of every optional amount. */
  readonly choosesMoney?: true;
  readonly default?: string | number;
}

/** A text that others send us, as documentation lists it. */
export const textField = (name: string, description: string, required = false): Field => ({
  name,
  type: 'string',
  description,
  ...(required ? { required } : {}),
});

export type FieldType =
  | 'string'
  | 'integer'
  | 'amount'
  | 'decimal'
  | 'url'
  | 'email'
  | 'boolean'
  | 'object'
  | 'metadata'
  | 'list';

export interface Checked {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

/** The whole table of texts; `{name}`, `{max}` … are filled in. */
const TEXTS = {
  required: 'The {name} field is required.',
  blank: 'The {name} field must not be null or empty. Leave it out if that is what you mean.',
  string: 'The {name} field must be a string.',
  integer: 'The {name} field must be an integer.',
  decimal: 'The {name} field must be an integer or a decimal text like "10.99".',
  boolean: 'The {name} field must be true or false.',
  object: 'The {name} field must be an object.',
  url: 'The {name} field must be a valid URL (http or https).',
  email: 'The {name} field must be a valid email address.',
  list: 'The {name} field must be a list of: {list}.',
  metadata: `The {name} field must be an object of at most ${MAX_METADATA_PAIRS} string pairs (keys up to 40, values up to 500 characters).`,
  min: 'The {name} field must be at least {min}.',
  max: 'The {name} field must not be greater than {max}.',
  length: 'The {name} field must not be greater than {max} characters.',
  oneOf: 'The {name} field must be one of: {list}.',
  pattern: 'The {name} field must be {expected}.',
} as const;

function tell(text: keyof typeof TEXTS, field: Field, prefix: string): string {
  return TEXTS[text]
    .replace('{name}', prefix + field.name)
    .replace('{min}', String(field.min))
    .replace('{max}', String(field.max))
    .replace('{list}', (field.oneOf ?? []).join(', '))
    .replace('{expected}', field.expected ?? '');
}

/**
 * Checks every field and reports every bad one. A field that is null or an empty string counts as left out, unless it is
 * about money; fields that are not in the table are ignored. `prefix` names the object the fields stand in ("ecpay.").
 */
export function checkFields(body: Readonly<Record<string, unknown>>, fields: readonly Field[], prefix = ''): Checked {
  const values: Record<string, unknown> = {};
  const errors: Record<string, readonly string[]> = {};
  for (const field of fields) {
    const given = Object.hasOwn(body, field.name) ? body[field.name] : undefined;
    const result = isLeftOut(given) ? checkLeftOut(given, field) : checkValue(readEmptyList(given, field), field);
    if (result === null) continue;
    if ('problem' in result) errors[prefix + field.name] = [tell(result.problem, field, prefix)];
    else values[field.name] = result.value;
  }
  return { values, errors };
}

/** What a form or a careful client sends for a field it has nothing for. */
export function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * Leaving money out means something of its own: "all of it", "the payer enters it", "no bound". A shop whose sum went wrong
 * sends null, which is what JSON makes of NaN, and must not have said that by it.
 */
function checkLeftOut(given: unknown, { required, type, choosesMoney }: Field): ValueResult | null {
  if (required) return { problem: 'required' };
  const isMoney = type === 'amount' || type === 'decimal' || choosesMoney === true;
  return isMoney && given !== undefined ? { problem: 'blank' } : null;
}

/** PHP has one kind of array and writes an empty one `[]`, also where it stands for an object. */
function readEmptyList(given: unknown, { type, required }: Field): unknown {
  const mayBeEmpty = (type === 'object' || type === 'metadata') && !required;
  return mayBeEmpty && isEmptyList(given) ? {} : given;
}

type ValueResult = { readonly value: unknown } | { readonly problem: keyof typeof TEXTS };

function checkValue(given: unknown, field: Field): ValueResult {
  switch (field.type) {
    case 'amount':
    case 'integer':
      return checkNumber(given, field);
    case 'decimal':
      return checkDecimal(given, field);
    case 'boolean':
      return typeof given === 'boolean' ? { value: given } : { problem: 'boolean' };
    case 'object':
      return isPlainObject(given) ? { value: given } : { problem: 'object' };
    case 'list':
      return isListOf(given, field.oneOf ?? []) ? { value: given } : { problem: 'list' };
    case 'metadata':
      return isMetadata(given) ? { value: given } : { problem: 'metadata' };
    default:
      return checkText(given, field);
  }
}

function checkNumber(given: unknown, field: Field): ValueResult {
  const number = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return { problem: 'integer' };
  if (field.min !== undefined && number < field.min) return { problem: 'min' };
  if (field.max !== undefined && number > field.max) return { problem: 'max' };
  if (field.oneOf && !field.oneOf.includes(number)) return { problem: 'oneOf' };
  return { value: number };
}

/** Gives back the text: as a floating number it would not be what was written. */
function checkDecimal(given: unknown, field: Field): ValueResult {
  const text = typeof given === 'number' && Number.isSafeInteger(given) ? String(given) : given;
  if (typeof text !== 'string' || !/^\d{1,15}(\.\d{1,4})?$/.test(text)) return { problem: 'decimal' };
  if (field.min !== undefined && Number(text) < field.min) return { problem: 'min' };
  if (field.max !== undefined && Number(text) > field.max) return { problem: 'max' };
  return { value: text };
}

function checkText(given: unknown, field: Field): ValueResult {
  if (typeof given !== 'string') return { problem: 'string' };
  const text = given.toWellFormed();
  if (field.max !== undefined && lengthOf(text, field) > field.max) return { problem: 'length' };
  if (field.type === 'url' && !isWebUrl(text)) return { problem: 'url' };
  if (field.type === 'email' && !EMAIL.test(text)) return { problem: 'email' };
  if (field.oneOf && !field.oneOf.includes(text)) return { problem: 'oneOf' };
  if (field.pattern && !field.pattern.test(text)) return { problem: 'pattern' };
  return { value: text };
}

function lengthOf(text: string, { countsUnits }: Field): number {
  return countsUnits ? text.length : [...text].length;
}

function isListOf(given: unknown, allowed: readonly (string | number)[]): boolean {
  const whole = Array.isArray(given) && given.length > 0 && given.length <= allowed.length;
  return whole && new Set(given).size === given.length && given.every((item) => allowed.includes(item));
}

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>".]+(\.[^\s@<>".]+)+$/;

/** An absolute http(s) address without control characters. */
export function isWebUrl(text: string): boolean {
  if (text.length > 2000 || !/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text)) return false;
  return URL.canParse(text);
}

export function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
