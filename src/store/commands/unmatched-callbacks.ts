import { count, lte, sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { addRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { type CallbackCall, MAX_LINE, noteCall } from './callback-calls.ts';

/** Callbacks that belong to nobody or prove nothing: bounded in number, so that nobody can fill the disk with them. */

export interface UnmatchedCallback
  extends Pick<Row<'unmatchedCallbacks'>, 'gateway' | 'address' | 'reason' | 'contentType' | 'body'> {
  readonly now: number;
  /** The payment that it speaks of. */
  readonly about?: { readonly paymentNo: string; readonly projectId: number };
  /** When the gateway called last is written down along with it. */
  readonly call?: CallbackCall;
}

const MAX_UNMATCHED = 1000;
export const MAX_UNMATCHED_BYTES = 64 * 1024;

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
  if (callback.call) await noteCall(tx, callback.call, callback.reason, callback.now);
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
    ...callback.about,
  });
}

const PRUNE = statement(({ db, t: { unmatchedCallbacks } }, p: { before: number }) =>
  db.delete(unmatchedCallbacks).where(lte(unmatchedCallbacks.receivedAt, p.before)),
);

export function pruneUnmatchedCallbacks(tx: Tx, before: number): Promise<number> {
  return tx.run(PRUNE, { before });
}
