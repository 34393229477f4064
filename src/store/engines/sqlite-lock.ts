import { Database } from 'bun:sqlite';

/**
 * A lock that the operating system drops when the process dies, however it dies. Two servers on one database would send
 * notifications twice, so the second does not start. Returns null when another process holds it, throws when the file
 * cannot be written. A command holds it for a moment while it changes the schema, so a server waits a little.
 */
export function acquireLock(path: string, waitMs = 0): { release(): void } | null {
  const db = new Database(path, { create: true });
  try {
    db.run(`PRAGMA busy_timeout = ${waitMs}`);
    db.run('PRAGMA locking_mode = EXCLUSIVE');
    db.run('BEGIN EXCLUSIVE');
    return { release: () => db.close(false) };
  } catch (error) {
    db.close(false);
    if (/^SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code))) return null;
    throw error;
  }
}
