import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Migration } from '../migrations.ts';
import type { Held } from '../move/held.ts';
import { inspectSqlite } from './sqlite-inspect.ts';
import { acquireLock } from './sqlite-lock.ts';
import { openSqlite } from './sqlite-open.ts';

/** Longer than any command writes. */
const BUSY_TIMEOUT_MS = 10_000;

/** Holds a file, which is made if need be; `lockPath` is what a server of it locks. Null: one runs. */
export function holdSqlite(path: string, lockPath: string): Held | null {
  const lock = acquireLock(lockPath);
  if (!lock) return null;
  try {
    return holdLocked(path, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function holdLocked(path: string, lock: { release(): void }): Held {
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
    async setAside(stamp) {
      own.run('PRAGMA wal_checkpoint(TRUNCATE)');
      await closeBoth();
      const aside = putAside(path, stamp);
      [own, inspector] = openBoth(path);
      return aside;
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
  return [own, inspectSqlite(path)];
}

/** Where backups are; nobody is left who has it open. */
function putAside(path: string, stamp: string): string {
  const folder = join(dirname(path), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `moved-${stamp}.db`);
  if (existsSync(aside)) throw new Error(`${aside} is there already`);
  renameSync(path, aside);
  return aside;
}
