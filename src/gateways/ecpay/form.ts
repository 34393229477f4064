const MAX_FIELDS = 200;

/**
 * Fields of a callback form, strictly: UTF-8, each name once. Null for anything else. A field that comes twice would let
 * one reader see what another does not, so such a body is refused whole. The result has no prototype: `__proto__` is a
 * name like any other.
 */
export function parseForm(bytes: Uint8Array): Readonly<Record<string, string>> | null {
  const fields: Record<string, string> = Object.create(null);
  let count = 0;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      const cut = pair.indexOf('=');
      const name = decodePart(cut < 0 ? pair : pair.slice(0, cut));
      if (name in fields || ++count > MAX_FIELDS) return null;
      fields[name] = cut < 0 ? '' : decodePart(pair.slice(cut + 1));
    }
  } catch {
    return null;
  }
  return count === 0 ? null : fields;
}

function decodePart(text: string): string {
  return /[%+]/.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}
