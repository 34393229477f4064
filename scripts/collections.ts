/**
 * `npm run collections`: the requests of the API for Postman and Bruno, in `dist/collections`, in each language of the
 * developer centre. They name the address of PAYCORE_PUBLIC_URL, http://localhost:8080 without it; both clients let their
 * users change it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openProgram } from '../src/cli/system.ts';
import { DESK_LOCALES } from '../src/core/locale.ts';
import { writeBruno } from '../src/developers/bruno.ts';
import { writePostman } from '../src/developers/postman.ts';
import { keepSites } from '../src/developers/site.ts';
import { loadConfig } from '../src/program.ts';

const target = process.argv[2] ?? 'dist/collections';
const folder = mkdtempSync(join(tmpdir(), 'paycore-collections-'));
try {
  const env = { PAYCORE_PUBLIC_URL: process.env.PAYCORE_PUBLIC_URL ?? '', PAYCORE_DATA_DIR: folder };
  const program = await openProgram(loadConfig(env));
  const app = await program.open();
  const readSite = keepSites(async () => (await app.handle(new Request('http://localhost/swagger/json'))).json());
  rmSync(target, { recursive: true, force: true });
  for (const locale of DESK_LOCALES) {
    const site = await readSite(locale);
    write(`${locale}/paycore.postman_collection.json`, `${JSON.stringify(writePostman(site), null, 2)}\n`);
    for (const [path, text] of Object.entries(writeBruno(site.catalogue))) write(`${locale}/bruno/${path}`, text);
  }
  await program.deps.store.close();
  console.log(`${target}: Postman and Bruno, ${DESK_LOCALES.join(' and ')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(path: string, text: string): void {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
