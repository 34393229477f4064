import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Alert, AlertChannel } from '../../../core/alert.ts';
import type { Kit, Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import { lockRow, patchRows } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { NO_LEASE } from '../deliveries/leases.ts';

/** Taking what waits on a channel, and writing how it went. A channel has one batch under way, whoever sends it. */

export interface AlertClaim {
  readonly channel: AlertChannel;
  readonly now: number;
  readonly limit: number;
  /** The process that will send them. */
  readonly owner: string;
  /** For how long nobody else may; longer than any try takes. */
  readonly leaseMs: number;
}

export interface ClaimedAlert extends Alert {
  readonly leasedUntil: number;
}

const taken = ({ t: { alerts } }: Kit) => ({
  id: alerts.id,
  kind: alerts.kind,
  projectId: alerts.projectId,
  paymentNo: alerts.paymentNo,
  data: alerts.data,
  tries: alerts.tries,
  createdAt: alerts.createdAt,
  leasedUntil: alerts.leasedUntil,
});

const END_LEASES = statement(({ db, t: { alerts } }, p: Pick<AlertClaim, 'channel' | 'now'>) =>
  db
    .update(alerts)
    .set(NO_LEASE)
    .where(
      and(eq(alerts.channel, p.channel), sql`${alerts.leasedBy} IS NOT NULL AND ${alerts.leasedUntil} <= ${p.now}`),
    ),
);

const CLAIM = statement((kit, p: Omit<AlertClaim, 'leaseMs'> & { until: number }) => {
  const { alerts } = kit.t;
  const due = kit.db.$with('due').as(
    kit.db
      .select({ id: sql<number>`${alerts.id}`.as('id') })
      .from(kit.by(alerts, 'alerts_due'))
      .where(
        and(
          eq(alerts.channel, p.channel),
          sql`${alerts.state} = 'pending' AND ${alerts.leasedBy} IS NULL`,
          lte(alerts.dueAt, p.now),
        ),
      )
      .orderBy(asc(alerts.dueAt), asc(alerts.id))
      .limit(p.limit),
  );
  return kit.db
    .with(due)
    .update(alerts)
    .set({ leasedBy: p.owner, leasedUntil: p.until })
    .where(inArray(alerts.id, kit.db.select({ id: due.id }).from(due)))
    .returning(taken(kit));
});

/** The oldest first. Nothing while the channel is off, rests, or has a batch under way. */
export async function claimAlerts(tx: Tx, claim: AlertClaim): Promise<readonly ClaimedAlert[]> {
  const { channel, now, limit, owner, leaseMs } = claim;
  const row = await lockRow(tx, 'alertChannels', { name: channel });
  if (!row?.isOn || row.notBefore > now) return [];
  await tx.run(END_LEASES, { channel, now });
  const until = now + leaseMs;
  const items = await tx.all(CLAIM, { channel, now, limit, owner, until });
  if (items.length > 0) await patchRows(tx, 'alertChannels', { name: channel }, { notBefore: until });
  return items
    .map((item): ClaimedAlert => ({ ...item, leasedUntil: item.leasedUntil ?? until }))
    .sort((a, b) => a.id - b.id);
}

/** How one try went: `dueAt` says when it is tried again, null that it is dead. */
export type AlertResult =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'failed'; readonly reason: string; readonly dueAt: number | null };

export interface AlertEnd {
  readonly channel: AlertChannel;
  readonly owner: string;
  readonly now: number;
  /** After something was delivered the channel rests for so long. */
  readonly gapMs: number;
  readonly results: readonly { readonly item: ClaimedAlert; readonly result: AlertResult }[];
}

interface Finish extends Pick<Row<'alerts'>, 'id' | 'state' | 'lastError' | 'leasedUntil'> {
  readonly owner: string;
  /** Null: it stays. */
  readonly dueAt: number | null;
  readonly now: number;
}

const FINISH = statement(({ db, t: { alerts } }, p: Finish) =>
  db
    .update(alerts)
    .set({
      ...NO_LEASE,
      state: p.state,
      tries: sql`${alerts.tries} + 1`,
      dueAt: sql`coalesce(${p.dueAt}, ${alerts.dueAt})`,
      lastError: p.lastError,
      updatedAt: p.now,
    })
    .where(and(eq(alerts.id, p.id), eq(alerts.leasedBy, p.owner), sql`${alerts.leasedUntil} = ${p.leasedUntil}`)),
);

/** Writes how a batch went. What is somebody else's by now is left to him. */
export async function finishAlerts(tx: Tx, { channel, owner, now, gapMs, results }: AlertEnd): Promise<void> {
  const row = await lockRow(tx, 'alertChannels', { name: channel });
  let sent = false;
  let error: string | null = null;
  for (const { item, result } of results) {
    const isDelivered = result.outcome === 'delivered';
    const dueAt = isDelivered ? null : result.dueAt;
    const lastError = isDelivered ? null : result.reason;
    const state = isDelivered ? 'delivered' : dueAt === null ? 'dead' : 'pending';
    const { id, leasedUntil } = item;
    if ((await tx.run(FINISH, { id, leasedUntil, owner, state, dueAt, lastError, now })) === 0) continue;
    if (isDelivered) sent = true;
    else error = lastError;
  }
  if (!row) return;
  await patchRows(
    tx,
    'alertChannels',
    { name: channel },
    {
      notBefore: sent ? now + gapMs : now,
      ...(sent ? { lastSentAt: now } : {}),
      ...(error === null
        ? sent
          ? { lastError: null, lastErrorAt: null }
          : {}
        : { lastError: error, lastErrorAt: now }),
    },
  );
}
