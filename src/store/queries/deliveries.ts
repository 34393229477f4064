import { min, sql } from 'drizzle-orm';
import type { Kit } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** When something is to be sent to a shop next. */

/** As the index says it: bound values would hide from SQLite that it can be used. */
export function isWaiting({ t: { outbox } }: Kit) {
  return sql`${outbox.state} = 'pending' AND ${outbox.leasedBy} IS NULL`;
}

const NEXT = statement((kit, _: object) => {
  const { outbox } = kit.t;
  return kit.db
    .select({ dueAt: min(outbox.dueAt) })
    .from(kit.by(outbox, 'outbox_due'))
    .where(isWaiting(kit));
});

const NEXT_END = statement(({ db, by, t: { outbox } }, _: object) =>
  db
    .select({ endsAt: min(outbox.leasedUntil) })
    .from(by(outbox, 'outbox_leased'))
    .where(sql`${outbox.leasedBy} IS NOT NULL`),
);

/**
 * When the next row is due, or a lease ends whose row has to be taken again if its process is gone by then; null when there
 * is neither.
 */
export async function findNextDue(on: Reader): Promise<number | null> {
  const [next, end] = await Promise.all([on.get(NEXT, {}), on.get(NEXT_END, {})]);
  const times = [next?.dueAt, end?.endsAt].filter((time) => typeof time === 'number');
  return times.length === 0 ? null : Math.min(...times);
}
