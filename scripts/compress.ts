import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Encoding } from '../src/assets.ts';

/** Smaller ones travel in one packet as they are. */
const MIN_BYTES = 512;
/** The last tenth of Swagger UI’s script would cost four seconds of every build. */
const HARD_UP_TO = 128 * 1024;

const COMPRESS: Readonly<Record<Encoding, (bytes: Uint8Array) => Uint8Array>> = {
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > HARD_UP_TO ? 9 : 11,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => gzipSync(bytes, { level: 9 }),
};

/** The encodings a file is kept in besides its own. */
export function listEncodings(bytes: Uint8Array): readonly Encoding[] {
  return bytes.length < MIN_BYTES ? [] : ['br', 'gzip'];
}

export function compress(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  return COMPRESS[encoding](bytes);
}
