import { PayCoreError } from '../core/errors.ts';
import { isPlainObject } from '../core/fields.ts';

export const MAX_BODY_BYTES = 256 * 1024;

/** The whole body, up to `limit` bytes. Throws PAYLOAD_TOO_LARGE as soon as more has come, or INVALID_ENCODING. */
export async function readBody(request: Request, limit = MAX_BODY_BYTES): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new PayCoreError('PAYLOAD_TOO_LARGE');
  if (!request.body) return new Uint8Array(0);
  // A body of announced length is within the limit already and is read in one go, which is several times faster.
  if (request.headers.has('content-length')) return new Uint8Array(await readWhole(request));
  return readStream(request.body, limit);
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
