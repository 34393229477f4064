/**
 * `dist/assets`: everything that browsers get by name. Style sheets are joined of their parts (web/sheets.json), a script
 * has in it what it imports, so that a page on a slow line asks once; icons and the libraries that pages load are copied. `manifest.json` holds a hash of each, which stands in the
 * addresses that may be kept for good. Made by the build, before every `npm start` and before the tests.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import sheets from '../web/sheets.json';

const ROOT = join(import.meta.dir, '..');
const TARGET = join(ROOT, 'dist/assets');
const WEB = join(ROOT, 'web');

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
const IMPORTING = ['checkout.js', 'insite.js', 'stripe.js', 'link.js'];

async function bundleScript(name: string): Promise<[string, Uint8Array]> {
  const build = await Bun.build({
    entrypoints: [join(WEB, name)],
    target: 'browser',
    minify: { whitespace: true, syntax: false, identifiers: false },
  });
  const [script] = build.outputs;
  if (!script) throw new Error(`${name} could not be built`);
  return [name, new Uint8Array(await script.arrayBuffer())];
}

async function listAssets(): Promise<ReadonlyMap<string, Uint8Array>> {
  const read = (path: string) => new Uint8Array(readFileSync(path));
  const joined = Object.entries(sheets).map(([name, parts]): [string, Uint8Array] => [
    name,
    new TextEncoder().encode(parts.map((part) => readFileSync(join(WEB, part), 'utf8')).join('\n')),
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
  const libraries = Object.entries(LIBRARIES).map(([name, path]): [string, Uint8Array] => [
    name,
    read(join(ROOT, 'node_modules', path)),
  ]);
  const bundled = await Promise.all(IMPORTING.map(bundleScript));
  return new Map([...joined, ...written, ...icons, ...libraries, ...bundled]);
}

/** Two that run at once write the same; a reader sees a whole file or the former one. */
function write(name: string, bytes: Uint8Array): void {
  const path = join(TARGET, name);
  if (existsSync(path) && Buffer.compare(readFileSync(path), bytes) === 0) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, bytes);
  renameSync(`${path}.${process.pid}`, path);
}

const assets = await listAssets();
const hashes = [...assets].map(([name, bytes]) => [
  name,
  createHash('sha256').update(bytes).digest('hex').slice(0, 16),
]);
for (const [name, bytes] of assets) write(name, bytes);
write('manifest.json', new TextEncoder().encode(JSON.stringify(Object.fromEntries(hashes))));
for (const entry of readdirSync(TARGET, { recursive: true, withFileTypes: true })) {
  const name = relative(TARGET, join(entry.parentPath, entry.name));
  if (entry.isFile() && name !== 'manifest.json' && !assets.has(name)) rmSync(join(TARGET, name), { force: true });
}
