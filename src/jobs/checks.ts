import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Settler } from '../payments/settle.ts';
import type { Job } from './job.ts';

/**
 * Looks under way at a time; questions to one merchant's account are spaced besides. Some places are kept for unknown
 * outcomes: a gateway that hangs must not hold up those.
 */
const MAX_UNDER_WAY = 32;
const KEPT_FOR_UNKNOWN = 8;
/** A look that dies with the process is made again after this. */
const LEASE_MS = 2 * MINUTE;

export interface CheckJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** Status sync, settling of unknown outcomes and expiry: every attempt with a due look. */
export function createCheckJob(deps: Deps, look: Settler): CheckJob {
  const tasks = new Set<Promise<void>>();

  const start = (attemptId: number): void => {
    const task = check(attemptId)
      .catch((error) => deps.log.error('attempt could not be checked', { attempt: attemptId, error }))
      .finally(() => {
        tasks.delete(task);
        deps.wake();
      });
    tasks.add(task);
  };

  const check = async (attemptId: number): Promise<void> => {
    const attempt = deps.store.findAttempt(attemptId);
    const payment = attempt && deps.store.findPaymentById(attempt.paymentId);
    if (attempt && payment) await look(payment, attempt, 'scheduled');
  };

  return {
    name: 'checks',
    nextDue: () => (tasks.size >= MAX_UNDER_WAY ? null : deps.store.findNextCheck()),
    async run() {
      const unknown = MAX_UNDER_WAY - tasks.size;
      const due = await deps.store.claimChecks(
        deps.clock.now(),
        { unknown, others: unknown - KEPT_FOR_UNKNOWN },
        LEASE_MS,
      );
      for (const attempt of due) start(attempt.id);
    },
    async settled() {
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}
