import type { Deps } from '../deps.ts';
import { webhookIds } from '../payments/facts.ts';
import type { Job } from './job.ts';

const MAX_AT_ONCE = 100;

/** Ends payments at the All-in-One checkout whose payer did not choose in time. */
export function createClosingJob(deps: Deps): Job {
  return {
    name: 'closing',
    nextDue: () => deps.store.findNextClosing(),
    async run() {
      const closed = await deps.store.closePayments(deps.clock.now(), MAX_AT_ONCE, webhookIds(deps));
      if (closed > 0) deps.wake();
    },
  };
}
