import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { resolveAsset } from '../assets.ts';
import { databasePathOf } from '../config/data-files.ts';
import type { Config } from '../config.ts';
import { holdSqlite } from '../store/engines/sqlite-hold.ts';
import { readMigrations } from '../store/migrations.ts';
import { type Held, MoveRefused } from '../store/move/held.ts';
import type { End } from '../store/move/move.ts';
import { makeDataFolder } from './data-folder.ts';
import { CommandFailure } from './failure.ts';
import { nameUrl } from './open.ts';
import { locksOf } from './presence.ts';

/** Where data is or is to be: a file, or a PostgreSQL database. */
export type Place =
  | { readonly kind: 'sqlite'; readonly name: string; readonly path: string }
  | { readonly kind: 'postgres'; readonly name: string; readonly url: string };

export function placeOfConfig({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): Place {
  if (databaseUrl !== null) return { kind: 'postgres', name: nameUrl(databaseUrl), url: databaseUrl };
  const path = resolve(databasePathOf(dataDir));
  return { kind: 'sqlite', name: path, path };
}

/** How long commands that are at it may take to end. */
const PATIENCE_MS = 3000;

export function holdSource(place: Place, patienceMs = PATIENCE_MS): Promise<End> {
  if (place.kind === 'sqlite' && !existsSync(place.path)) {
    throw new CommandFailure(
      `there is no database at ${place.path}. Set PAYCORE_DATA_DIR or PAYCORE_DATABASE_URL to where your data is.`,
    );
  }
  return hold(place, patienceMs);
}

export function holdTarget(place: Place): Promise<End> {
  if (place.kind === 'sqlite') makeDataFolder(dirname(place.path));
  return hold(place, PATIENCE_MS);
}

/** Throws CommandFailure when the place is in use or cannot be used. */
async function hold(place: Place, patienceMs: number): Promise<End> {
  let held: Held | null;
  try {
    held = await open(place, patienceMs);
  } catch (error) {
    if (error instanceof MoveRefused) throw new CommandFailure(`${error.message}.`);
    const { message, cause } = error as Error;
    throw new CommandFailure(
      `${place.name} cannot be used: ${cause instanceof Error ? `${message}: ${cause.message}` : message}`,
    );
  }
  if (!held) throw new CommandFailure(describeUse(place));
  return { held, name: place.name, migrations: readMigrations(resolveAsset(`migrations/${place.kind}`)) };
}

async function open(place: Place, patienceMs: number): Promise<Held | null> {
  if (place.kind === 'sqlite') return holdSqlite(place.path, locksOf(dirname(place.path)), patienceMs);
  // Its client is read only by those who use it.
  const { holdPostgres } = await import('../store/engines/postgres-hold.ts');
  return holdPostgres(place.url, { sleep: (ms) => Bun.sleep(ms), chance: Math.random });
}

function describeUse({ kind, name }: Place): string {
  const who =
    kind === 'sqlite'
      ? `a server runs on ${name}, or another move does`
      : `nodes or commands are connected to ${name}, or another move is`;
  return `${who}. Stop every paycore serve ${kind === 'sqlite' ? 'of that folder' : 'of that database, on all machines'}, then run this again.`;
}
