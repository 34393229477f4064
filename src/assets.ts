import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import sheets from '../web/sheets.json';

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

/** Style sheets that are written in parts, and the parts in the order of their rules. */
export const SHEETS: Readonly<Record<string, readonly string[]>> = sheets;

/**
 * A style sheet as the browser gets it. Its parts are joined where they are read and not by a build, so that the source
 * and the binary, which carries the same parts, answer the same bytes.
 */
export async function readSheet(name: string): Promise<string> {
  const parts = SHEETS[name];
  if (!parts) throw new Error(`no such style sheet: ${name}`);
  return (await Promise.all(parts.map((part) => readAsset(`web/${part}`)))).join('\n');
}

/** What the browser gets under a name: a style sheet, or the file of that name in `web/`; null when it is neither. */
export async function readWebFile(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Object.hasOwn(SHEETS, name)) return new TextEncoder().encode(await readSheet(name));
  const file = Bun.file(resolveAsset(`web/${name}`));
  return (await file.exists()) ? file.bytes() : null;
}
