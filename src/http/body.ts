import { PayCoreError } from '../core/errors.ts';
import { isPlainObject } from '../core/fields.ts';

/** Longest bodies, in bytes: of a call with a key, of a gateway's callback, of a form on a payer's page. */
export const MAX_CALL = 256 * 1024;
export const MAX_CALLBACK = 64 * 1024;
export const MAX_FORM = 16 * 1024;

/** Null where none is told, or it is told twice, which the runtime lets through as `5, 5`: what comes is counted then. */
export function announcedLength(request: Request): number | null {
  const length = request.headers.get('content-length') ?? '';
  return /^\d+$/.test(length) ? Number(length) : null;
}

/** The whole body, up to `limit` bytes. Throws PAYLOAD_TOO_LARGE as soon as more has come, or INVALID_ENCODING. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const announced = announcedLength(request);
  if (announced !== null && announced > limit) throw new PayCoreError('PAYLOAD_TOO_LARGE');
  if (!request.body) return new Uint8Array(0);
  // A body of announced length is within the limit already and is read in one go, which is several times faster.
  return announced === null ? readStream(request.body, limit) : new Uint8Array(await readWhole(request));
}

/** Nobody reads the body: the runtime would keep what comes of it for as long as the answer takes. */
export function dropBody(request: Request): void {
  request.body?.cancel().catch(() => {});
}

async function readWhole(request: Request): Promise<ArrayBuffer> {
  try {
    return await request.arrayBuffer();
  } catch (cause) {
    throw new PayCoreError('INVALID_ENCODING', { cause });
  }
}

async function readStream(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new PayCoreError('PAYLOAD_TOO_LARGE');
    }
    chunks.push(value);
  }
}

export function requireJsonType(request: Request): void {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    throw new PayCoreError('UNSUPPORTED_MEDIA_TYPE');
  }
}

/** The JSON object of a body. Throws INVALID_JSON for anything else, also for broken UTF-8 and an empty body. */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PayCoreError('INVALID_JSON', { cause });
  }
  if (!isPlainObject(value)) throw new PayCoreError('INVALID_JSON');
  return value;
}
