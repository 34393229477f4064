import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backupFolderOf } from '../../config/data-files.ts';
import { DAY } from '../../core/time.ts';
import type { BackupFacts } from './facts.ts';

/** The backups that lie in the data directory. What was found when one was made stands beside it. */

export interface KeptBackup {
  readonly name: string;
  readonly bytes: number;
  /** When it was finished, milliseconds since the epoch. */
  readonly at: number;
  /** Rules that it breaks; null: nobody has looked. */
  readonly broken: readonly string[] | null;
}

/** A name of ours, and of nothing that leads elsewhere. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.db$/;
const NOTE = '.json';
/** After so long nobody is writing it any more. */
const UNFINISHED_MS = DAY;

/** `backups/paycore-20261127T235910Z.db` in the data directory; the folder is made. */
export function nameBackup(dataDir: string, now: number): string {
  const folder = backupFolderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(now).toISOString().replace(/\.\d+|[-:]/g, '');
  return join(folder, `paycore-${stamp}.db`);
}

/** Newest first. */
export function listBackups(dataDir: string): readonly KeptBackup[] {
  const folder = backupFolderOf(dataDir);
  return namesIn(folder)
    .flatMap((name) => readBackup(folder, name) ?? [])
    .sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
}

/** Null when there is none of that name, whatever else the name may lead to. */
export function findBackup(dataDir: string, name: string): (KeptBackup & { readonly path: string }) | null {
  const folder = backupFolderOf(dataDir);
  const found = namesIn(folder).includes(name) ? readBackup(folder, name) : null;
  return found && { ...found, path: join(folder, name) };
}

/** False when there is none. */
export function removeBackup(dataDir: string, name: string): boolean {
  const found = findBackup(dataDir, name);
  if (!found) return false;
  rmSync(found.path);
  rmSync(found.path + NOTE, { force: true });
  return true;
}

/** Writes down what was found in a backup, where it is one of the data directory. */
export function noteBackup(dataDir: string, { file, bytes, schema, checks, broken }: BackupFacts): void {
  if (resolve(dirname(file)) !== resolve(backupFolderOf(dataDir))) return;
  writeFileSync(file + NOTE, `${JSON.stringify({ bytes, schema, checks, broken })}\n`, { mode: 0o600 });
}

/** Drops what a process left behind that died while it made one. */
export function clearUnfinished(dataDir: string, now: number): void {
  const folder = backupFolderOf(dataDir);
  for (const name of namesIn(folder, /\.unfinished(?:-journal)?$/)) {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found?.isFile() && found.mtimeMs < now - UNFINISHED_MS) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(folder: string, wanted = NAME): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => wanted.test(name));
  } catch {
    return [];
  }
}

/** Links and folders are no backups. */
function readBackup(folder: string, name: string): KeptBackup | null {
  const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
  if (!found?.isFile()) return null;
  const { size: bytes, mtimeMs } = found;
  return { name, bytes, at: Math.round(mtimeMs), broken: readNote(join(folder, name) + NOTE, bytes) };
}

/** Of a file that was changed since, nobody has looked at what there is now. */
function readNote(path: string, bytes: number): readonly string[] | null {
  try {
    const note: { readonly bytes?: unknown; readonly broken?: unknown } = JSON.parse(readFileSync(path, 'utf8'));
    const isOf = note.bytes === bytes && Array.isArray(note.broken);
    return isOf ? (note.broken as unknown[]).map(String) : null;
  } catch {
    return null;
  }
}
