import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { loadConfig } from '../program.ts';
import { type Backup, backUpSqlite } from '../store/engines/sqlite-backup.ts';
import type { Print } from './command.ts';
import { keepPrivate } from './data-folder.ts';
import { CommandFailure } from './failure.ts';
import { countMigrations } from './inspect.ts';
import { databasePathOf, masterKeyPathOf } from './open.ts';

export const usage =
  'paycore backup [FILE] [--json]  copies the database, also while the server runs, and checks the copy';

export async function run(args: readonly string[], print: Print): Promise<void> {
  const options = { json: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  if (positionals.length > 1) throw new CommandFailure(`paycore backup was given a word too many.\n${usage}`, 2);
  const config = loadConfig(process.env);
  requireSqlite(config);
  keepPrivate();
  const file = resolve(positionals[0] ?? nameBackup(config.dataDir, Date.now()));
  const facts = describe(config, file, await backUp(config, file));
  print(values.json ? JSON.stringify(facts) : format(facts).join('\n'));
}

function requireSqlite({ databaseUrl, dataDir, masterKey }: Config): void {
  if (databaseUrl !== null) {
    throw new CommandFailure(
      'the data is in PostgreSQL: back it up with pg_dump "$PAYCORE_DATABASE_URL" > FILE, also while the server runs, ' +
        `and keep ${masterKey ? 'PAYCORE_MASTER_KEY' : masterKeyPathOf(dataDir)} too.`,
    );
  }
  if (existsSync(databasePathOf(dataDir))) return;
  throw new CommandFailure(
    `there is no database at ${databasePathOf(dataDir)}. Set PAYCORE_DATA_DIR to the folder of your data.`,
  );
}

/** `backups/paycore-20261127T235910Z.db` in the data directory. */
function nameBackup(dataDir: string, now: number): string {
  const folder = join(dataDir, 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(now).toISOString().replace(/\.\d+|[-:]/g, '');
  return join(folder, `paycore-${stamp}.db`);
}

async function backUp(config: Config, file: string): Promise<Backup> {
  try {
    return await backUpSqlite(databasePathOf(config.dataDir), file, countMigrations(config));
  } catch (cause) {
    throw new CommandFailure(`no backup was made of ${databasePathOf(config.dataDir)}: ${(cause as Error).message}`);
  }
}

type Facts = ReturnType<typeof describe>;

function describe({ dataDir, masterKey }: Config, file: string, { schema, checked }: Backup) {
  return {
    file,
    bytes: statSync(file).size,
    schema,
    checks: checked.length,
    /** Rules that the ledger breaks, in the copy as in the original. */
    broken: checked.filter(({ found, weight }) => found > 0 && weight === 'bad').map(({ name }) => name),
    /** Null: it is in the environment. */
    master_key: masterKey ? null : masterKeyPathOf(dataDir),
  };
}

function format({ file, bytes, schema, checks, broken, master_key }: Facts): readonly string[] {
  return [
    `backup      ${file}`,
    `size        ${Math.ceil(bytes / 1024)} kB, schema ${schema}`,
    broken.length === 0
      ? `checked     ${checks} rules hold`
      : `checked     the copy is whole, but what it holds breaks ${broken.join(', ')}: see paycore doctor`,
    `master key  ${master_key ?? 'PAYCORE_MASTER_KEY'}: keep it too, but not beside the backup; without it credentials are lost`,
  ];
}
