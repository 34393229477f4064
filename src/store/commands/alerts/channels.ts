import { and, eq, lt, ne } from 'drizzle-orm';
import type { AlertChannel } from '../../../core/alert.ts';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import { addRow, lockRow, patchRows } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { addAlert } from './raise.ts';

/** How alerts go out, and the daily summary. */

export interface ChannelChange extends Pick<Row<'alertChannels'>, 'isOn' | 'config'> {
  /** Left out: it stays. */
  readonly secret?: Uint8Array | null;
  readonly lastDay?: string;
}

const SWITCHED_OFF = 'it was switched off before this was sent';

const HURRY = statement(({ db, t: { alerts } }, p: { channel: AlertChannel; now: number }) =>
  db
    .update(alerts)
    .set({ dueAt: p.now, updatedAt: p.now })
    .where(and(eq(alerts.channel, p.channel), eq(alerts.state, 'pending'))),
);

const GIVE_UP = statement(({ db, t: { alerts } }, p: { channel: AlertChannel; now: number }) =>
  db
    .update(alerts)
    .set({ state: 'dead', lastError: SWITCHED_OFF, leasedBy: null, leasedUntil: null, updatedAt: p.now })
    .where(and(eq(alerts.channel, p.channel), eq(alerts.state, 'pending'))),
);

/** What waits is tried at once with what is new; what waits on a channel that is switched off is given up. */
export async function saveAlertChannel(tx: Tx, name: AlertChannel, change: ChannelChange, now: number): Promise<void> {
  const { isOn, config, secret, lastDay } = change;
  const row = {
    ...{ isOn, config },
    ...(lastDay === undefined ? {} : { lastDay }),
    ...(secret === undefined ? {} : { secret }),
  };
  const rest = { notBefore: now, lastError: null, lastErrorAt: null, updatedAt: now };
  const isNew = await addRow(tx, 'alertChannels', { name, secret: null, ...row, ...rest });
  if (!isNew) await patchRows(tx, 'alertChannels', { name }, { ...row, ...rest });
  await tx.run(isOn ? HURRY : GIVE_UP, { channel: name, now });
}

export interface SummaryClaim {
  /** Its day, yyyy-mm-dd, later than every one before. */
  readonly day: string;
  /** Of what is summed up, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/** Has the summary of a day sent, once, whoever asks for it. False: it was asked for already, or nobody wants it. */
export async function claimSummary(tx: Tx, { day, from, to, now }: SummaryClaim): Promise<boolean> {
  const row = await lockRow(tx, 'alertChannels', { name: 'summary' });
  if (!row?.isOn || (row.lastDay !== null && row.lastDay >= day)) return false;
  await patchRows(tx, 'alertChannels', { name: 'summary' }, { lastDay: day });
  return addAlert(tx, 'summary', { kind: 'daily_summary', about: day, data: { day, from, to } }, now);
}

const PRUNE = statement(({ db, t: { alerts } }, p: { before: number }) =>
  db.delete(alerts).where(and(lt(alerts.createdAt, p.before), ne(alerts.state, 'pending'))),
);

/** Drops what was sent or given up and is older; how many that were. */
export function pruneAlerts(tx: Tx, before: number): Promise<number> {
  return tx.run(PRUNE, { before });
}
