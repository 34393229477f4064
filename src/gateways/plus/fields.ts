import { isPlainObject } from '../../core/fields.ts';
import type { RawCallback } from '../gateway.ts';

const MAX_FIELDS = 200;

/**
 * Fields of a callback, form or JSON, as text, each name once. Null for anything else: a name that comes twice would let
 * one reader see what another does not, and what is nested no sign can be made over. The result has no prototype.
 */
export function readFields({ contentType, body }: RawCallback): Readonly<Record<string, string>> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const isJson = /json/i.test(contentType) || text.startsWith('{');
    return collect(isJson ? listJson(text) : [...new URLSearchParams(text)]);
  } catch {
    return null;
  }
}

function listJson(text: string): readonly (readonly [string, unknown])[] {
  const value: unknown = JSON.parse(text);
  return isPlainObject(value) ? Object.entries(value) : [];
}

function collect(pairs: readonly (readonly [string, unknown])[]): Readonly<Record<string, string>> | null {
  const fields: Record<string, string> = Object.create(null);
  if (pairs.length === 0 || pairs.length > MAX_FIELDS) return null;
  for (const [name, value] of pairs) {
    if (name in fields || (typeof value === 'object' && value !== null)) return null;
    fields[name] = value === null ? '' : String(value);
  }
  return fields;
}
