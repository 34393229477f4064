import { Database } from 'bun:sqlite';
import { PayCoreError } from '../core/errors.ts';

/**
 * The one connection and its write queue.
 *
 * Writes that wait share one transaction with a savepoint each; every caller is answered after the commit. A commit
 * waits for the disk (`synchronous=FULL`), so 64 writes that share one cost little more than one alone. A command is a
 * synchronous function: nothing can come between its statements.
 */
export interface Db {
  /** Reads see committed data only, since a batch never yields to the event loop. */
  readonly read: Database;
  /** Runs `command` in a transaction of the next batch. Rejects with what it threw, or STORAGE_UNAVAILABLE. */
  write<T>(command: (db: Database) => T): Promise<T>;
  /** Writes what is queued, then closes. */
  close(): void;
}

export const MAX_BATCH = 256;
const MAX_QUEUE = 10_000;
const BUSY_TIMEOUT_MS = 5000;
const WAL_RETRY_MS = 10;
/** About 64 MB of WAL between checkpoints: a checkpoint inside a commit is what makes the slowest commits slow. */
const CHECKPOINT_PAGES = 16_000;
/** More than there are texts of queries: Bun keeps 20 and prepares all others anew each time, at ten times the cost. */
const PREPARED = 500;

export function openDatabase(path: string): Database {
  Database.MAX_QUERY_CACHE_SIZE = PREPARED;
  const db = new Database(path, { create: true, strict: true });
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  switchToWal(db);
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  db.run(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.run('PRAGMA cache_size = -16000');
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

interface Waiting {
  run(db: Database): void;
  settle(): void;
  fail(error: unknown): void;
}

export function createDb(database: Database): Db {
  let queue: Waiting[] = [];
  let scheduled = false;
  let closed = false;

  function flush(): void {
    scheduled = false;
    const batch = queue.slice(0, MAX_BATCH);
    queue = queue.slice(MAX_BATCH);
    commitBatch(database, batch);
    if (queue.length > 0) schedule();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  return {
    read: database,
    write<T>(command: (db: Database) => T): Promise<T> {
      if (closed || queue.length >= MAX_QUEUE) return Promise.reject(new PayCoreError('STORAGE_UNAVAILABLE'));
      return new Promise<T>((resolve, reject) => {
        queue.push(makeWaiting(command, resolve, reject));
        schedule();
      });
    },
    close(): void {
      if (closed) return;
      closed = true;
      while (queue.length > 0) flush();
      database.close(false);
    },
  };
}

function makeWaiting<T>(
  command: (db: Database) => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Waiting {
  let answer: { value: T } | { error: unknown } | undefined;
  return {
    run(db) {
      db.query('SAVEPOINT command').run();
      try {
        const value = command(db);
        // Its statements after the first await would run outside the transaction.
        if (value instanceof Promise) throw new Error('a store command must be synchronous');
        answer = { value };
        db.query('RELEASE command').run();
      } catch (error) {
        answer = { error };
        // SQLITE_FULL and its like have rolled everything back already; then there is no savepoint left.
        if (!db.inTransaction) throw error;
        db.query('ROLLBACK TO command').run();
        db.query('RELEASE command').run();
      }
    },
    settle() {
      if (answer && 'value' in answer) resolve(answer.value);
      else reject(nameError(answer?.error));
    },
    fail: (error) => reject(nameError(error)),
  };
}

/** One transaction for the whole batch; when it cannot be committed, every caller hears that nothing was written. */
function commitBatch(db: Database, batch: readonly Waiting[]): void {
  if (batch.length === 0) return;
  try {
    db.query('BEGIN IMMEDIATE').run();
    for (const waiting of batch) waiting.run(db);
    db.query('COMMIT').run();
  } catch (error) {
    rollBack(db);
    for (const waiting of batch) waiting.fail(error);
    return;
  }
  for (const waiting of batch) waiting.settle();
}

/** A disk that fails may fail here too; the callers must hear of it all the same, and the next batch tries again. */
function rollBack(db: Database): void {
  try {
    if (db.inTransaction) db.query('ROLLBACK').run();
  } catch {
    // What cannot be rolled back was not committed either.
  }
}

/** SQLite's own errors (disk full, read-only, busy, I/O) become one that callers may try again after. */
function nameError(error: unknown): unknown {
  const code = (error as { code?: unknown } | undefined)?.code;
  const ofStorage = typeof code === 'string' && /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM)/.test(code);
  return ofStorage ? new PayCoreError('STORAGE_UNAVAILABLE', { cause: error }) : error;
}
