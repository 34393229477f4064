/**
 * `npm run collections`: the requests of the API for Postman and Bruno, in `dist/collections`, in each language of the
 * developer centre. They name the address of PAYCORE_PUBLIC_URL, http://localhost:8080 without it; both clients let their
 * users change it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DESK_LOCALES } from '../src/core/locale.ts';
import { writeBruno } from '../src/developers/bruno.ts';
import { writePostman } from '../src/developers/postman.ts';
import { keepSites } from '../src/developers/site.ts';
import { buildDocument } from './document.ts';

const target = process.argv[2] ?? 'dist/collections';
const readSite = keepSites(() => buildDocument(process.env.PAYCORE_PUBLIC_URL || 'http://localhost:8080'));

rmSync(target, { recursive: true, force: true });
for (const locale of DESK_LOCALES) {
  const site = await readSite(locale);
  write(`${locale}/paycore.postman_collection.json`, `${JSON.stringify(writePostman(site), null, 2)}\n`);
  for (const [path, text] of Object.entries(writeBruno(site.catalogue))) write(`${locale}/bruno/${path}`, text);
}
console.log(`${target}: Postman and Bruno, ${DESK_LOCALES.join(' and ')}`);

function write(path: string, text: string): void {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
