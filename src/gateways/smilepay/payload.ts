import { isPlainObject } from '../../core/fields.ts';
import type { RawCallback } from '../gateway.ts';
import { decodeText } from './bytes.ts';

/** Fields of a callback, form or JSON, as text. The object has no prototype: `__proto__` is a name like any other. */
export type Fields = Readonly<Record<string, string>>;

const MAX_BYTES = 64 * 1024;
const MAX_FIELDS = 200;

/** Stands for a value in no known encoding: it equals nothing that is expected, and is never shown. */
const UNREADABLE = '\ufffd';

/** Null when there is nothing to read, or a name comes twice, so that no two readers see different values. */
export function readFields(raw: RawCallback): Fields | null {
  if (raw.body.length === 0 || raw.body.length > MAX_BYTES) return null;
  return looksLikeJson(raw) ? readJson(raw.body) : readForm(raw.body);
}

function looksLikeJson({ contentType, body }: RawCallback): boolean {
  return /json/i.test(contentType) || body.find((byte) => byte > 0x20) === 0x7b;
}

/** Numbers as they would be written; what is neither text nor number is left out. */
function readJson(body: Uint8Array): Fields | null {
  const value = parseJson(decodeText(body) ?? '');
  if (!isPlainObject(value)) return null;
  const scalars = Object.entries(value).filter(([, one]) => typeof one === 'string' || typeof one === 'number');
  return collect(scalars.map(([name, one]) => [name, String(one)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Names and values are cut and unescaped as bytes; only then each is decoded, for fields differ in their encoding. */
function readForm(body: Uint8Array): Fields | null {
  const pairs = Buffer.from(body)
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '');
  return collect(
    pairs.map((pair) => {
      const cut = pair.indexOf('=');
      return cut < 0 ? [decodePart(pair), ''] : [decodePart(pair.slice(0, cut)), decodePart(pair.slice(cut + 1))];
    }),
  );
}

function decodePart(part: string): string {
  const bytes = part
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeText(Buffer.from(bytes, 'latin1')) ?? UNREADABLE;
}

function collect(pairs: readonly (readonly [string, string])[]): Fields | null {
  if (pairs.length === 0 || pairs.length > MAX_FIELDS) return null;
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in fields) return null;
    fields[name] = value;
  }
  return fields;
}
