import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from './failure.ts';

/** Payers' names and addresses are for the owner of the process only: nobody else gets any bit of what is made. */
const PRIVATE = 0o077;

/** What PayCore makes in its data directory; whatever else lies there is somebody else's. */
const OURS =
  /^(?:paycore\.(?:db|log)|master\.key|node-id|(?:serve|commands)\.lock|backups$|demo\.json$|simulator\.jsonl)/;

/** Something that others can read, enter or lock; `why` they still can. */
export interface OpenToOthers {
  readonly path: string;
  readonly why: string;
}

/** Whatever this process makes from now on is for its owner alone. */
export function keepPrivate(): void {
  process.umask(PRIVATE);
}

/** Makes the folder for one owner, and what was left open in it private. */
export function makeDataFolder(folder: string): void {
  keepPrivate();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CommandFailure(`PAYCORE_DATA_DIR ${folder} cannot be made: ${(cause as Error).message}`);
  }
  for (const path of listOpen(folder)) {
    // Somebody else's file stays as it is: `findOpenToOthers` tells of it.
    attempt(() => chmodSync(path, lstatSync(path).mode & 0o700));
  }
}

/**
 * What is left open. A folder that was there already is not changed: it may be shared on purpose, or hold more than our
 * data.
 */
export function findOpenToOthers(folder: string): readonly OpenToOthers[] {
  const open = isOpen(folder) ? [{ path: folder, why: 'other users of this machine can enter it' }] : [];
  return [...open, ...listOpen(folder).map((path) => ({ path, why: 'other users of this machine can read it' }))];
}

function listOpen(folder: string): readonly string[] {
  const inside = (place: string, wanted: RegExp) =>
    (attempt(() => readdirSync(place)) ?? []).filter((name) => wanted.test(name)).map((name) => join(place, name));
  return [...inside(folder, OURS), ...inside(join(folder, 'backups'), /\.db/)].filter(isOpen);
}

/** A link has no mode of its own, and what it leads to may be anybody's. */
function isOpen(path: string): boolean {
  const found = attempt(() => lstatSync(path));
  return found !== null && !found.isSymbolicLink() && (found.mode & PRIVATE) !== 0;
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
