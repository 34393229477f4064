import { sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { addRow, findRow } from '../table.ts';
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

/** Writes a setting unless there is one; what it is then. Of two that come at once both get the first one's. */
export async function keepSetting(tx: Tx, name: string, value: string): Promise<string> {
  if (await addRow(tx, 'settings', { name, value })) return value;
  return (await findRow(tx, 'settings', { name }))?.value ?? value;
}

/** Throws when the database cannot be written. */
export function checkWritable(tx: Tx): Promise<void> {
  return writeSetting(tx, 'writable', '1');
}
