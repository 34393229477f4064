import { Database } from 'bun:sqlite';

/**
 * A lock that the operating system drops when the process dies, however it dies. Two servers on one database would send
 * notifications twice, so the second does not start. Returns null when another process holds it, throws when the file
 * cannot be written.
 */
export function acquireLock(path: string): { release(): void } | null {
  const db = new Database(path, { create: true });
  try {
    db.run('PRAGMA busy_timeout = 0');
    db.run('PRAGMA locking_mode = EXCLUSIVE');
    db.run('BEGIN EXCLUSIVE');
    return { release: () => db.close(false) };
  } catch (error) {
    db.close(false);
    if (/^SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code))) return null;
    throw error;
  }
}
