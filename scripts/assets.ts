/**
 * `dist/assets`: everything that browsers get by name. Style sheets are joined of their parts (web/sheets.json) and made
 * small, a script has in it what it imports, so that a page on a slow line asks once; icons and the libraries that pages
 * load are copied. What is worth it lies there compressed too. `manifest.json` holds a hash of each, which stands in the
 * addresses that may be kept for good. Made by the build, before every `npm start` and before the tests.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Asset, type Encoding, hashOf, nameWithHash, SUFFIXES } from '../src/assets.ts';
import sheets from '../web/sheets.json';
import { compress, listEncodings } from './compress.ts';
import { minifyCss } from './minify.ts';

const ROOT = join(import.meta.dir, '..');
const TARGET = join(ROOT, 'dist/assets');
const WEB = join(ROOT, 'web');
/** Samples of the developer centre, and shops to copy. */
const EXAMPLES = join(ROOT, 'docs/examples');

/** Libraries that ECPay's script asks for (ECPay developer documentation, page 8989), and Swagger UI with its notice. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'vendor/jquery.js': 'jquery/dist/jquery.min.js',
  'vendor/forge.js': 'node-forge/dist/forge.min.js',
  'swagger/swagger-ui.css': 'swagger-ui-dist/swagger-ui.css',
  'swagger/swagger-ui-bundle.js': 'swagger-ui-dist/swagger-ui-bundle.js',
  'swagger/swagger-ui-bundle.js.LICENSE.txt': 'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt',
};

/** Imported by other scripts, and asked for by no page. */
const SHARED: readonly string[] = ['buttons.js', 'codes.js', 'vendor.js'];
const IMPORTING = ['checkout.js', 'insite.js', 'stripe.js', 'submit.js', 'link.js', 'developers.js'];

type Files = ReadonlyMap<string, Uint8Array>;

const read = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** With addresses of `files` as pages name them, so that browsers keep what a script loads as well. */
async function bundleScript(name: string, files: Files): Promise<[string, Uint8Array]> {
  const build = await Bun.build({
    entrypoints: [join(WEB, name)],
    target: 'browser',
    minify: { whitespace: true, syntax: false, identifiers: false },
  });
  const [script] = build.outputs;
  if (!script) throw new Error(`${name} could not be built`);
  const text = (await script.text()).replace(/\/assets\/([\w./-]+)/g, (address, file: string) => {
    const bytes = files.get(file);
    return bytes ? `/assets/${nameWithHash(file, hashOf(bytes))}` : address;
  });
  return [name, encode(text)];
}

/** Below a folder, by their paths in it. */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function listAssets(): Promise<Files> {
  const joined = Object.entries(sheets).map(([name, parts]): [string, Uint8Array] => [
    name,
    encode(minifyCss(parts.map((part) => readFileSync(join(WEB, part), 'utf8')).join('\n'))),
  ]);
  const written = readdirSync(WEB)
    .filter((name) => /\.(js|css)$/.test(name) && !SHARED.includes(name))
    .map((name): [string, Uint8Array] => [
      name.startsWith('swagger') ? `swagger/${name}` : name,
      read(join(WEB, name)),
    ]);
  const icons = readdirSync(join(WEB, 'icons')).map((name): [string, Uint8Array] => [
    `icons/${name}`,
    read(join(WEB, 'icons', name)),
  ]);
  const examples = listFiles(EXAMPLES).map((name): [string, Uint8Array] => [
    `examples/${name}`,
    read(join(EXAMPLES, name)),
  ]);
  const libraries = Object.entries(LIBRARIES).map(([name, path]): [string, Uint8Array] => [
    name,
    read(join(ROOT, 'node_modules', path)),
  ]);
  const copied = new Map([...joined, ...written, ...icons, ...examples, ...libraries]);
  return new Map([...copied, ...(await Promise.all(IMPORTING.map((name) => bundleScript(name, copied))))]);
}

const isThere = (name: string): boolean => existsSync(join(TARGET, name));

/** Two that run at once write the same; a reader sees a whole file or the former one. */
function write(name: string, bytes: Uint8Array): void {
  const path = join(TARGET, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, bytes);
  renameSync(`${path}.${process.pid}`, path);
}

/** The file and its compressed forms, which are made only when it has changed, and before it: they stand for it. */
function keep(name: string, bytes: Uint8Array, encodings: readonly Encoding[] = []): void {
  const isSame = isThere(name) && Buffer.compare(readFileSync(join(TARGET, name)), bytes) === 0;
  for (const encoding of encodings) {
    const packed = name + SUFFIXES[encoding];
    if (!isSame || !isThere(packed)) write(packed, compress(bytes, encoding));
  }
  if (!isSame) write(name, bytes);
}

const files = await listAssets();
const manifest: Record<string, Asset> = {};
for (const [name, bytes] of files) {
  const encodings = listEncodings(bytes);
  keep(name, bytes, encodings);
  manifest[name] = { hash: hashOf(bytes), encodings };
}
keep('manifest.json', encode(JSON.stringify(manifest)));

const kept = new Set(['manifest.json', ...files.keys()]);
for (const [name, { encodings }] of Object.entries(manifest)) {
  for (const encoding of encodings) kept.add(name + SUFFIXES[encoding]);
}
for (const name of listFiles(TARGET)) {
  if (!kept.has(name)) rmSync(join(TARGET, name), { force: true });
}
