import { isClockRight } from '../core/lifecycle/expiry.ts';
import { HOUR } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { webhookIds } from '../payments/facts.ts';
import type { Job } from './job.ts';

const MAX_AT_ONCE = 100;

/** A clock that is further off ends nothing: as much as a payment by redirect or card is waited for after its time. */
const GRACE_MS = HOUR;

/** Ends payments at the All-in-One checkout whose payer did not choose in time. */
export function createClosingJob(deps: Deps): Job {
  return {
    name: 'closing',
    nextDue: async () => (isClockRight(deps.clockSkew(), GRACE_MS) ? deps.store.findNextClosing() : null),
    async run() {
      const closed = await deps.store.closePayments(deps.clock.now(), MAX_AT_ONCE, webhookIds(deps));
      if (closed > 0) deps.wake();
    },
  };
}
