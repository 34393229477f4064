/** Paths of shops as they are in the world: whatever stands there is asked for byte for byte, with ours behind. */
export const ODD_PATHS: readonly string[] = [
  '',
  '/thanks?',
  '/thanks?flag',
  '/',
  '/thanks?a=b&',
  '/%e6%84%9f%E8%AC%9D?redirect=https%3A%2F%2Fshop.example%2F%3Fa%3Db%26c',
  '/%A4%A4%A4%e5/done?q=%A4%e5+x%20y',
  '/thanks#fragment',
  '/cart;jsessionid=1A;v=2?x=1;y=2&y=3',
  '/#!/done',
  '/app?v=1#/route?x=1&y',
  "/a%2fb//c/~x!$&'()*,;=:@?q=a/b?c:d@e!$(),;",
  '/?payment_no=mine&status=mine',
  `/long/${'%E8%8C%B6'.repeat(205)}?x=${'y'.repeat(80)}`,
];

/** The address with our parameters behind its query, written without reading it. */
export function withOurs(address: string, ours: string): string {
  const at = address.indexOf('#');
  const [front, fragment] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at)];
  if (!front.includes('?')) return `${front}?${ours}${fragment}`;
  return /[?&]$/.test(front) ? `${front}${ours}${fragment}` : `${front}&${ours}${fragment}`;
}

/** Links of a page that begin with this, as a browser reads them. */
export function linksTo(html: string, start: string): readonly string[] {
  const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
  );
  return links.filter((link) => link.startsWith(start));
}
