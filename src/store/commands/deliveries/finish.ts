import { and, eq, sql } from 'drizzle-orm';
import { taipeiDay } from '../../../core/time.ts';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import { findRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { raiseAlert } from '../alerts/raise.ts';
import { recordEvent } from '../events.ts';
import { raiseDead } from '../troubles.ts';
import type { DueNotification } from './claim.ts';
import { NO_LEASE } from './leases.ts';

export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly status: number }
  | { readonly outcome: 'retry'; readonly status: number | null; readonly reason: string; readonly dueAt: number }
  | { readonly outcome: 'dead'; readonly status: number | null; readonly reason: string };

interface Finish extends Pick<Row<'outbox'>, 'id' | 'state' | 'lastStatus' | 'lastError' | 'leasedUntil'> {
  readonly owner: string;
  /** Null: it stays. */
  readonly dueAt: number | null;
  readonly now: number;
}

const FINISH = statement(({ db, t: { outbox } }, p: Finish) =>
  db
    .update(outbox)
    .set({
      ...NO_LEASE,
      state: p.state,
      tries: sql`${outbox.tries} + 1`,
      dueAt: sql`coalesce(${p.dueAt}, ${outbox.dueAt})`,
      lastStatus: p.lastStatus,
      lastError: p.lastError,
      updatedAt: p.now,
    })
    .where(and(eq(outbox.id, p.id), eq(outbox.leasedBy, p.owner), sql`${outbox.leasedUntil} = ${p.leasedUntil}`)),
);

/**
 * Writes how one try went, gives the row back, and puts it on the payment's timeline. False when the lease was lost
 * meanwhile: the row is somebody else's by then, and his result is the one that counts.
 */
export async function finishDelivery(
  tx: Tx,
  item: DueNotification,
  result: DeliveryResult,
  now: number,
  owner: string,
): Promise<boolean> {
  const isDelivered = result.outcome === 'delivered';
  const written = await tx.run(FINISH, {
    id: item.id,
    owner,
    // One process may have claimed it twice, after a pause that was longer than the lease.
    leasedUntil: item.leasedUntil,
    state: result.outcome === 'retry' ? 'pending' : result.outcome,
    dueAt: result.outcome === 'retry' ? result.dueAt : null,
    lastStatus: result.status,
    lastError: isDelivered ? null : result.reason,
    now,
  });
  if (written === 0) return false;
  if (result.outcome === 'dead') await raiseDead(tx, item, { status: result.status, reason: result.reason }, now);
  const told = { event: item.event, try: item.tries + 1, status: result.status };
  await recordEvent(tx, {
    paymentId: item.paymentId,
    attemptId: null,
    type: isDelivered ? 'notification.delivered' : 'notification.failed',
    data: isDelivered ? told : { ...told, reason: result.reason, final: result.outcome === 'dead' },
    at: now,
  });
  if (result.outcome === 'dead') await tellOfDead(tx, item, result.reason, now);
  return true;
}

/** A shop that is gone lets everything die that it is told: a person hears of it once a day. */
async function tellOfDead(tx: Tx, item: DueNotification, reason: string, now: number): Promise<void> {
  const { projectId, target, event } = item;
  const payment = await findRow(tx, 'payments', { id: item.paymentId });
  const origin = target.slice(target.indexOf(' ') + 1);
  const about = `${target} ${taipeiDay(now)}`;
  const data = { livemode: payment?.livemode ?? true, order_no: payment?.merchantOrderNo ?? '', origin, event, reason };
  await raiseAlert(
    tx,
    { kind: 'notification_dead', about, projectId, paymentNo: payment?.paymentNo ?? null, data },
    now,
  );
}
