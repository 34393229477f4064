import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One step of the schema: `0000_baseline.sql` is version 1. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Reads the numbered `.sql` files of a folder in order. Throws when a number is missing. */
export function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  names.forEach((name, index) => {
    if (!name.startsWith(`${String(index).padStart(4, '0')}_`)) {
      throw new Error(`migration ${index} is missing: expected ${String(index).padStart(4, '0')}_*.sql, found ${name}`);
    }
  });
  return names.map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }));
}

/**
 * Leave to change the schema. Statements of another version keep to other rules: under a schema that was changed they
 * would write wrong figures, and nobody would notice.
 */
export interface Leave {
  /** To be given back afterwards; null while somebody uses the database as it is. */
  ask(): { release(): void } | null;
  /** How long to ask again: who starts in the moment in which another process makes the schema waits for that. */
  readonly patienceMs: number;
}

/** Of who is alone with the database already. */
export const ALONE: Leave = { ask: () => ({ release() {} }), patienceMs: 0 };

export const LEAVE_RETRY_MS = 50;

export class SchemaInUse extends Error {
  constructor(version: number, needed: number) {
    super(
      `the database has schema ${version}, this PayCore needs ${needed}, and a server runs on it. ` +
        'Stop that server, and every other node on this database, and start them in this version: the first one brings ' +
        'the schema up to date. Until then use their own version.',
    );
  }
}

/** Throws when the database was written by a newer PayCore. */
export function requireKnownSchema(version: number, known: number): void {
  if (version <= known) return;
  throw new Error(
    `the database has schema ${version}, this PayCore knows ${known}: it was written by a newer version. ` +
      'Start that version, or restore a backup made by this one.',
  );
}
