import { and, count, eq, sql } from 'drizzle-orm';
import type { AlertChannel, NewAlert } from '../../../core/alert.ts';
import { statement } from '../../statement.ts';
import { addRow, findRows } from '../../table.ts';
import type { Tx } from '../../tx.ts';

/** More wait for nobody: whoever makes trouble without end must not fill the disk with it. */
export const MAX_WAITING = 1000;
const MAX_ABOUT = 300;

const WAITING = statement(({ db, t: { alerts } }, p: { channel: AlertChannel; most: number }) => {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(alerts)
    .where(and(eq(alerts.channel, p.channel), sql`${alerts.state} = 'pending' AND ${alerts.leasedBy} IS NULL`))
    .limit(p.most)
    .as('some');
  return db.select({ found: count() }).from(some);
});

/**
 * Has a person told, in the transaction of what it tells of: once of each kind and subject, on every channel that is on.
 * True when something waits to be sent. While no channel is on nothing is written.
 */
export async function raiseAlert(tx: Tx, alert: NewAlert, now: number): Promise<boolean> {
  let written = false;
  for (const { name } of await findRows(tx, 'alertChannels', { isOn: true })) {
    if (name === 'summary') continue;
    if (await addAlert(tx, name, alert, now)) written = true;
  }
  return written;
}

export async function raiseAlerts(tx: Tx, alerts: readonly NewAlert[], now: number): Promise<void> {
  for (const alert of alerts) await raiseAlert(tx, alert, now);
}

export async function addAlert(tx: Tx, channel: AlertChannel, alert: NewAlert, now: number): Promise<boolean> {
  const waiting = await tx.get(WAITING, { channel, most: MAX_WAITING });
  if ((waiting?.found ?? 0) >= MAX_WAITING) return false;
  return addRow(tx, 'alerts', {
    channel,
    kind: alert.kind,
    about: alert.about.slice(0, MAX_ABOUT),
    projectId: alert.projectId ?? null,
    paymentNo: alert.paymentNo ?? null,
    data: alert.data ?? {},
    state: 'pending',
    dueAt: now,
    createdAt: now,
    updatedAt: now,
  });
}
