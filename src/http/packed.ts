import { gzipSync } from 'node:zlib';
import { chooseEncoding, VARY } from './encoding.ts';

/** A text that is compressed when somebody first takes it so, and then once for all. */
export interface Packed {
  readonly text: string;
  zip(): Uint8Array<ArrayBuffer>;
}

export function pack(text: string): Packed {
  let zipped: Uint8Array<ArrayBuffer> | null = null;
  return {
    text,
    zip() {
      zipped ??= new Uint8Array(gzipSync(text));
      return zipped;
    },
  };
}

const bodies = new WeakMap<Response, Packed>();

/** An answer that `compressAnswer` may send compressed. */
export function packedAnswer(body: Packed, init: ResponseInit): Response {
  const response = new Response(body.text, init);
  bodies.set(response, body);
  return response;
}

/** The same answer, compressed where the browser takes that; others are left as they are. */
export function compressAnswer(request: Request, response: Response): Response {
  const body = bodies.get(response);
  if (!body) return response;
  response.headers.set('vary', VARY.vary);
  if (!chooseEncoding(request.headers.get('accept-encoding'), ['gzip'])) return response;
  response.headers.set('content-encoding', 'gzip');
  return new Response(body.zip(), { status: response.status, headers: response.headers });
}
