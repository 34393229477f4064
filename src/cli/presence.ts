import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { FolderLocks } from '../store/engines/sqlite-hold.ts';
import { type Lock, shareLock } from '../store/engines/sqlite-lock.ts';
import type { Leave } from '../store/migrations.ts';
import { CommandFailure } from './failure.ts';

/** How a process is at the data: what it may change of it, and what keeps a move away while it is. */
export interface Presence extends Leave {
  /** Until it is released nobody moves the data; null: a move is at work. */
  stay(): Lock | null;
}

/** The one server holds the first alone, commands hold the second together; a move needs both for itself. */
export const locksOf = (dataDir: string): FolderLocks => ({
  server: join(dataDir, 'serve.lock'),
  commands: join(dataDir, 'commands.lock'),
});

export const stayAsCommand = (dataDir: string): Lock | null => shareLock(locksOf(dataDir).commands);

/**
 * From before the data is opened until it is closed: a command that was begun before a move, and writes after it, would
 * write into the place that the data has left. On PostgreSQL every connection keeps a move away by itself.
 */
export function keepMoveAway({ databaseUrl, dataDir }: Config, presence: Presence): Lock {
  if (databaseUrl !== null) return { release() {} };
  let lock: Lock | null;
  try {
    lock = presence.stay();
  } catch (cause) {
    throw new CommandFailure(`PAYCORE_DATA_DIR ${dataDir} cannot be written: ${(cause as Error).message}`);
  }
  if (!lock) throw new CommandFailure(`paycore move is at work on the data in ${dataDir}: wait until it is through.`);
  return lock;
}
