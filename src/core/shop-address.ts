/**
 * Addresses that a shop gave. They stay the text that they are: `%20`, `?flag` and escapes of Big5 mean something to the
 * shop, and come out differently when an address is read and written anew.
 */

/** Adds to the query, before a fragment. */
export function appendQuery(address: string, pairs: Readonly<Record<string, string>>): string {
  const [whole = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(address)?.slice(1) ?? [];
  const joint = !whole.includes('?') ? '?' : /[?&]$/.test(whole) ? '' : '&';
  const added = Object.entries(pairs).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return whole + joint + added.join('&') + fragment;
}

/** The first page of the site that an address belongs to; null: it names none. */
export function frontPageOf(address: string | undefined): string | null {
  return address !== undefined && URL.canParse(address) ? `${new URL(address).origin}/` : null;
}

/** Path and query as they are sent; what cannot stand in a request is escaped. */
export function requestTargetOf(address: string): string {
  const target = address.replace(/^https?:\/\/[^/?#\\]*/i, '').replace(/#.*$/s, '');
  const escaped = target.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()));
  return escaped.startsWith('/') ? escaped : `/${escaped}`;
}
