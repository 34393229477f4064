import { existsSync, statSync } from 'node:fs';
import { databasePathOf, masterKeyPathOf } from '../../config/data-files.ts';
import type { Config } from '../../config.ts';
import { type Backup, backUpSqlite } from '../../store/engines/sqlite-backup.ts';
import { countMigrations } from '../../store/known-schema.ts';
import { type BackupFacts, BackupFailure } from './facts.ts';
import { noteBackup } from './shelf.ts';

/** One backup of the data that this program uses, checked before it bears its name. */

type Data = Pick<Config, 'dataDir' | 'databaseUrl' | 'masterKey'>;

/** Throws BackupFailure. On SQLite it keeps the thread busy for as long as it takes. */
export async function makeBackup(config: Data, file: string): Promise<BackupFacts> {
  requireSqlite(config);
  const path = databasePathOf(config.dataDir);
  try {
    const facts = describe(config, file, await backUpSqlite(path, file, countMigrations(config)));
    noteBackup(config.dataDir, facts);
    return facts;
  } catch (cause) {
    throw new BackupFailure(`no backup was made of ${path}: ${(cause as Error).message}`, { cause });
  }
}

export function requireSqlite({ databaseUrl, dataDir, masterKey }: Data): void {
  if (databaseUrl !== null) {
    throw new BackupFailure(
      'the data is in PostgreSQL: back it up with pg_dump "$PAYCORE_DATABASE_URL" > FILE, also while the server runs, ' +
        `and keep ${masterKey ? 'PAYCORE_MASTER_KEY' : masterKeyPathOf(dataDir)} too.`,
    );
  }
  if (existsSync(databasePathOf(dataDir))) return;
  throw new BackupFailure(
    `there is no database at ${databasePathOf(dataDir)}. Set PAYCORE_DATA_DIR to the folder of your data.`,
  );
}

function describe({ dataDir, masterKey }: Data, file: string, { schema, checked }: Backup): BackupFacts {
  return {
    ...{ file, bytes: statSync(file).size, schema, checks: checked.length },
    broken: checked.filter(({ found, weight }) => found > 0 && weight === 'bad').map(({ name }) => name),
    master_key: masterKey ? null : masterKeyPathOf(dataDir),
  };
}
