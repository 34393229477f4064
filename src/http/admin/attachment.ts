import { pageHeaders } from '../../security/csp.ts';

/** Bytes that somebody else has written, to be kept and never to be looked at by the browser. `name`: letters of ours only. */
export function attachment(bytes: Uint8Array, name: string): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      ...pageHeaders(),
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
    },
  });
}
