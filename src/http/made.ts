import { hashOf } from '../assets.ts';
import { chooseEncoding, VARY } from './encoding.ts';
import { type Packed, pack } from './packed.ts';

/** What the program made, with a name for its content. */
export interface Made extends Packed {
  readonly hash: string;
}

export function make(text: string): Made {
  return Object.assign(pack(text), { hash: hashOf(text) });
}

interface Sending {
  readonly type: string;
  readonly caching: string;
  /** Where that is taken. */
  readonly isCompressed?: boolean;
  /** What it depends on besides how it may be compressed: the name of a header of the request. */
  readonly vary?: string;
  /** More than every such answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers what was made, compressed or not, and 304 to who has it already. */
export function sendMade(request: Request, made: Made, sending: Sending): Response {
  const { type, caching, isCompressed = true, vary } = sending;
  const encoding = isCompressed ? chooseEncoding(request.headers.get('accept-encoding'), ['gzip']) : null;
  const headers = new Headers({
    ...sending.headers,
    'content-type': type,
    'cache-control': caching,
    'x-content-type-options': 'nosniff',
    // Two ways of sending it are two representations (RFC 9110, 8.8.3.3).
    etag: encoding ? `"${made.hash}-${encoding}"` : `"${made.hash}"`,
    vary: vary === undefined ? VARY.vary : `${VARY.vary}, ${vary}`,
  });
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  const isKnown = known.some((tag) => tag.trim().replace(/^W\//, '') === headers.get('etag'));
  if (isKnown) return new Response(null, { status: 304, headers });
  if (encoding) headers.set('content-encoding', encoding);
  return new Response(encoding ? made.zip() : made.text, { headers });
}
