import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { VERSION } from '../../src/core/version.ts';

/** Makes the package of the client in the folder: modules and types by the compiler, and what npm wants to know. */
export function buildPackage(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(
    'node_modules/.bin/tsc',
    ['--project', 'src/client/tsconfig.json', '--outDir', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the client does not compile:\n${stdout}${stderr}`);
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(MANIFEST, null, 2)}\n`);
  copyFileSync('docs/client.md', `${folder}/README.md`);
  copyFileSync('LICENSE', `${folder}/LICENSE`);
}

const MANIFEST = {
  name: '@paycore/client',
  version: VERSION,
  description:
    'Typed client of PayCore’s API: payments, refunds, payment links, and notifications that can be trusted.',
  license: 'MIT',
  type: 'module',
  engines: { node: '>=20' },
  sideEffects: false,
  exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
  main: './index.js',
  types: './index.d.ts',
  files: ['*.js', '*.d.ts'],
};
