import { Database } from 'bun:sqlite';
import { existsSync, rmSync, statSync } from 'node:fs';
import type { Migration } from '../migrations.ts';
import { type Held, MoveRefused } from '../move/held.ts';
import { putAside } from './sqlite-aside.ts';
import { inspectSqlite } from './sqlite-inspect.ts';
import { acquireLock, type Lock } from './sqlite-lock.ts';
import { openSqlite } from './sqlite-open.ts';

/** Longer than any command writes. */
const BUSY_TIMEOUT_MS = 10_000;

/** Files that lie beside a database for those who work on it to lock. */
export interface FolderLocks {
  /** By the one server, alone. */
  readonly server: string;
  /** By commands, together. */
  readonly commands: string;
}

/** Holds a file, which is made if need be. Null: a server runs on it. Throws MoveRefused when a command does not end in time. */
export function holdSqlite(path: string, paths: FolderLocks, patienceMs: number): Held | null {
  const locks: Lock[] = [];
  const release = () => {
    for (const lock of locks.splice(0)) lock.release();
  };
  const take = (file: string, waitMs: number): boolean => {
    const lock = acquireLock(file, waitMs);
    if (lock) locks.push(lock);
    return lock !== null;
  };
  try {
    if (!take(paths.server, 0)) return null;
    if (!take(paths.commands, patienceMs)) throw new MoveRefused(describeCommand(path));
    return holdLocked(path, { release });
  } catch (error) {
    release();
    throw error;
  }
}

const describeCommand = (path: string): string =>
  `a paycore command is still at work on ${path}, one that waits for its input perhaps: ` +
  'end every paycore command but this one, then run this again';

function holdLocked(path: string, lock: Lock): Held {
  const isNew = !existsSync(path);
  let [own, inspector] = openBoth(path);
  let closeEngine = async () => {};
  const closeBoth = async () => {
    if (own.inTransaction) own.run('ROLLBACK');
    await inspector.close();
    own.close(true);
  };
  return {
    get inspector() {
      return inspector;
    },
    async listTables() {
      const rows = await inspector.all<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      );
      return rows.map(({ name }) => name);
    },
    async setAside(stamp, migrations, setting) {
      await closeBoth();
      try {
        return await putAside(path, stamp, migrations, setting);
      } finally {
        [own, inspector] = openBoth(path);
      }
    },
    async open(migrations: readonly Migration[]) {
      const { engine } = openSqlite(path, migrations, null);
      closeEngine = () => engine.close();
      return engine;
    },
    /** Whoever writes waits, and gives up after a while; whoever only reads goes on. */
    async freeze() {
      own.run('BEGIN IMMEDIATE');
      // Reads of one turn share a transaction, which may have begun before.
      await new Promise((resolve) => setImmediate(resolve));
    },
    async finish([name, value], drop) {
      own.query('DELETE FROM settings WHERE name = ?').run(drop);
      own.query('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, value);
      own.run('COMMIT');
    },
    async settle() {},
    // The system drops such a lock with the process only.
    async requireHeld() {},
    async close() {
      await closeEngine();
      await closeBoth();
      if (isNew && statSync(path).size === 0) rmSync(path);
      lock.release();
    },
  };
}

function openBoth(path: string): [Database, ReturnType<typeof inspectSqlite>] {
  const own = new Database(path, { create: true, strict: true });
  own.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // It says which place counts.
  own.run('PRAGMA synchronous = FULL');
  return [own, inspectSqlite(path)];
}
