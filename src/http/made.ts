import { createHash } from 'node:crypto';

/** Answers what the program made, and 304 to who has it already. */
export function sendMade(
  request: Request,
  body: string,
  { type, caching }: { readonly type: string; readonly caching: string },
): Response {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  const headers = { 'content-type': type, 'cache-control': caching, etag, 'x-content-type-options': 'nosniff' };
  const isKnown = request.headers.get('if-none-match') === etag;
  return new Response(isKnown ? null : body, { status: isKnown ? 304 : 200, headers });
}
