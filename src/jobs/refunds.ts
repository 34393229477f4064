import type { Deps } from '../deps.ts';
import type { SyncRefunds } from '../payments/refund/sync.ts';
import type { DueRefundSync } from '../store/commands/refunds/plan.ts';
import { createCrew } from './crew.ts';
import { createLookJob, type LookJob, nameAccount } from './looks.ts';
import { sharePlaces } from './places.ts';

/** Looks under way at a time, and the most of one account. */
const PLACES = sharePlaces(8, 4);

/** Refunds whose outcome is in doubt, and those the gateway made without us. */
export function createRefundJob(deps: Deps, syncRefunds: SyncRefunds): LookJob {
  const { store } = deps;
  const crew = createCrew<DueRefundSync>(deps, PLACES);
  return createLookJob<DueRefundSync>(deps, {
    name: 'refunds',
    findNext: store.findNextRefundSync,
    claim: store.claimRefundSyncs,
    crews: [crew],
    crewOf: () => crew,
    accountOf: nameAccount,
    look: ({ paymentId }) => syncRefunds(paymentId, 'schedule'),
  });
}
