import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import type { AlertChannel } from '../../core/alert.ts';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRows } from '../table.ts';
import type { Reader } from '../tx.ts';

export type AlertChannelRow = Row<'alertChannels'>;

/** Every channel that was ever set up. */
export async function listAlertChannels(on: Reader): Promise<readonly AlertChannelRow[]> {
  return findRows(on, 'alertChannels', {});
}

const NEXT = statement(({ db, by, t: { alerts } }, p: { channel: AlertChannel }) =>
  db
    .select({ at: alerts.dueAt })
    .from(by(alerts, 'alerts_due'))
    .where(and(eq(alerts.channel, p.channel), sql`${alerts.state} = 'pending' AND ${alerts.leasedBy} IS NULL`))
    .orderBy(asc(alerts.dueAt))
    .limit(1),
);

const NEXT_END = statement(({ db, by, t: { alerts } }, p: { channel: AlertChannel }) =>
  db
    .select({ at: alerts.leasedUntil })
    .from(by(alerts, 'alerts_leased'))
    .where(and(eq(alerts.channel, p.channel), sql`${alerts.leasedBy} IS NOT NULL`))
    .orderBy(asc(alerts.leasedUntil))
    .limit(1),
);

/** When something is to be sent on a channel that is on, or a lease ends; null when nothing waits. */
export async function findNextAlert(on: Reader, channel: AlertChannelRow): Promise<number | null> {
  if (!channel.isOn) return null;
  const [next, end] = await Promise.all([
    on.get(NEXT, { channel: channel.name }),
    on.get(NEXT_END, { channel: channel.name }),
  ]);
  const times = [next?.at, end?.at].filter((at) => typeof at === 'number');
  return times.length === 0 ? null : Math.max(channel.notBefore, Math.min(...times));
}

export type ListedAlert = Pick<
  Row<'alerts'>,
  | 'id'
  | 'channel'
  | 'kind'
  | 'projectId'
  | 'paymentNo'
  | 'data'
  | 'state'
  | 'tries'
  | 'dueAt'
  | 'lastError'
  | 'createdAt'
>;

const LIST = statement(({ db, t: { alerts } }, p: { before: number; limit: number }) =>
  db
    .select({
      id: alerts.id,
      channel: alerts.channel,
      kind: alerts.kind,
      projectId: alerts.projectId,
      paymentNo: alerts.paymentNo,
      data: alerts.data,
      state: alerts.state,
      tries: alerts.tries,
      dueAt: alerts.dueAt,
      lastError: alerts.lastError,
      createdAt: alerts.createdAt,
    })
    .from(alerts)
    .where(lt(alerts.id, p.before))
    .orderBy(desc(alerts.id))
    .limit(p.limit),
);

/** Newest first; `before`: of an id, for the next page. */
export function listAlerts(
  on: Reader,
  limit: number,
  before = Number.MAX_SAFE_INTEGER,
): Promise<readonly ListedAlert[]> {
  return on.all(LIST, { limit, before });
}
