import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { lookAtRefunds } from '../payments/refund.ts';
import type { Job } from './job.ts';

const MAX_AT_ONCE = 8;
/** A look that dies with the process is made again after this. */
const LEASE_MS = 2 * MINUTE;

/** Refunds whose outcome is in doubt, and those the gateway made without us. */
export function createRefundJob(deps: Deps): Job {
  return {
    name: 'refunds',
    nextDue: () => deps.store.findNextRefundLook(),
    async run() {
      const due = await deps.store.claimRefundLooks(deps.clock.now(), MAX_AT_ONCE, LEASE_MS);
      await Promise.all(due.map((paymentId) => lookAtRefunds(deps, paymentId)));
    },
  };
}
