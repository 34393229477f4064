/**
 * `npm run volume:move`: moves a shop of 100,000 payments from SQLite to PostgreSQL, killed several times on the way, and
 * back, and compares the first file with the last. Takes the number of payments as its argument. Needs
 * PAYCORE_TEST_DATABASE_URL. Ends with 1 when a row differs, or a way takes longer than it may.
 */
import { Database } from 'bun:sqlite';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src/store/engines/postgres-open.ts';
import { MASTER_KEY, startApp } from '../support/app.ts';
import { dropPlace, makeEmptyPlace } from '../support/engines.ts';
import { compareFiles } from '../support/moved-files.ts';
import { makeFolder } from '../support/store.ts';
import { fillVolume } from './fill.ts';

const MOST_SECONDS = 300;
/** It is killed when this share of a table is there. */
const KILLS = [
  ['payments', 0.5],
  ['events', 0.2],
  ['events', 0.7],
  ['search_terms', 0.5],
] as const;
const payments = Number(process.argv[2] ?? 100_000);
const MAIN = join(import.meta.dir, '../../src/main.ts');

using folder = makeFolder();
const dataDir = folder.file('data');
const [first, last] = [folder.file('first.db'), join(dataDir, 'paycore.db')];
mkdirSync(dataDir);

await fill();
copyFileSync(first, last);
const place = await makeEmptyPlace('postgres', '');
const there = await timed('to PostgreSQL', {}, place, true);
const back = await timed('back to SQLite', { PAYCORE_DATABASE_URL: place }, 'sqlite:', false);
await dropPlace(place);

const { tables, rows, differences } = compareFiles(first, last);
console.log(`first file and last: ${rows} rows of ${tables} tables, ${differences.length} differences`);
for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
const isMet = differences.length === 0 && Math.max(there, back) < MOST_SECONDS;
console.log(isMet ? 'within the aims' : `not the same, or not within ${MOST_SECONDS} s each way`);
process.exit(isMet ? 0 : 1);

async function fill(): Promise<void> {
  const app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error' } });
  await fillVolume(app, payments);
  using db = new Database(app.place, { readonly: true });
  db.query('VACUUM INTO ?').run(first);
  await app.stop();
}

function start(env: Readonly<Record<string, string>>, to: string) {
  return Bun.spawn([process.execPath, MAIN, 'move', '--to', to, '--json'], {
    env: { PATH: process.env.PATH ?? '', PAYCORE_DATA_DIR: dataDir, PAYCORE_MASTER_KEY: MASTER_KEY, ...env },
    stdout: 'pipe',
    stderr: 'inherit',
  });
}

/** Killed on the way, where that is wanted, and at last left alone; gives the seconds of all of it. */
async function timed(
  what: string,
  env: Readonly<Record<string, string>>,
  to: string,
  isKilled: boolean,
): Promise<number> {
  const begun = performance.now();
  const kills = isKilled ? KILLS : [];
  for (const [table, share] of kills) await killAt(start(env, to), table, share);
  const child = start(env, to);
  const told = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`the move ${what} ended with ${child.exitCode}`);
  const { rows, begun: how, seconds } = JSON.parse(told);
  const all = (performance.now() - begun) / 1000;
  const memory = Math.round((child.resourceUsage()?.maxRSS ?? 0) / 1024 / 1024);
  console.log(
    `${what}: ${rows} rows in ${all.toFixed(1)} s with ${kills.length} kills (the last run, ${how}: ${seconds} s, ${memory} MB)`,
  );
  return all;
}

/** Killed when so much is there, which is looked at over a connection that has no part in the move. */
async function killAt(child: ReturnType<typeof start>, table: string, share: number): Promise<void> {
  const wanted = count(first, table) * share;
  const watch = connect(place);
  while (child.exitCode === null && (await countThere(watch, table)) < wanted) await Bun.sleep(50);
  await watch.end();
  child.kill('SIGKILL');
  await child.exited;
  if (child.exitCode === 0) throw new Error('it was through before it was killed: take more payments');
}

function count(file: string, table: string): number {
  using db = new Database(file, { readonly: true });
  return db.query<{ rows: number }, []>(`SELECT count(*) AS rows FROM ${table}`).get()?.rows ?? 0;
}

async function countThere(watch: ReturnType<typeof connect>, table: string): Promise<number> {
  const [there] = await watch.unsafe<{ is: boolean }[]>(`SELECT to_regclass('${table}') IS NOT NULL AS is`);
  if (!there?.is) return 0;
  const [row] = await watch.unsafe<{ rows: number }[]>(`SELECT count(*) AS rows FROM ${table}`);
  return row?.rows ?? 0;
}
