import type { Database } from 'bun:sqlite';

export function readSetting(db: Database, name: string): string | null {
  return db.query<{ value: string }, [string]>('SELECT value FROM settings WHERE name = ?').get(name)?.value ?? null;
}

export function writeSetting(db: Database, name: string, value: string): void {
  db.query(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  ).run(name, value);
}
