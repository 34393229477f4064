import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

/**
 * The one place that knows where files are that belong to the program. In the compiled binary they lie at the root of the
 * embedded tree, beside the code; in development in the repository, those for browsers where `scripts/assets.ts` puts them.
 */
const isEmbedded = existsSync(join(import.meta.dir, 'migrations'));
const PLACES: Readonly<Record<string, string>> = isEmbedded
  ? { assets: 'assets', locales: 'locales', migrations: 'migrations' }
  : { assets: '../dist/assets', locales: '../web/locales', migrations: '../migrations' };

/** Absolute path of a file or folder: `assets/…`, `locales/…` or `migrations/…`. Throws when the path leaves them. */
export function resolveAsset(path: string): string {
  const [first = '', ...rest] = normalize(path).split('/');
  const place = Object.hasOwn(PLACES, first) ? PLACES[first] : undefined;
  if (place === undefined) throw new Error(`not a path of the program’s own files: ${path}`);
  return join(import.meta.dir, place, ...rest);
}

/** Text of such a file, UTF-8. Rejects when it does not exist. */
export function readAsset(path: string): Promise<string> {
  return Bun.file(resolveAsset(path)).text();
}

let manifest: Readonly<Record<string, string>> | null = null;

/** Hash of what a browser gets under this name; undefined when there is no such file. */
export function findAssetHash(name: string): string | undefined {
  manifest ??= readManifest();
  return Object.hasOwn(manifest, name) ? manifest[name] : undefined;
}

function readManifest(): Readonly<Record<string, string>> {
  const path = resolveAsset('assets/manifest.json');
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run assets" first`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Where pages find a file: an address that names its content and may be kept for good. */
export function assetPath(name: string): string {
  const hash = findAssetHash(name);
  return hash === undefined ? `/assets/${name}` : `/assets/${name}?v=${hash}`;
}
