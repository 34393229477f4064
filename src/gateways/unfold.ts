type Unfold = (
  folded: Uint8Array,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, plain: Uint8Array) => void,
) => void;

/** By the name that Content-Encoding has for it (RFC 9110, 8.4.1; RFC 7932; RFC 8878); read when a gateway first uses one. */
async function loadUnfolders(): Promise<ReadonlyMap<string, Unfold>> {
  const { unzip, brotliDecompress, zstdDecompress } = await import('node:zlib');
  return new Map<string, Unfold>([
    ['gzip', unzip],
    ['x-gzip', unzip],
    ['deflate', unzip],
    ['br', brotliDecompress],
    ['zstd', (folded, options, done) => zstdDecompress(folded, options, done)],
  ]);
}

export class UnfoldsTooFar extends Error {}

/**
 * Some gateways compress although they were asked not to, and two hundred kilobytes can be two hundred megabytes: what
 * comes out is as limited as what comes in. An encoding nobody knows is left as it is. Throws UnfoldsTooFar, or what the
 * decompressor says of broken bytes.
 */
export async function unfold(body: Uint8Array, encoding: string | null, maxBytes: number): Promise<Uint8Array> {
  const names = (encoding ?? '').split(',').map((name) => name.trim().toLowerCase());
  let plain = body;
  // The last to be applied is the first to be taken off.
  for (const name of names.filter((one) => one !== '' && one !== 'identity').reverse()) {
    const run = (await loadUnfolders()).get(name);
    if (!run || plain.byteLength === 0) return plain;
    plain = await unfoldOnce(run, plain, maxBytes);
  }
  return plain;
}

function unfoldOnce(run: Unfold, folded: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    run(folded, { maxOutputLength }, (error, plain) => {
      if (error === null) return resolve(plain);
      const isTooFar = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      reject(isTooFar ? new UnfoldsTooFar() : error);
    });
  });
}
