import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';

/**
 * The one place that knows where embedded files are. In the compiled binary `import.meta.dir` is the root of the
 * embedded tree, so `web/…` and `migrations/…` lie beside the code; in development this file lies in `src/`.
 */
const root = existsSync(join(import.meta.dir, 'web')) ? import.meta.dir : join(import.meta.dir, '..');

/** Absolute path of an embedded file or folder. Throws when the path leaves the embedded tree. */
export function resolveAsset(path: string): string {
  const clean = normalize(path);
  if (clean.startsWith('..') || clean.startsWith('/')) throw new Error(`not an embedded path: ${path}`);
  return join(root, clean);
}

/** Text of an embedded file, UTF-8. Rejects when it does not exist. */
export function readAsset(path: string): Promise<string> {
  return Bun.file(resolveAsset(path)).text();
}

/** Bytes of an embedded file, or null when it does not exist. */
export async function readAssetBytes(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const file = Bun.file(resolveAsset(path));
  return (await file.exists()) ? file.bytes() : null;
}
