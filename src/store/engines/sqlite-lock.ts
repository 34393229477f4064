import { Database } from 'bun:sqlite';

/** Dropped by the operating system when the process dies, however it dies. */
export interface Lock {
  release(): void;
}

/**
 * A lock for one process alone. Two servers on one database would send notifications twice, so the second does not start.
 * Returns null when another process holds it, throws when the file cannot be written. A command holds it for a moment while
 * it changes the schema, so a server waits a little.
 */
export function acquireLock(path: string, waitMs = 0): Lock | null {
  return take(path, waitMs, (db) => {
    db.run('PRAGMA locking_mode = EXCLUSIVE');
    db.run('BEGIN EXCLUSIVE');
  });
}

/** The same together with others. Null while one process has the lock alone, or waits for that. */
export function shareLock(path: string): Lock | null {
  return take(path, 0, (db) => {
    db.run('BEGIN');
    // Only a read takes the lock, for as long as the transaction lasts.
    db.run('SELECT count(*) FROM sqlite_master');
  });
}

function take(path: string, waitMs: number, lock: (db: Database) => void): Lock | null {
  const db = new Database(path, { create: true });
  try {
    db.run(`PRAGMA busy_timeout = ${waitMs}`);
    lock(db);
    return { release: () => db.close(false) };
  } catch (error) {
    db.close(false);
    if (/^SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code))) return null;
    throw error;
  }
}
