/** What a page may load and where it may post, made from what its driver and its content need. */
export interface PageNeeds {
  /** The page posts to a gateway: any https address, and the operator's own overrides. */
  readonly postsToGateway?: readonly string[];
  /** Origins of a gateway's own form in our page: its script, styles, frames and calls. */
  readonly vendor?: readonly string[];
}

/**
 * Headers of an HTML page. Chromium applies `form-action` to redirects after a post as well, so a page that leads to a
 * gateway allows every https address; all others allow only us.
 */
export function pageHeaders(needs: PageNeeds = {}): Record<string, string> {
  const vendor = needs.vendor ?? [];
  const from = (...sources: readonly string[]) => [...sources, ...vendor].join(' ');
  const formAction = needs.postsToGateway ? ["'self'", 'https:', ...needs.postsToGateway] : ["'self'"];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${from("'self'")}`,
      // A gateway's form brings styles of its own and sets them from its script.
      `style-src ${from("'self'", ...(vendor.length > 0 ? ["'unsafe-inline'"] : []))}`,
      `img-src ${from("'self'", 'data:')}`,
      `connect-src ${from("'self'")}`,
      ...(vendor.length > 0 ? [`font-src ${from("'self'")}`, `frame-src ${from()}`] : []),
      "base-uri 'none'",
      "frame-ancestors 'none'",
      `form-action ${[...new Set(formAction)].join(' ')}`,
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  };
}
