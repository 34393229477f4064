/**
 * `npm run client`: writes the client's types from the definitions of the routes (`src/client/schema.ts`), and makes the
 * npm package of it, `dist/client`.
 */
import { writeFileSync } from 'node:fs';
import { buildPackage } from './client/package.ts';
import { writeSchema } from './client/schema.ts';
import { buildDocument } from './document.ts';

const folder = process.argv[2] ?? 'dist/client';
writeFileSync('src/client/schema.ts', writeSchema(await buildDocument()));
buildPackage(folder);
console.log(`${folder}: @paycore/client`);
