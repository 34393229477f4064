import type { Branch, Node } from './brackets.ts';
import { refuse, refuseMissing, refuseUndone } from './failure.ts';

/** Parameters after reading: texts, integers and booleans instead of texts only. */
export type Value = string | number | boolean | Values | readonly Value[];
export interface Values {
  readonly [name: string]: Value;
}

export type Fields = Readonly<Record<string, Field>>;
export type Field =
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'integer' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'list'; readonly of: Field }
  | { readonly kind: 'group'; readonly fields: Fields; readonly required?: readonly string[] }
  | { readonly kind: 'metadata' }
  /** Known to Stripe, not to this stand-in. */
  | { readonly kind: 'undone' };

const LIST_CAP = 100;
/** Stripe API reference, Metadata. */
const METADATA = { keys: 50, name: 40, value: 500 } as const;

function join(path: string, name: string): string {
  return path === '' ? name : `${path}[${name}]`;
}

function readText(node: Node, param: string): string {
  if (typeof node !== 'string') return refuse(`Invalid string: ${param} must be a text.`, { param });
  if (node !== '') return node;
  // An empty value means "unset" to Stripe, and what was never set cannot be.
  return refuse(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
}

function readBounded(node: Node, max: number, param: string): string {
  const text = readText(node, param);
  return [...text].length <= max ? text : refuse(`Invalid string: must be at most ${max} characters`, { param });
}

function readChoice(node: Node, choices: readonly string[], param: string): string {
  const text = readText(node, param);
  return choices.includes(text) ? text : refuse(`Invalid ${param}: must be one of ${choices.join(', ')}`, { param });
}

function readInteger(node: Node, param: string): number {
  const text = readText(node, param);
  if (!/^-?\d{1,15}$/.test(text)) {
    return refuse(`Invalid integer: ${text.slice(0, 40)}`, { code: 'parameter_invalid_integer', param });
  }
  return Number(text);
}

function readFlag(node: Node, param: string): boolean {
  const text = readText(node, param);
  return text === 'true' || (text === 'false' ? false : refuse(`Invalid boolean: ${text.slice(0, 40)}`, { param }));
}

function branchOf(node: Node, kind: string, param: string): Branch {
  return typeof node === 'string' ? refuse(`Invalid ${kind}`, { param }) : node;
}

function readList(node: Node, of: Field, param: string): readonly Value[] {
  const items = [...branchOf(node, 'array', param)];
  if (items.some(([name]) => !/^\d{1,3}$/.test(name)) || items.length > LIST_CAP) refuse('Invalid array', { param });
  const inOrder = items.sort(([one], [other]) => Number(one) - Number(other));
  return inOrder.map(([name, item]) => readValue(of, item, join(param, name)));
}

function readMetadata(node: Node, param: string): Values {
  const entries = [...branchOf(node, 'object', param)].map(([name, value]) => {
    if (typeof value !== 'string') return refuse('Metadata values must be strings', { param: join(param, name) });
    if (name.length > METADATA.name) refuse(`Metadata keys can have up to ${METADATA.name} characters`, { param });
    if (value.length > METADATA.value) refuse(`Metadata values can have up to ${METADATA.value} characters`, { param });
    return [name, value] as const;
  });
  if (entries.length > METADATA.keys) refuse(`You can have at most ${METADATA.keys} metadata keys`, { param });
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function readValue(field: Field, node: Node, param: string): Value {
  switch (field.kind) {
    case 'text':
      return readBounded(node, field.max, param);
    case 'choice':
      return readChoice(node, field.choices, param);
    case 'integer':
      return readInteger(node, param);
    case 'flag':
      return readFlag(node, param);
    case 'list':
      return readList(node, field.of, param);
    case 'group':
      return readFields(field.fields, branchOf(node, 'object', param), field.required, param);
    case 'metadata':
      return readMetadata(node, param);
    case 'undone':
      return refuseUndone(param);
  }
}

/** Throws StripeFailure for a parameter that is unknown, missing or misshapen. */
export function readFields(fields: Fields, tree: Branch, required: readonly string[] = [], path = ''): Values {
  const stray = [...tree.keys()].find((name) => !Object.hasOwn(fields, name));
  if (stray !== undefined) {
    const param = join(path, stray);
    refuse(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const missing = required.find((name) => !tree.has(name));
  if (missing !== undefined) refuseMissing(join(path, missing));
  return Object.fromEntries(
    [...tree].flatMap(([name, node]) => {
      const field = fields[name];
      return field ? [[name, readValue(field, node, join(path, name))]] : [];
    }),
  );
}

function valueAt(values: Values, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((at, name) => (isGroup(at) ? at[name] : undefined), values);
}

function isGroup(value: Value | undefined): value is Values {
  return typeof value === 'object' && !Array.isArray(value);
}

export function textAt(values: Values, ...path: readonly string[]): string | null {
  const value = valueAt(values, path);
  return typeof value === 'string' ? value : null;
}

export function integerAt(values: Values, ...path: readonly string[]): number | null {
  const value = valueAt(values, path);
  return typeof value === 'number' ? value : null;
}

export function flagAt(values: Values, ...path: readonly string[]): boolean | null {
  const value = valueAt(values, path);
  return typeof value === 'boolean' ? value : null;
}

export function groupAt(values: Values, ...path: readonly string[]): Values | null {
  const value = valueAt(values, path);
  return isGroup(value) ? value : null;
}

/** The texts of a list; null when it was not sent. */
export function textsAt(values: Values, ...path: readonly string[]): readonly string[] | null {
  const value = valueAt(values, path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}

/** Metadata and the like: every text in the group. */
export function pairsAt(values: Values, ...path: readonly string[]): Readonly<Record<string, string>> {
  const texts = Object.entries(groupAt(values, ...path) ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
