import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { SyncRefunds } from '../payments/refund/sync.ts';
import type { Job } from './job.ts';

/** Looks under way at a time; a gateway that hangs holds up no more than these. */
const MAX_UNDER_WAY = 8;
/** A look that dies with the process is made again after this. */
const LEASE_MS = 2 * MINUTE;

export interface RefundJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** Refunds whose outcome is in doubt, and those the gateway made without us. */
export function createRefundJob(deps: Deps, syncRefunds: SyncRefunds): RefundJob {
  const tasks = new Set<Promise<void>>();

  const start = (paymentId: number): void => {
    const task = syncRefunds(paymentId, 'schedule')
      .catch((error) => deps.log.error('refunds could not be looked at', { payment: paymentId, error }))
      .finally(() => {
        tasks.delete(task);
        deps.wake();
      });
    tasks.add(task);
  };

  return {
    name: 'refunds',
    nextDue: async () => (tasks.size >= MAX_UNDER_WAY ? null : deps.store.findNextRefundSync()),
    async run() {
      const free = MAX_UNDER_WAY - tasks.size;
      for (const paymentId of await deps.store.claimRefundSyncs(deps.clock.now(), free, LEASE_MS)) start(paymentId);
    },
    async settled() {
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}
