/** `dist/paycore`: one executable with pages, styles, migrations and Swagger UI in it. */
import { statSync } from 'node:fs';
import './assets.ts';

/**
 * --bytecode halves the start-up time. --splitting takes a sixth off the rest: what a command does not need (simulator,
 * barcodes, Stripe's library) is not read until it is asked for. --format=esm keeps the build machine's paths out of
 * `import.meta`. The two autoload switches keep a `.env` or `bunfig.toml` that lies in the current folder from being read
 * by the binary.
 */
const FLAGS = [
  '--compile',
  '--minify',
  '--bytecode',
  '--splitting',
  '--format=esm',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
];

/** They lie at the root of the embedded tree by the last part of their names; see src/assets.ts. */
const ASSETS = ['dist/assets', 'web/developers', 'web/locales', 'migrations'];

const target = process.argv[2] ?? 'dist/paycore';
const build = Bun.spawnSync(
  [
    process.execPath,
    'build',
    ...FLAGS,
    ...ASSETS.flatMap((folder) => ['--asset', folder]),
    'src/main.ts',
    '--outfile',
    target,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
if (build.exitCode !== 0) process.exit(build.exitCode);
console.log(`${target}: ${(statSync(target).size / 1024 / 1024).toFixed(1)} MB`);
