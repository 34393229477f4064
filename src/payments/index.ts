import type { Deps } from '../deps.ts';
import { createActions } from './actions.ts';
import { createAttention } from './attention/attention.ts';
import { createBackups, type MakeBackup } from './backups/index.ts';
import { createReceiver } from './callback/receiver.ts';
import { createCalls } from './calls.ts';
import { createInSite } from './checkout/insite.ts';
import { createMethodSelection } from './checkout/method-selection.ts';
import { createReturn } from './checkout/return.ts';
import { createPaymentStart } from './checkout/start.ts';
import { createCreator } from './create/payment.ts';
import { createCredentialTest } from './projects/credential-test.ts';
import { createRefunder } from './refund/refund.ts';
import { createRefundSync } from './refund/sync.ts';
import { createExportPlaces } from './reports/export/places.ts';
import { createOverview } from './reports/overview.ts';
import { createReport } from './reports/report.ts';
import { createSyncAttempt } from './sync/attempt.ts';
import { createPacer } from './sync/pacer.ts';

/** The use cases that remember something between calls, made once and shared by routes and background work. */
export function createServices(deps: Deps, makeBackup?: MakeBackup) {
  // One for all: whatever asks, it is the same account that is asked.
  const pacer = createPacer(deps);
  const calls = createCalls(deps);
  const syncAttempt = createSyncAttempt(deps, pacer, calls);
  const syncRefunds = createRefundSync(deps, pacer);
  return {
    syncAttempt,
    syncRefunds,
    calls,
    refundPayment: createRefunder(deps, syncRefunds, pacer, calls),
    createPayment: createCreator(deps, syncAttempt, calls),
    receiveCallback: createReceiver(deps, syncAttempt),
    inSite: createInSite(deps, syncAttempt, calls),
    startPayment: createPaymentStart(deps, syncAttempt, calls),
    handleReturn: createReturn(deps, syncAttempt),
    selectMethod: createMethodSelection(deps, calls),
    runAction: createActions(deps),
    overview: createOverview(deps),
    report: createReport(deps),
    attention: createAttention(deps),
    exportPlaces: createExportPlaces(),
    testCredentials: createCredentialTest(deps),
    backups: createBackups(deps, makeBackup),
  };
}

export type Services = ReturnType<typeof createServices>;
