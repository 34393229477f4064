import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupFolderOf, databasePathOf, masterKeyPathOf } from '../../config/data-files.ts';
import type { Config } from '../../config.ts';
import { type Backup, backUpSqlite } from '../../store/engines/sqlite-backup.ts';
import { countMigrations } from '../../store/known-schema.ts';

/** One backup of the data that this program uses, checked before it bears its name. */

type Data = Pick<Config, 'dataDir' | 'databaseUrl' | 'masterKey'>;

export interface BackupFacts {
  readonly file: string;
  readonly bytes: number;
  readonly schema: number;
  /** How many rules were tried on it. */
  readonly checks: number;
  /** Rules that the ledger breaks, in the copy as in the original. */
  readonly broken: readonly string[];
  /** Null: it is in the environment. */
  readonly master_key: string | null;
}

/** Why there is no backup, for whoever asked for one. */
export class BackupFailure extends Error {
  override readonly name = 'BackupFailure';
}

/** Throws BackupFailure. On SQLite it keeps the thread busy for as long as it takes. */
export async function makeBackup(config: Data, file: string): Promise<BackupFacts> {
  requireSqlite(config);
  const path = databasePathOf(config.dataDir);
  try {
    return describe(config, file, await backUpSqlite(path, file, countMigrations(config)));
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

/** `backups/paycore-20261127T235910Z.db` in the data directory; the folder is made. */
export function nameBackup(dataDir: string, now: number): string {
  const folder = backupFolderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(now).toISOString().replace(/\.\d+|[-:]/g, '');
  return join(folder, `paycore-${stamp}.db`);
}

function describe({ dataDir, masterKey }: Data, file: string, { schema, checked }: Backup): BackupFacts {
  return {
    ...{ file, bytes: statSync(file).size, schema, checks: checked.length },
    broken: checked.filter(({ found, weight }) => found > 0 && weight === 'bad').map(({ name }) => name),
    master_key: masterKey ? null : masterKeyPathOf(dataDir),
  };
}
