import { lockRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { NO_LEASE } from './leases.ts';
import type { Resent } from './resend.ts';

/** Makes a notification that was given up due at once, as if it were new. Null when there is none. */
export async function resendDead(tx: Tx, outboxId: number, now: number): Promise<Resent | null> {
  const row = await lockRow(tx, 'outbox', { id: outboxId });
  if (row?.state !== 'dead') return null;
  await patchRow(tx, 'outbox', outboxId, { ...NO_LEASE, state: 'pending', tries: 0, dueAt: now, updatedAt: now });
  return { webhookId: row.webhookId, underWay: false };
}
