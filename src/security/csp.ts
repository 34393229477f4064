/** What a page may load and where it may post, made from what its driver and its content need. */
export interface PageNeeds {
  /** The page posts to a gateway: any https address, and the operator's own overrides. */
  readonly postsToGateway?: readonly string[];
  /** Where a gateway's own form in our page loads from and calls to. */
  readonly vendor?: VendorOrigins;
  /** Where pictures of the shop come from. */
  readonly pictures?: readonly string[];
}

/** Origins by what may come from them. */
export interface VendorOrigins {
  readonly script: readonly string[];
  readonly frame: readonly string[];
  readonly connect: readonly string[];
  readonly img?: readonly string[];
  readonly font?: readonly string[];
  readonly style?: readonly string[];
  /** Its script sets styles of its own in our page. */
  readonly inlineStyle?: true;
}

/**
 * Headers of an HTML page. Chromium applies `form-action` to redirects after a post as well, so a page that leads to a
 * gateway allows every https address; all others allow only us.
 */
export function pageHeaders(needs: PageNeeds = {}): Record<string, string> {
  const { vendor, pictures = [] } = needs;
  const formAction = needs.postsToGateway ? ["'self'", 'https:', ...needs.postsToGateway] : ["'self'"];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      ...allow('script-src', ["'self'"], vendor?.script),
      ...allow('style-src', ["'self'", ...(vendor?.inlineStyle ? ["'unsafe-inline'"] : [])], vendor?.style),
      ...allow('img-src', ["'self'", 'data:', ...pictures], vendor?.img),
      ...allow('connect-src', ["'self'"], vendor?.connect),
      ...allow('font-src', vendor?.font ? ["'self'"] : [], vendor?.font),
      ...allow('frame-src', [], vendor?.frame),
      "base-uri 'none'",
      "frame-ancestors 'none'",
      ...allow('form-action', [...new Set(formAction)]),
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  };
}

function allow(directive: string, own: readonly string[], more: readonly string[] = []): readonly string[] {
  const sources = [...own, ...more];
  return sources.length === 0 ? [] : [`${directive} ${sources.join(' ')}`];
}
