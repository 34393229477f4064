import type { Secrets } from './context.ts';
import type { CredentialField, CredentialSchema } from './credential-schema.ts';
import { ESCAPES, listLiterals, literally, spell } from './spellings.ts';

/**
 * What a gateway says may quote what it was sent. Every text of a gateway passes here before it is cut, stored, logged or
 * shown: the secrets of the set it was called with are replaced in it, however they are written. Only whole ones can be
 * found, so nothing that a gateway says is cut anywhere before.
 */
export interface Hider {
  /** In a text that may be a number, an address, or anything. */
  readonly everywhere: Hide;
  /** In a sentence. */
  readonly inSentence: Hide;
}

export type Hide = (text: string) => string;

const MASK = '***';

/** Shorter ones stand in the middle of words and numbers; they are looked for in sentences, and there as words. */
const SHORTEST = 6;

/** By the values they hide, those used last: sets are opened anew for every call, and patterns are dear to make. */
const known = new Map<string, Hider>();
const MAX_KNOWN = 500;

/** `more`: what else of a call nobody may see, e.g. the token it was made with. */
export function makeHider(schema: CredentialSchema, sets: readonly Secrets[], more: readonly string[] = []): Hider {
  const names = listSecretFields(schema).map(({ name }) => name);
  const values = [...new Set([...sets.flatMap((set) => names.map((name) => set[name] ?? '')), ...more])];
  const key = JSON.stringify(values);
  const hider = known.get(key) ?? build(values.filter((value) => value !== ''));
  known.delete(key);
  known.set(key, hider);
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  return hider;
}

function listSecretFields({ fields, merchantField }: CredentialSchema): readonly CredentialField[] {
  return fields.filter(({ name, isPublic }) => isPublic !== true && name !== merchantField);
}

function build(values: readonly string[]): Hider {
  const long = values.filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);
  const short = values.filter((value) => value.length < SHORTEST);
  // Letter case aside: some gateways repeat the signed text, which is lower-cased.
  const plain = replace(long.flatMap(listLiterals), 'gi');
  let escaped: Hide | null = null;
  const everywhere: Hide = (text) => {
    const clean = plain(text);
    if (!ESCAPES.test(clean)) return clean;
    escaped ??= replace(long.map(spell), 'gi');
    return escaped(clean);
  };
  const words = replace(
    short.map((value) => `(?<![A-Za-z0-9])${literally(value)}(?![A-Za-z0-9])`),
    'g',
  );
  return { everywhere, inSentence: (text) => words(everywhere(text)) };
}

function replace(patterns: readonly string[], flags: 'g' | 'gi'): Hide {
  if (patterns.length === 0) return (text) => text;
  const pattern = new RegExp(patterns.join('|'), flags);
  return (text) => text.replace(pattern, MASK);
}

/** Longest texts that are kept of what a gateway says, by the names under which facts, results and errors have them. */
const LONGEST: Readonly<Record<string, number>> = { code: 100, gatewayCode: 100, channel: 100, message: 500 };

/** The value with every text in it hidden, then cut; itself when there was nothing to do. */
export function hideIn<T>(value: T, hider: Hider, name = ''): T {
  if (typeof value === 'string') return hideText(value, hider, name) as T & string;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => hideIn(item, hider, name));
    return items.some((item, at) => item !== value[at]) ? (items as T & unknown[]) : value;
  }
  const entries = Object.entries(value);
  const hidden = entries.map(([key, inner]) => [hider.everywhere(key), hideIn(inner, hider, key)] as const);
  const isSame = hidden.every(([key, inner], at) => key === entries[at]?.[0] && inner === entries[at]?.[1]);
  return isSame ? value : (Object.fromEntries(hidden) as T & object);
}

function hideText(text: string, hider: Hider, name: string): string {
  const hidden = name === 'message' ? hider.inSentence(text) : hider.everywhere(text);
  return Object.hasOwn(LONGEST, name) ? hideKeys(hidden).slice(0, LONGEST[name]) : hidden;
}

/** Keys that show what they are: a text may name others than those of the call, e.g. the secret of one order. */
const KEYS = /\b((?:sk|pk|rk)_(?:test|live)_|whsec_)[^\s"',;]+|(_secret_)[A-Za-z0-9]+/g;

function hideKeys(text: string): string {
  return text.replace(KEYS, (_, kind = '', part = '') => `${kind}${part}${MASK}`);
}

/** Hides what an error says in the error itself: whoever catches it tells its kind by its class. */
export function hideInError(error: unknown, hider: Hider): void {
  if (!(error instanceof Error)) return;
  error.message = hideText(error.message, hider, 'message');
  if (error.stack !== undefined) error.stack = hider.inSentence(error.stack);
  for (const [name, value] of Object.entries(error)) {
    const hidden = hideIn(value, hider, name);
    if (hidden !== value) Reflect.set(error, name, hidden);
  }
  hideInError(error.cause, hider);
}

/** Bytes in whatever encoding; the same ones when there was nothing to hide. */
export function hideInBytes(bytes: Uint8Array, hide: Hide): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const hidden = hide(text);
  return hidden === text ? bytes : Buffer.from(hidden, 'latin1');
}

/** For bytes of which nobody knows whose secrets they may hold: hides what stands under the name of one. */
export function makeNameHider(schema: CredentialSchema): Hide {
  const names = listSecretFields(schema).flatMap(({ name, aliases }) => [name, ...aliases]);
  if (names.length === 0) return (text) => text;
  const name = `\\b(?:${names.map(literally).join('|')})`;
  const pattern = new RegExp(`(${name}=)[^&\\s]+|(${name}\\\\*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\.)+`, 'gi');
  return (text) => text.replace(pattern, (_, form = '', json = '') => `${form}${json}${MASK}`);
}
