const MAX_FIELDS = 200;

/**
 * Fields of ECPay's query answers. They look like a form but are not percent-encoded: spaces, `+` and Chinese stand as
 * they are, so a form parser would break the signature. Source: ECPay developer documentation, pages 2890 and 5615.
 * Null for anything that is not such a list, e.g. `0|message`.
 */
export function parseRawForm(bytes: Uint8Array): Readonly<Record<string, string>> | null {
  const fields: Record<string, string> = Object.create(null);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const pairs = text.trim().split('&');
  if (pairs.length > MAX_FIELDS) return null;
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    const name = pair.slice(0, Math.max(cut, 0));
    if (cut < 1 || name in fields) return null;
    fields[name] = pair.slice(cut + 1);
  }
  return fields;
}
