import { sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';

const WRITE = statement(({ db, t: { settings } }, p: Row<'settings'>) =>
  db
    .insert(settings)
    .values({ name: p.name, value: p.value })
    .onConflictDoUpdate({ target: settings.name, set: { value: sql`excluded.value` } }),
);

export async function writeSetting(tx: Tx, name: string, value: string): Promise<void> {
  await tx.run(WRITE, { name, value });
}

/** Throws when the database cannot be written. */
export function checkWritable(tx: Tx): Promise<void> {
  return writeSetting(tx, 'writable', '1');
}
