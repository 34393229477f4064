import { Database } from 'bun:sqlite';
import type { Inspector } from '../integrity/check.ts';
import { readVersion } from './sqlite-migrate.ts';

const BUSY_TIMEOUT_MS = 5000;

/** Throws when there is no such file. */
export function inspectSqlite(path: string): Inspector {
  const db = new Database(path, { readonly: true });
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return {
    engine: 'sqlite',
    readVersion: async () => readVersion(db),
    async all<Row extends object>(sql: string) {
      const statement = db.prepare<Row, []>(sql);
      try {
        return statement.all();
      } finally {
        statement.finalize();
      }
    },
    checkStorage: async () => [],
    close: async () => db.close(true),
  };
}
