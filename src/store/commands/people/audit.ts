import type { Row } from '../../kit.ts';
import { insertRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';

export type NewAuditEntry = Pick<Row<'audit'>, 'personId' | 'who' | 'address' | 'action' | 'about'> & {
  readonly now: number;
};

/** What it turned out to be about, and whose doing; as it was begun where left out. */
export type AuditEnd = Pick<Row<'audit'>, 'outcome' | 'before' | 'after'> &
  Partial<Pick<Row<'audit'>, 'about' | 'personId' | 'who'>>;

/** The columns take no null. */
const NOTHING = {};

/** Before the change: whatever becomes of it, that it was asked for is known. */
export async function beginAudit(tx: Tx, { now, ...entry }: NewAuditEntry): Promise<number> {
  const row = await insertRow(tx, 'audit', { ...entry, at: now, outcome: 'begun', before: NOTHING, after: NOTHING });
  return row.id;
}

export async function endAudit(tx: Tx, id: number, end: AuditEnd): Promise<void> {
  await patchRow(tx, 'audit', id, { ...end, before: end.before ?? NOTHING, after: end.after ?? NOTHING });
}
