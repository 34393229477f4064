/** Careful looks at JSON that PayPal sent: what is missing or of another type reads as nothing. */
export type Fields = Readonly<Record<string, unknown>>;

/** No list that matters here is longer; what is behind is not looked at. */
const MAX_ITEMS = 100;

/** Null for anything but one JSON object in strict UTF-8 without a byte order mark. */
export function readJsonObject(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

export function objectOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The objects in a list. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS).filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
