import type { Deps } from '../deps.ts';
import { createActions } from './actions.ts';
import { createReceiver } from './callback/receiver.ts';
import { createInSite } from './checkout/insite.ts';
import { createChooser } from './checkout/method-selection.ts';
import { createComeback } from './checkout/return.ts';
import { createGo } from './checkout/start.ts';
import { createCreator } from './create/payment.ts';
import { createProbe } from './projects/credential-test.ts';
import { createRefunder } from './refund/refund.ts';
import { createRefundLook } from './refund/sync.ts';
import { createOverview } from './reports/overview.ts';
import { createSyncAttempt } from './sync/attempt.ts';

/** The use cases that remember something between calls, made once and shared by routes and background work. */
export function createServices(deps: Deps) {
  const look = createSyncAttempt(deps);
  const lookAtRefunds = createRefundLook(deps);
  return {
    look,
    lookAtRefunds,
    refundPayment: createRefunder(deps, lookAtRefunds),
    createPayment: createCreator(deps, look),
    receiveCallback: createReceiver(deps, look),
    inSite: createInSite(deps, look),
    go: createGo(deps, look),
    comeBack: createComeback(deps, look),
    choose: createChooser(deps),
    runAction: createActions(deps),
    overview: createOverview(deps),
    probe: createProbe(deps),
  };
}

export type Services = ReturnType<typeof createServices>;
