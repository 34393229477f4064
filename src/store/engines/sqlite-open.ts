import { Database } from 'bun:sqlite';
import { ALONE, type Leave, type Migration } from '../migrations.ts';
import type { Engine } from './engine.ts';
import { createSqliteEngine } from './sqlite.ts';
import { migrateWithLeave } from './sqlite-migrate.ts';

/** While the file is opened and brought up to date nothing else goes on; afterwards the write queue waits by itself. */
const BUSY_TIMEOUT_MS = 5000;
const WAL_RETRY_MS = 10;
/** About 64 MB of WAL between checkpoints: a checkpoint inside a commit is what makes the slowest commits slow. */
const CHECKPOINT_PAGES = 16_000;
/** In KiB. Each connection has its own. */
const CACHE = { writer: 32_000, reader: 16_000 };

export interface OpenedEngine {
  readonly engine: Engine;
  /** Steps of the schema that were applied just now. */
  readonly migrated: number;
}

export interface OpenedSqlite extends OpenedEngine {
  /** The connection that writes: for tests that look at it or break it on purpose. */
  readonly writer: Database;
}

/** Opens the file, makes it if need be, and brings it up to date; an older one is first copied to `backups`. */
export function openSqlite(
  path: string,
  migrations: readonly Migration[],
  backups: string | null,
  leave: Leave = ALONE,
): OpenedSqlite {
  const writer = openWriter(path);
  try {
    const migrated = migrateWithLeave(writer, migrations, backups, leave);
    const reader = new Database(path, { readonly: true });
    reader.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    reader.run(`PRAGMA cache_size = -${CACHE.reader}`);
    return { engine: createSqliteEngine(writer, reader), migrated, writer };
  } catch (error) {
    writer.close(false);
    throw error;
  }
}

export function openWriter(path: string): Database {
  const db = new Database(path, { create: true, strict: true });
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  switchToWal(db);
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  db.run(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.run(`PRAGMA cache_size = -${CACHE.writer}`);
  // What a statement would take back when it fails half-way is kept in memory, not in a file that is written each time.
  db.run('PRAGMA temp_store = MEMORY');
  return db;
}

/** Two processes that switch a new file at once: SQLite refuses one of them at once, whatever its busy timeout says. */
function switchToWal(db: Database): void {
  for (let waited = 0; ; waited += WAL_RETRY_MS) {
    try {
      db.run('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY' || waited >= BUSY_TIMEOUT_MS) throw error;
      Bun.sleepSync(WAL_RETRY_MS);
    }
  }
}
