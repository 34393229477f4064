import type { AlertChannel, NewAlert } from '../../core/alert.ts';
import type { Bound } from '../bind.ts';
import * as channels from '../commands/alerts/channels.ts';
import * as sending from '../commands/alerts/claim.ts';
import { raiseAlert } from '../commands/alerts/raise.ts';
import * as find from '../queries/alerts.ts';

/** What a person is told of outside the admin pages, and how. */
export interface AlertStore {
  /** For what no other command tells of; true when something waits to be sent, false when it was told already. */
  raiseAlert(alert: NewAlert, now: number): Promise<boolean>;
  /** Takes what waits on a channel; nothing while a batch of it is under way or it rests. */
  claimAlerts(claim: sending.AlertClaim): Promise<readonly sending.ClaimedAlert[]>;
  finishAlerts(end: sending.AlertEnd): Promise<void>;
  /** When something is to be sent on this channel; null: nothing waits. */
  findNextAlert(channel: find.AlertChannelRow): Promise<number | null>;
  /** Newest first, those before an id. */
  listAlerts(limit: number, before?: number): Promise<readonly find.ListedAlert[]>;
  listAlertChannels(): Promise<readonly find.AlertChannelRow[]>;
  saveAlertChannel(name: AlertChannel, change: channels.ChannelChange, now: number): Promise<void>;
  /** True: the summary of this day is sent by whoever asked first. */
  claimSummary(claim: channels.SummaryClaim): Promise<boolean>;
  /** Drops what is over and older; how many rows that were. */
  pruneAlerts(before: number): Promise<number>;
}

export function alertStore({ query, command }: Bound): AlertStore {
  return {
    raiseAlert: command(raiseAlert),
    claimAlerts: command(sending.claimAlerts),
    finishAlerts: command(sending.finishAlerts),
    findNextAlert: query(find.findNextAlert),
    listAlerts: query((on, limit: number, before?: number) => find.listAlerts(on, limit, before)),
    listAlertChannels: query(find.listAlertChannels),
    saveAlertChannel: command(channels.saveAlertChannel),
    claimSummary: command(channels.claimSummary),
    pruneAlerts: command(channels.pruneAlerts),
  };
}
