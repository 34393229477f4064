import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

/**
 * The one place that knows where files are that belong to the program. In the compiled binary they lie at the root of the
 * embedded tree, beside the code; in development in the repository, those for browsers where `scripts/assets.ts` puts them.
 */
const isEmbedded = existsSync(join(import.meta.dir, 'migrations'));
const PLACES: Readonly<Record<string, string>> = isEmbedded
  ? { assets: 'assets', developers: 'developers', locales: 'locales', migrations: 'migrations' }
  : {
      assets: '../dist/assets',
      developers: '../web/developers',
      locales: '../web/locales',
      migrations: '../migrations',
    };

/** Absolute path of a file or folder: `assets/…`, `developers/…`, `locales/…` or `migrations/…`. Throws when the path leaves them. */
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

/** The same at once, for what is read a single time. */
export function readAssetNow(path: string): string {
  return readFileSync(resolveAsset(path), 'utf8');
}

const TEXT = 'text/plain; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  txt: TEXT,
  // Samples are there to be read.
  md: TEXT,
  mjs: TEXT,
  php: TEXT,
  py: TEXT,
  sh: TEXT,
};

/** Media type of a file for browsers, by the end of its name. */
export function typeOf(name: string): string {
  return TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

/** How a file may be sent besides as it is, the best one first. */
export type Encoding = 'br' | 'gzip';

/** What a file is called that holds another one compressed. */
export const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

export interface Asset {
  readonly hash: string;
  readonly encodings: readonly Encoding[];
}

let manifest: Readonly<Record<string, Asset>> | null = null;

/** What a browser gets under this name; undefined when there is no such file. */
export function findAsset(name: string): Asset | undefined {
  manifest ??= readManifest();
  return Object.hasOwn(manifest, name) ? manifest[name] : undefined;
}

function readManifest(): Readonly<Record<string, Asset>> {
  const path = 'assets/manifest.json';
  if (!existsSync(resolveAsset(path))) throw new Error(`${resolveAsset(path)} is missing: run "npm run assets" first`);
  return JSON.parse(readAssetNow(path));
}

/** 16 hexadecimal digits that stand for a content. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** `checkout.css` as `checkout.<hash>.css`: a name that is never given to anything else. */
export function nameWithHash(name: string, hash: string): string {
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
}

/** The other way round; what names no content is its own name. */
export function readName(name: string): { readonly name: string; readonly hash: string | null } {
  const [, before, hash, end] = /^(.+)\.([0-9a-f]{16})(\.\w+)$/.exec(name) ?? [];
  return before && hash && end ? { name: before + end, hash } : { name, hash: null };
}

/** Where pages find a file: an address that names its content and may be kept for good. */
export function assetPath(name: string): string {
  const asset = findAsset(name);
  return `/assets/${asset ? nameWithHash(name, asset.hash) : name}`;
}
