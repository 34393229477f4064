/**
 * `npm run schema -- NAME`: writes the next migration of both engines from the tables in `src/store/schema`, offline.
 * drizzle-kit cannot say STRICT and WITHOUT ROWID: add them by hand to tables that are new.
 */
import { spawnSync } from 'node:child_process';

const name = process.argv[2];
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('npm run schema -- NAME: the name of the migration, small letters and underscores, e.g. add_people');
  process.exit(2);
}
for (const [engine, dialect] of [
  ['sqlite', 'sqlite'],
  ['postgres', 'postgresql'],
] as const) {
  const child = spawnSync(
    'node_modules/.bin/drizzle-kit',
    [
      'generate',
      `--dialect=${dialect}`,
      `--schema=src/store/schema/${engine}/{alerts,people,shops,payments,upkeep,nodes}.ts`,
      `--out=migrations/${engine}`,
      `--name=${name}`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (child.status !== 0) process.exit(child.status ?? 1);
}
