import type { Migration } from '../migrations.ts';
import { type Held, MoveRefused } from './held.ts';
import { MARK_NAMES, type Marks, NO_MARKS, readMarkRows } from './marks.ts';

/** What stands in a database before anything is done to it. */
export interface Standing {
  readonly version: number;
  readonly tables: readonly string[];
  /** Those with rows. */
  readonly filled: readonly string[];
  readonly marks: Marks;
}

/** Looks without touching: a database may be of any schema, or somebody else's. */
export async function lookInto(held: Held): Promise<Standing> {
  const [version, tables] = await Promise.all([held.inspector.readVersion(), held.listTables()]);
  const filled: string[] = [];
  for (const table of tables.filter((name) => name !== 'schema_version')) {
    const rows = await held.inspector.all(`SELECT 1 AS found FROM "${table}" LIMIT 1`);
    if (rows.length > 0) filled.push(table);
  }
  const marks = tables.includes('settings') ? await lookForMarks(held) : NO_MARKS;
  return { version, tables, filled, marks };
}

/** As they are at this moment. */
export async function lookForMarks({ inspector }: Held): Promise<Marks> {
  try {
    const rows = await inspector.all<{ name: string; value: string }>(
      `SELECT name, value FROM settings WHERE name IN ('${MARK_NAMES.join("', '")}')`,
    );
    return readMarkRows(rows);
  } catch {
    // A table of that name which is none of ours.
    return NO_MARKS;
  }
}

export function requireSourceSchema({ version }: Standing, migrations: readonly Migration[], name: string): void {
  if (version === migrations.length) return;
  if (version === 0) throw new MoveRefused(`there is no data of PayCore in ${name}: nothing to move`);
  const how =
    version < migrations.length
      ? 'start this version on it once, which brings it up to date, stop it, and move then'
      : 'move it with the newer version that wrote it';
  throw new MoveRefused(`${name} has schema ${version}, this PayCore needs ${migrations.length}: ${how}`);
}

/** A target is empty, or half of a move that was broken off; everything else is somebody's data. */
export function requireTarget(standing: Standing, migrations: readonly Migration[], name: string): void {
  const { version, tables, filled } = standing;
  const { moving_from, moved_to } = standing.marks;
  if (moving_from && version === migrations.length) return;
  if (filled.length === 0 && version <= migrations.length && (version > 0 || tables.length === 0)) return;
  const what = moved_to
    ? `holds an old copy of data that was moved from there to ${moved_to.to}`
    : `is not empty (${tables.length} tables, rows in ${filled.slice(0, 5).join(', ') || 'none'})`;
  throw new MoveRefused(`${name} ${what}: it is left as it is. Name an empty database, or empty that one yourself`);
}
