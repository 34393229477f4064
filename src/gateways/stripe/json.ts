/** Reading what Stripe sends, which may be anything until it is looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Null for anything that is not one JSON object in UTF-8. A byte order mark stays and is refused: it would be read as
 * nothing here and signed as something there.
 */
export function readObject(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(decodeText(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The exact characters of the bytes. Throws when they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** An empty object for anything else. */
export function objectOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** An empty text for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Null for anything that is not a whole number from 0. */
export function integerOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
