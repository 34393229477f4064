import { hideSecrets, isSecretName } from '../log.ts';

/**
 * A stored callback for a person's eyes: decoded as far as it goes, and without what nobody needs to see. The secrets that
 * prove it were taken out when it came; here go signatures, tokens and who the payer is, which the bytes on disk still have.
 * Whoever sent it may have written anything: what comes out is text and nothing else.
 */
export type ShownBody =
  | { readonly type: 'fields'; readonly fields: readonly ShownField[]; readonly isCut: boolean }
  | { readonly type: 'text'; readonly text: string; readonly isCut: boolean };

export interface ShownField {
  readonly name: string;
  readonly value: string;
}

/** What a driver says about the callbacks of its gateway. */
export interface BodyRules {
  /** Names whose values are not shown, in any letters. */
  readonly hides: readonly string[];
  /** In the order in which they are tried; UTF-8 when left out. */
  readonly charsets?: readonly string[];
}

const MAX_FIELDS = 200;
const MAX_VALUE = 1000;
const MAX_TEXT = 8000;
const MAX_DEPTH = 12;
const MASK = '***';

export function readBody(body: Uint8Array, contentType: string, rules: BodyRules): ShownBody {
  const isHidden = makeNameTest(rules.hides);
  const text = decode(body, rules.charsets);
  const json = parseJson(text ?? '');
  if (json !== undefined) return cutText(clean(JSON.stringify(hideMembers(json, isHidden), null, 2)));
  if (/form-urlencoded/i.test(contentType) || looksLikeForm(body)) return readForm(body, rules.charsets, isHidden);
  return cutText(clean(hideText(text ?? Buffer.from(body).toString('latin1'))));
}

type NameTest = (name: string) => boolean;

/** Of names as `payer[email]` or `buyer.email` the last part counts as well. */
function makeNameTest(hides: readonly string[]): NameTest {
  const names = new Set([...USUAL, ...hides].map(plain));
  return (name) => isSecretName(name) || names.has(plain(name)) || names.has(plain(name.split(/[[.]/).at(-1) ?? ''));
}

/** What proves a message, or is nobody else's business, under whatever gateway. */
const USUAL: readonly string[] = [
  ...['sign', 'signature', 'mac', 'hmac', 'checksum', 't', 'vt'],
  ...['email', 'emailaddress', 'buyeremail', 'payeremail'],
  ...['cardno', 'cardnumber', 'pan', 'cvc', 'cvv', 'cvv2', 'expmonth', 'expyear', 'cardexpiry'],
];

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function decode(bytes: Uint8Array, charsets: BodyRules['charsets'] = ['utf-8']): string | null {
  for (const charset of charsets) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {}
  }
  return null;
}

/** Undefined: it is none, or a word that means the same as text. */
function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function hideMembers(value: unknown, isHidden: NameTest, depth = 0): unknown {
  if (typeof value === 'string') return hideText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => hideMembers(item, isHidden, depth + 1));
  const members = Object.entries(value).map(([name, inner]) => [
    hideText(name),
    isHidden(name) && inner !== null && inner !== '' ? MASK : hideMembers(inner, isHidden, depth + 1),
  ]);
  return Object.fromEntries(members);
}

/** Names and values as pairs, which text with a `=` in it is not yet. */
function looksLikeForm(body: Uint8Array): boolean {
  return /^[\w.%[\]+-]+=[^\s<>{}&]*(?:&[\w.%[\]+-]+=[^\s<>{}&]*)*$/.test(Buffer.from(body).toString('latin1').trim());
}

/** Cut and unescaped as bytes: fields of one form may differ in their encoding. */
function readForm(body: Uint8Array, charsets: BodyRules['charsets'], isHidden: NameTest): ShownBody {
  const pairs = Buffer.from(body)
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '');
  const fields = pairs.slice(0, MAX_FIELDS).map((pair) => {
    const cut = pair.indexOf('=');
    const [name, value] = cut < 0 ? [pair, ''] : [pair.slice(0, cut), pair.slice(cut + 1)];
    return showField(decodePart(name, charsets), decodePart(value, charsets), isHidden);
  });
  const isLong = ({ value }: ShownField) => value.length > MAX_VALUE;
  return {
    type: 'fields',
    fields: fields.map((field) => ({ ...field, value: shorten(field.value, MAX_VALUE) })),
    isCut: pairs.length > MAX_FIELDS || fields.some(isLong),
  };
}

/** A value may be JSON itself: ECPay's browser posts carry an envelope in one field. */
function showField(name: string, value: string, isHidden: NameTest): ShownField {
  const inner = isHidden(name) ? undefined : parseJson(value);
  const shown = inner === undefined ? hideText(value) : JSON.stringify(hideMembers(inner, isHidden));
  return { name: shorten(clean(hideText(name)), 100), value: isHidden(name) && value !== '' ? MASK : clean(shown) };
}

function decodePart(part: string, charsets: BodyRules['charsets']): string {
  const bytes = part
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decode(Buffer.from(bytes, 'latin1'), charsets) ?? bytes;
}

const EMAIL = /[^\s@<>"',;:=&()[\]]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;

/** What shows by its look that it is a secret, or somebody's address. */
function hideText(text: string): string {
  return hideSecrets(text).replace(EMAIL, MASK);
}

/** Marks that reorder text could make an amount read backwards; of the controls only line breaks and tabs may stay. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|\p{Bidi_Control}|\ufeff/gu;

function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNPRINTABLE, '·');
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

function cutText(text: string): ShownBody {
  return { type: 'text', text: shorten(text, MAX_TEXT), isCut: text.length > MAX_TEXT };
}
