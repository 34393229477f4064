import { Database } from 'bun:sqlite';
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Migration } from '../migrations.ts';
import { MoveRefused } from '../move/held.ts';
import { sync } from './sqlite-backup.ts';
import { openSqlite } from './sqlite-open.ts';

/**
 * Puts an empty database with one setting in the place of a file, and the file where backups are; gives where it is now.
 * At no moment is there nothing in its place, or a database without that setting: a server would take it for a new one.
 */
export async function putAside(
  path: string,
  stamp: string,
  migrations: readonly Migration[],
  setting: readonly [name: string, value: string],
): Promise<string> {
  bringTogether(path);
  const fresh = `${path}.new`;
  try {
    await makeFresh(fresh, migrations, setting);
    const aside = nameAside(path, stamp);
    keepAs(path, aside);
    renameSync(fresh, path);
    sync(dirname(path));
    return aside;
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** All of it in the one file, which nobody else has open: what lies beside it goes by its name. */
function bringTogether(path: string): void {
  const only = new Database(path);
  try {
    only.run('PRAGMA journal_mode = DELETE');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
    throw new MoveRefused(
      `another program has ${path} open (paycore doctor or paycore backup, perhaps): let it end, then run this again`,
    );
  } finally {
    only.close(true);
  }
}

async function makeFresh(
  path: string,
  migrations: readonly Migration[],
  [name, value]: readonly [string, string],
): Promise<void> {
  // Of one that was broken off.
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
  const { engine, writer } = openSqlite(path, migrations, null);
  try {
    writer.run('INSERT INTO settings (name, value) VALUES (?, ?)', [name, value]);
  } finally {
    await engine.close();
  }
  sync(path);
}

function nameAside(path: string, stamp: string): string {
  const folder = join(dirname(path), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `moved-${stamp}.db`);
  if (existsSync(aside)) throw new Error(`${aside} is there already`);
  return aside;
}

/** A second name, while it keeps its first. */
function keepAs(path: string, aside: string): void {
  try {
    linkSync(path, aside);
  } catch {
    // Where there are no links.
    const unfinished = `${aside}.unfinished`;
    copyFileSync(path, unfinished);
    sync(unfinished);
    renameSync(unfinished, aside);
  }
  sync(dirname(aside));
}
