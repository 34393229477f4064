import type { Attempt } from '../core/attempt.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { SyncAttempt } from '../payments/sync/attempt.ts';
import type { SyncRoom } from '../store/commands/sync-schedule.ts';
import type { Job } from './job.ts';

/**
 * Looks under way at a time; questions to one merchant's account are spaced besides. Some places are kept for unknown
 * outcomes, and no gateway gets more than a share: one that hangs holds each of its places for half a minute, and must
 * hold up neither those outcomes nor the other gateways.
 */
const MAX_UNDER_WAY = 32;
const KEPT_FOR_UNKNOWN = 8;
const MAX_AT_GATEWAY = 12;
/** A look that dies with the process is made again after this. */
const LEASE_MS = 2 * MINUTE;

export interface SyncJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** Status sync, settling of unknown outcomes and expiry: every attempt with a due look. */
export function createSyncJob(deps: Deps, syncAttempt: SyncAttempt): SyncJob {
  const tasks = new Map<Promise<void>, string>();

  const measureRoom = (): SyncRoom => {
    const underWay = new Map<string, number>();
    for (const gateway of tasks.values()) underWay.set(gateway, (underWay.get(gateway) ?? 0) + 1);
    const total = MAX_UNDER_WAY - tasks.size;
    return { total, others: total - KEPT_FOR_UNKNOWN, perGateway: MAX_AT_GATEWAY, underWay };
  };

  const start = ({ id, gateway }: Attempt): void => {
    const task = check(id)
      .catch((error) => deps.log.error('attempt could not be checked', { attempt: id, error }))
      .finally(() => {
        tasks.delete(task);
        deps.wake();
      });
    tasks.set(task, gateway);
  };

  const check = async (attemptId: number): Promise<void> => {
    const attempt = await deps.store.findAttempt(attemptId);
    const payment = attempt && (await deps.store.findPaymentById(attempt.paymentId));
    if (attempt && payment) await syncAttempt(payment, attempt, 'schedule');
  };

  return {
    name: 'checks',
    nextDue: () => deps.store.findNextSync(measureRoom()),
    async run() {
      for (const attempt of await deps.store.claimSyncs(deps.clock.now(), measureRoom(), LEASE_MS)) start(attempt);
    },
    async settled() {
      while (tasks.size > 0) await Promise.all(tasks.keys());
    },
  };
}
