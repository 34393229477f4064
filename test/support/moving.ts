import { dirname } from 'node:path';
import { locksOf } from '../../src/cli/presence.ts';
import { holdPostgres } from '../../src/store/engines/postgres-hold.ts';
import { holdSqlite } from '../../src/store/engines/sqlite-hold.ts';
import type { Held } from '../../src/store/move/held.ts';
import { type End, type Moved, type MoveParts, moveData } from '../../src/store/move/move.ts';
import { migrationsOf } from './engines.ts';

/** Moves between places as tests know them: a SQLite file, or the address of a PostgreSQL database. */

const parts = { sleep: (ms: number) => Bun.sleep(ms), chance: Math.random };

export async function holdPlace(place: string): Promise<Held | null> {
  return place.startsWith('postgres') ? holdPostgres(place, parts) : holdSqlite(place, locksOf(dirname(place)), 0);
}

async function endAt(place: string): Promise<End> {
  const held = await holdPlace(place);
  if (!held) throw new Error(`${place} is in use`);
  return { held, name: place, migrations: migrationsOf(place.startsWith('postgres') ? 'postgres' : 'sqlite') };
}

/** `progress` may throw, which breaks the move off there; so may what takes a part of an end's. */
export async function move(
  from: string,
  to: string,
  progress: MoveParts['progress'] = () => {},
  instead: { readonly source?: Partial<Held>; readonly target?: Partial<Held> } = {},
): Promise<Moved | null> {
  const source = await endAt(from);
  const target = await endAt(to);
  const replace = (end: End, parts: Partial<Held> = {}): End => ({
    ...end,
    held: Object.assign(Object.create(end.held) as Held, parts),
  });
  try {
    return await moveData(replace(source, instead.source), replace(target, instead.target), {
      now: () => 1_750_000_000_000,
      makeId: () => crypto.randomUUID(),
      progress,
    });
  } finally {
    await target.held.close();
    await source.held.close();
  }
}
