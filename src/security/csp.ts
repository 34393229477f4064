/** What a page may load and where it may post, made from what its driver and its content need. */
export interface PageNeeds {
  /** The page posts to a gateway: any https address, and the operator's own overrides. */
  readonly postsToGateway?: readonly string[];
}

/**
 * Headers of an HTML page. Chromium applies `form-action` to redirects after a post as well, so a page that leads to a
 * gateway allows every https address; all others allow only us.
 */
export function pageHeaders(needs: PageNeeds = {}): Record<string, string> {
  const formAction = needs.postsToGateway ? ["'self'", 'https:', ...needs.postsToGateway] : ["'self'"];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
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
