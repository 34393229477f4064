import { readChannels, toChannels } from '../alerts/channels.ts';
import type { SendResult } from '../alerts/mail.ts';
import { decideNext, mailAlerts, mailSummary, postAlert, type SendParts } from '../alerts/send.ts';
import { nextSummary, planSummary } from '../alerts/summary.ts';
import { ALERT_CHANNELS, type AlertChannel, MAIL_GAP } from '../core/alert.ts';
import { MINUTE, taipeiDay } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { ClaimedAlert } from '../store/commands/alerts/claim.ts';
import type { AlertChannelRow } from '../store/queries/alerts.ts';
import type { Job } from './job.ts';

/** Longer than any batch takes; one that dies with its process is sent again after this. */
const LEASE_MS = 2 * MINUTE;

interface Sending {
  /** Taken at a time. */
  readonly batch: number;
  /** Between what was sent and what comes next. */
  readonly gapMs: number;
  send(items: readonly ClaimedAlert[]): Promise<readonly SendResult[]>;
}

export interface AlertJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/**
 * Tells people what waits to be told. Each channel has one batch under way and nothing waits for it: a mail server that
 * hangs delays mails alone.
 */
export function createAlertJob(deps: Deps, parts: SendParts): AlertJob {
  const { store, clock, config } = deps;
  const sendings = createSendings(deps, parts);
  const underWay = new Map<AlertChannel, Promise<void>>();
  const skew = createSkewWatch(deps);

  const dueOf = async (channel: AlertChannelRow): Promise<number | null> =>
    underWay.has(channel.name) ? null : store.findNextAlert(channel);

  const claim = async (channel: AlertChannel): Promise<void> => {
    const { batch } = sendings[channel];
    const items = await store.claimAlerts({
      ...{ channel, now: clock.now(), limit: batch, owner: deps.processId, leaseMs: LEASE_MS },
    });
    if (items.length === 0) return;
    const task = sendBatch(deps, channel, sendings[channel], items).finally(() => {
      underWay.delete(channel);
      deps.wake();
    });
    underWay.set(channel, task);
  };

  return {
    name: 'alerts',
    async nextDue() {
      const rows = await store.listAlertChannels();
      if (!rows.some(({ isOn }) => isOn)) return null;
      const dues = [skew.nextDue(), nextSummary(toChannels(rows).summary, clock.now(), config.timezone)];
      const all = [...dues, ...(await Promise.all(rows.map(dueOf)))].filter((due) => due !== null);
      return all.length === 0 ? null : Math.min(...all);
    },
    async run() {
      await skew.tell();
      const { summary } = await readChannels(deps);
      const now = clock.now();
      const plan = planSummary(now, config.timezone, summary.config.at);
      if (summary.isOn && plan.dueAt <= now) await store.claimSummary({ ...plan, now });
      for (const channel of ALERT_CHANNELS) if (!underWay.has(channel)) await claim(channel);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}

function createSendings(deps: Deps, parts: SendParts): Readonly<Record<AlertChannel, Sending>> {
  return {
    email: {
      ...{ batch: 50, gapMs: MAIL_GAP },
      async send(items) {
        const result = await mailAlerts(deps, parts, items);
        return items.map(() => result);
      },
    },
    webhook: {
      ...{ batch: 8, gapMs: 0 },
      async send(items) {
        const { webhook } = await readChannels(deps);
        return Promise.all(items.map((item) => postAlert(deps, parts, webhook, item)));
      },
    },
    summary: {
      ...{ batch: 1, gapMs: 0 },
      send: (items) => Promise.all(items.map((item) => mailSummary(deps, parts, item))),
    },
  };
}

/** Sends, and writes down how it went. Never rejects. */
async function sendBatch(
  deps: Deps,
  channel: AlertChannel,
  { send, gapMs }: Sending,
  items: readonly ClaimedAlert[],
): Promise<void> {
  const sent = await send(items).catch((error): readonly SendResult[] => {
    deps.log.error('alerts could not be made', { channel, error });
    return [];
  });
  const now = deps.clock.now();
  const results = items.map((item, at) => {
    const result = sent[at] ?? { ok: false, reason: 'it could not be made; the log says why' };
    return { item, result: decideNext(item, result, now), refused: result.ok ? result.refused : [] };
  });
  for (const { result, refused } of results.slice(0, 1)) {
    if (result.outcome === 'failed') deps.log.warn('alert not sent', { channel, reason: result.reason });
    if (refused.length > 0) deps.log.warn('alert not taken for everybody', { channel, refused: refused.length });
  }
  await store(deps, { channel, owner: deps.processId, now, gapMs, results });
}

async function store(deps: Deps, end: Parameters<Deps['store']['finishAlerts']>[0]): Promise<void> {
  // Its lease ends by itself: it is sent again, which is better than never.
  const log = (error: unknown) =>
    deps.log.error('how alerts went could not be written down', { channel: end.channel, error });
  await deps.store.finishAlerts(end).catch(log);
}

/** A clock that is off is nobody's transaction: whoever sees it tells once a day. */
function createSkewWatch({ clockSkew, clock, store }: Pick<Deps, 'clockSkew' | 'clock' | 'store'>) {
  let toldOn = '';
  const isNew = (now: number) => clockSkew() !== null && toldOn !== taipeiDay(now);
  return {
    nextDue: (): number | null => (isNew(clock.now()) ? clock.now() : null),
    async tell(): Promise<void> {
      const now = clock.now();
      const ms = clockSkew();
      if (ms === null || !isNew(now)) return;
      const day = taipeiDay(now);
      await store.raiseAlert({ kind: 'clock_skew', about: day, data: { seconds: Math.round(ms / 1000) } }, now);
      toldOn = day;
    },
  };
}
