import type { Deps } from '../deps.ts';
import { createActions } from './actions.ts';
import { createChooser } from './choose.ts';
import { createComeback } from './comeback.ts';
import { createCreator } from './create.ts';
import { createGo } from './go.ts';
import { createInSite } from './insite.ts';
import { createOverview } from './overview.ts';
import { createProbe } from './probe.ts';
import { createReceiver } from './receive.ts';
import { createRefunder } from './refund.ts';
import { createRefundLook } from './refund-look.ts';
import { createSyncAttempt } from './sync-attempt.ts';

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
