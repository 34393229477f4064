import { PayCoreError } from '../core/errors.ts';
import { nextDelivery } from '../core/notification-retry.ts';
import { SECOND } from '../core/time.ts';
import { VERSION } from '../core/version.ts';
import type { Deps } from '../deps.ts';
import { type DeliveryResult, deliver } from '../notify/deliver.ts';
import { signNotification } from '../notify/sign.ts';
import { type Lookup, lookupSystem } from '../notify/target.ts';
import { listSigningSecrets } from '../payments/projects/projects.ts';
import type { DueNotification } from '../store/commands/deliveries/claim.ts';
import type { DeliveryResult as StoredResult } from '../store/commands/deliveries/finish.ts';
import type { Job } from './job.ts';

/** Deliveries under way at a time, in all and to one shop: a shop that hangs holds up only itself. */
const MAX_UNDER_WAY = 160;
const MAX_PER_TARGET = 4;
const TIMEOUT_MS = 10 * SECOND;
const WRITE_AGAIN_MS = SECOND;
/** Longer than any try takes; one that dies with its process is made again after this. */
const LEASE_MS = 60 * SECOND;

export interface NotificationJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** Sends what waits in the outbox. Claiming is a write, so a row is never sent twice at a time. */
export function createNotificationJob(deps: Deps, lookup: Lookup = lookupSystem): NotificationJob {
  const tasks = new Map<Promise<void>, string>();
  const ledger = createLedger(deps);
  const windows = createWindows(deps);
  let lastTarget = '';

  const countUnderWay = (): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const target of tasks.values()) counts.set(target, (counts.get(target) ?? 0) + 1);
    return counts;
  };

  const send = async (item: DueNotification): Promise<void> => {
    const begun = deps.clock.elapsed();
    const result = await sendOne(deps, lookup, item).catch((error): DeliveryResult => {
      deps.log.error('notification could not be made', { webhook_id: item.webhookId, error });
      return { outcome: 'retry', status: null, reason: 'it could not be made; the log says why', retryAfterMs: null };
    });
    windows.learn(item.target, result.outcome === 'delivered', begun);
    await ledger.writeDown(item, decideNext(deps, item, result, deps.clock.now()));
  };

  const start = (item: DueNotification): void => {
    const task = send(item)
      .catch((error) => deps.log.error('notification could not be written down', { webhook_id: item.webhookId, error }))
      .finally(() => {
        tasks.delete(task);
        deps.wake();
      });
    tasks.set(task, item.target);
  };

  return {
    name: 'notifications',
    nextDue: async () =>
      ledger.nextWrite() ??
      (tasks.size >= MAX_UNDER_WAY
        ? null
        : deps.store.findNextNotification(countUnderWay(), MAX_PER_TARGET, windows.wider)),
    async run() {
      await ledger.writeAgain();
      const items = await deps.store.claimDueNotifications({
        now: deps.clock.now(),
        limit: MAX_UNDER_WAY - tasks.size,
        underWay: countUnderWay(),
        perTarget: MAX_PER_TARGET,
        windows: windows.wider,
        after: lastTarget,
        owner: deps.processId,
        leaseMs: LEASE_MS,
      });
      lastTarget = items.at(-1)?.target ?? lastTarget;
      for (const item of items) start(item);
    },
    async settled() {
      while (tasks.size > 0) await Promise.all(tasks.keys());
    },
  };
}

/** A shop that takes notifications at once gets more of them at a time; one that fails or is slow begins anew. */
const WIDEST = 32;
const QUICK_MS = SECOND;
const MAX_REMEMBERED = 1000;

function createWindows({ clock }: Pick<Deps, 'clock'>) {
  const wider = new Map<string, number>();
  return {
    wider: wider as ReadonlyMap<string, number>,
    learn(target: string, isDelivered: boolean, begun: number): void {
      if (!isDelivered || clock.elapsed() - begun > QUICK_MS) {
        wider.delete(target);
        return;
      }
      if (wider.size >= MAX_REMEMBERED && !wider.has(target)) wider.clear();
      wider.set(target, Math.min(WIDEST, (wider.get(target) ?? MAX_PER_TARGET) + 1));
    },
  };
}

/** Writes down how tries went. What the database would not take is kept and written later; its row stays taken until then. */
function createLedger(deps: Deps) {
  const unwritten: { readonly item: DueNotification; readonly result: StoredResult; readonly at: number }[] = [];
  let writeAgainAt = 0;

  return {
    async writeDown(item: DueNotification, result: StoredResult): Promise<void> {
      const at = deps.clock.now();
      if (result.outcome !== 'delivered') {
        const final = result.outcome === 'dead';
        deps.log.warn('notification not delivered', { webhook_id: item.webhookId, final, reason: result.reason });
      }
      try {
        await deps.store.finishDelivery(item, result, at, deps.processId);
      } catch (error) {
        unwritten.push({ item, result, at });
        writeAgainAt = deps.clock.elapsed() + WRITE_AGAIN_MS;
        throw error;
      }
    },
    nextWrite: (): number | null =>
      unwritten.length > 0 ? deps.clock.now() + writeAgainAt - deps.clock.elapsed() : null,
    async writeAgain(): Promise<void> {
      writeAgainAt = deps.clock.elapsed() + WRITE_AGAIN_MS;
      for (let next = unwritten[0]; next; next = unwritten[0]) {
        await deps.store.finishDelivery(next.item, next.result, next.at, deps.processId).catch((error) => {
          if (error instanceof PayCoreError && error.code === 'STORAGE_UNAVAILABLE') throw error;
          // Something about this one: it must not hold up all others, and comes again when its lease is over.
          deps.log.error('notification could not be written down', { webhook_id: next.item.webhookId, error });
        });
        unwritten.shift();
      }
    },
  };
}

async function sendOne(deps: Deps, lookup: Lookup, item: DueNotification): Promise<DeliveryResult> {
  const project = await deps.store.findProject(item.projectId);
  if (!project) return { outcome: 'dead', reason: 'the project of this notification is gone' };
  const now = deps.clock.now();
  const secrets = listSigningSecrets(deps, project, now);
  const headers = signNotification(secrets, item.webhookId, Math.floor(now / 1000), item.body);
  return deliver(
    { url: item.url, body: item.body, headers: { ...headers } },
    { policy: deps.config.notifyAllow, lookup, timeoutMs: TIMEOUT_MS, now: () => deps.clock.now(), version: VERSION },
  );
}

/** Delivered, dead, or when to try again. */
function decideNext(deps: Deps, item: DueNotification, result: DeliveryResult, now: number): StoredResult {
  if (result.outcome === 'delivered') return result;
  if (result.outcome === 'dead') return { ...result, status: null };
  const { status, reason } = result;
  const dueAt = nextDelivery(item.tries + 1, now, () => randomUnit(deps), result.retryAfterMs);
  return dueAt === null ? { outcome: 'dead', status, reason } : { outcome: 'retry', status, reason, dueAt };
}

function randomUnit(deps: Pick<Deps, 'random'>): number {
  const [high = 0, low = 0] = deps.random(2);
  return (high * 256 + low) / 65_536;
}
