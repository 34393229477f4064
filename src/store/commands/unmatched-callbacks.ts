import { count, lte, sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { addRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/** Callbacks that belong to nobody or prove nothing: bounded in number, so that nobody can fill the disk with them. */

export interface UnmatchedCallback extends Omit<Row<'unmatchedCallbacks'>, 'id' | 'receivedAt'> {
  readonly now: number;
}

const MAX_UNMATCHED = 1000;
export const MAX_UNMATCHED_BYTES = 64 * 1024;
const MAX_LINE = 200;

const COUNT = statement(({ db, t: { unmatchedCallbacks } }, p: { most: number }) => {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(unmatchedCallbacks)
    .limit(p.most)
    .as('some');
  return db.select({ found: count() }).from(some);
});

/** Left out when there is no room. */
export async function addUnmatchedCallback(tx: Tx, callback: UnmatchedCallback): Promise<void> {
  await tx.lock('unmatched callbacks');
  const kept = await tx.get(COUNT, { most: MAX_UNMATCHED });
  if (kept && kept.found >= MAX_UNMATCHED) return;
  await addRow(tx, 'unmatchedCallbacks', {
    gateway: callback.gateway,
    address: callback.address,
    reason: callback.reason.slice(0, MAX_LINE),
    contentType: callback.contentType.slice(0, MAX_LINE),
    body: callback.body.subarray(0, MAX_UNMATCHED_BYTES),
    receivedAt: callback.now,
  });
}

const PRUNE = statement(({ db, t: { unmatchedCallbacks } }, p: { before: number }) =>
  db.delete(unmatchedCallbacks).where(lte(unmatchedCallbacks.receivedAt, p.before)),
);

export function pruneUnmatchedCallbacks(tx: Tx, before: number): Promise<number> {
  return tx.run(PRUNE, { before });
}
