import { Database } from 'bun:sqlite';
import { join } from 'node:path';

/** The database file of a program that does not run at the moment. */

/** As a newer version of the program would have left it. */
export function setSchema(dataDir: string, version: number): void {
  using db = open(dataDir);
  db.run(`PRAGMA user_version = ${version}`);
}

export function readSchema(dataDir: string): number | undefined {
  using db = open(dataDir);
  return db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version;
}

function open(dataDir: string): Database {
  return new Database(join(dataDir, 'paycore.db'), { readwrite: true });
}
