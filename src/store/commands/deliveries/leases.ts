import { asc, inArray, sql } from 'drizzle-orm';
import { statement } from '../../statement.ts';
import type { Tx } from '../../tx.ts';

/** Who is sending which notification, and for how long nobody else may. */

export const NO_LEASE = { leasedBy: null, leasedUntil: null } as const;

// What another process is freeing at this moment is left to it.
const END = statement(({ db, by, claimed, t: { outbox } }, p: { now: number; limit: number }) => {
  const over = db.$with('over').as(
    claimed(
      db
        .select({ id: sql<number>`${outbox.id}`.as('id') })
        .from(by(outbox, 'outbox_leased'))
        .where(sql`${outbox.leasedBy} IS NOT NULL AND ${outbox.leasedUntil} <= ${p.now}`)
        .orderBy(asc(outbox.leasedUntil))
        .limit(p.limit),
    ),
  );
  return db
    .with(over)
    .update(outbox)
    .set(NO_LEASE)
    .where(inArray(outbox.id, db.select({ id: over.id }).from(over)));
});

/** Frees what was leased to processes that have not finished in time; more than the limit are for the next time. */
export async function endLeases(tx: Tx, now: number, limit: number): Promise<void> {
  await tx.run(END, { now, limit });
}
