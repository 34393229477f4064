import { eq, sql } from 'drizzle-orm';
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

const DROP = statement(({ db, t: { settings } }, p: { name: string }) =>
  db.delete(settings).where(eq(settings.name, p.name)),
);

/**
 * Throws when the database cannot be written. Where several processes look, each writes a row of its own (`look`) and takes
 * it away in the same commit: none waits for another, or for one that hangs.
 */
export async function checkWritable(tx: Tx, look: string | null = null): Promise<void> {
  await writeSetting(tx, look ?? 'writable', '1');
  if (look !== null) await tx.run(DROP, { name: look });
}
