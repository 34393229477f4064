import type { Attempt } from '../core/attempt.ts';
import type { Deps } from '../deps.ts';
import type { SyncAttempt } from '../payments/sync/attempt.ts';
import { createCrew } from './crew.ts';
import { createLookJob, type LookJob, nameAccount } from './looks.ts';
import { sharePlaces } from './places.ts';

/**
 * Looks under way at a time, and the most of one account; questions to one merchant's account are spaced besides. Unknown
 * outcomes have places of their own. All that hang at one gateway, with those about refunds, leave it places for payers.
 */
const PLACES_FOR_UNKNOWN = sharePlaces(12, 4);
const PLACES_FOR_OTHERS = sharePlaces(20, 6);

/** Status sync, settling of unknown outcomes and expiry: every attempt with a due look. */
export function createSyncJob(deps: Deps, syncAttempt: SyncAttempt): LookJob {
  const { store } = deps;
  const forUnknown = createCrew<Attempt>(deps, PLACES_FOR_UNKNOWN);
  const forOthers = createCrew<Attempt>(deps, PLACES_FOR_OTHERS);
  return createLookJob<Attempt>(deps, {
    name: 'checks',
    findNext: store.findNextSync,
    claim: store.claimSyncs,
    crews: [forUnknown, forOthers],
    crewOf: ({ status }) => (status === 'unknown' ? forUnknown : forOthers),
    accountOf: nameAccount,
    async look({ id }) {
      // It may have waited for its place.
      const attempt = await store.findAttempt(id);
      const payment = attempt && (await store.findPaymentById(attempt.paymentId));
      if (!payment) return null;
      const { asked, result } = await syncAttempt(payment, attempt, 'schedule');
      return asked ? result !== 'failed' : null;
    },
  });
}
