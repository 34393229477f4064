import { makeId, type Random } from '../core/ids.ts';
import { type Bound, bind } from './bind.ts';
import * as facts from './commands/apply-facts.ts';
import { beginCharge } from './commands/begin-charge.ts';
import * as callbacks from './commands/callbacks.ts';
import { cancelPayment } from './commands/cancel-payment.ts';
import * as closing from './commands/close-payments.ts';
import { completeOrder } from './commands/complete-order.ts';
import * as cooldowns from './commands/cooldowns.ts';
import * as credentials from './commands/credentials.ts';
import { claimDue, renewLeases } from './commands/deliveries/claim.ts';
import { finishDelivery } from './commands/deliveries/finish.ts';
import { voidLeases } from './commands/deliveries/leases.ts';
import { resendNotification } from './commands/deliveries/resend.ts';
import { recordEvent } from './commands/events.ts';
import * as idempotency from './commands/idempotency.ts';
import * as keys from './commands/keys.ts';
import * as links from './commands/links/keep.ts';
import { openLinkPayment } from './commands/links/use.ts';
import { flagForReview } from './commands/notifications.ts';
import * as opening from './commands/open-payment.ts';
import * as projects from './commands/projects.ts';
import { pruneUses } from './commands/prune-uses.ts';
import { loseRefund } from './commands/refunds/lose.ts';
import { openRefund } from './commands/refunds/open.ts';
import * as refundPlan from './commands/refunds/plan.ts';
import { reconcileRefunds } from './commands/refunds/reconcile.ts';
import { settleRefund } from './commands/refunds/settle.ts';
import { repairFigures } from './commands/repair-figures.ts';
import { replan, replanAfterStop } from './commands/replan.ts';
import { selectMethod } from './commands/select-method.ts';
import * as settings from './commands/settings.ts';
import * as schedule from './commands/sync-schedule.ts';
import * as unmatched from './commands/unmatched-callbacks.ts';
import type { Engine } from './engines/engine.ts';
import { alertStore } from './parts/alerts.ts';
import { callbackStore } from './parts/callbacks.ts';
import { claimStore } from './parts/claims.ts';
import { deliveryStore } from './parts/deliveries.ts';
import { deskListStore } from './parts/desk-lists.ts';
import { figuresStore } from './parts/figures.ts';
import { languageStore } from './parts/languages.ts';
import { loginStore } from './parts/logins.ts';
import { paymentPageStore } from './parts/payment-page.ts';
import { peopleStore } from './parts/people.ts';
import { practiceStore } from './parts/practice.ts';
import { projectDeskStore } from './parts/projects.ts';
import { troubleStore } from './parts/troubles.ts';
import * as stats from './queries/counters.ts';
import * as findCredentials from './queries/credentials.ts';
import { findNextDue } from './queries/deliveries.ts';
import * as findKeys from './queries/keys.ts';
import * as findLinks from './queries/links.ts';
import { listPayments } from './queries/list.ts';
import * as find from './queries/payments.ts';
import * as findProjects from './queries/projects.ts';
import * as findRefunds from './queries/refunds.ts';
import { readSetting } from './queries/settings.ts';
import * as timeline from './queries/timeline.ts';
import type * as parts from './store.ts';

/** The store over a database: its queries on the connection that reads, its commands each in one transaction. */
export function createStore(engine: Engine, random: Random): parts.Store {
  const on = bind(engine);
  return {
    ...paymentStore(on, random),
    ...refundStore(on),
    ...deskStore(on),
    ...paymentPageStore(on),
    ...deskListStore(on),
    ...linkStore(on, random),
    ...scheduleStore(on),
    ...notificationStore(on, engine),
    ...projectStore(on),
    ...projectDeskStore(on),
    ...credentialStore(on),
    ...statsStore(on),
    ...figuresStore(on),
    ...troubleStore(on),
    ...peopleStore(on),
    ...alertStore(on),
    ...practiceStore(on),
    ...deliveryStore(on),
    ...callbackStore(on),
    ...loginStore(on),
    ...languageStore(on),
    ...claimStore(on),
    ...upkeepStore(on, engine, random),
  };
}

function paymentStore({ query, command }: Bound, random: Random): parts.PaymentStore {
  return {
    findPayment: query(find.findPayment),
    findPaymentById: query(find.findPaymentById),
    findAttempt: query(find.findAttempt),
    listAttempts: query(find.listAttempts),
    findMoving: query(find.findMoving),
    findByGatewayOrderNo: query(find.findByGatewayOrderNo),
    findByGatewayTradeNo: query(find.findByGatewayTradeNo),
    findByMerchantOrderNo: query(find.findByMerchantOrderNo),
    openPayment: command((tx, payment: opening.NewPayment, attempt: opening.NewAttempt | null) =>
      opening.openPayment(tx, payment, attempt, random),
    ),
    selectMethod: command(selectMethod),
    completeOrder: command(completeOrder),
    openAttempt: command(opening.openAttempt),
    beginCharge: command(beginCharge),
    applyFacts: command(facts.applyFacts),
    flagMismatch: command(facts.flagMismatch),
    hasCallback: query(callbacks.hasCallback),
    keepCallback: command(callbacks.keepAskedCallback),
    addUnmatchedCallback: command(unmatched.addUnmatchedCallback),
    recordEvent: command(recordEvent),
    listEvents: query(timeline.listEvents),
    flagForReview: command(flagForReview),
  };
}

function refundStore({ query, command }: Bound): parts.RefundStore {
  return {
    listRefunds: query(findRefunds.listRefunds),
    openRefund: command(openRefund),
    settleRefund: command(settleRefund),
    loseRefund: command(loseRefund),
    reconcileRefunds: command(reconcileRefunds),
    claimRefundSyncs: command(refundPlan.claimRefundSyncs),
    postponeRefundSync: command(refundPlan.postponeRefundSync),
    findNextRefundSync: query(findRefunds.findNextRefundSync),
  };
}

function deskStore({ query, command }: Bound): parts.DeskStore {
  return {
    listPayments: query((on, input: Parameters<typeof listPayments>[1]) => listPayments(on, input)),
    listTimeline: query(timeline.listTimeline),
    findKeyHint: query(findKeys.findKeyHint),
    cancelPayment: command(cancelPayment),
    resendNotification: command(resendNotification),
  };
}

function linkStore({ query, command }: Bound, random: Random): parts.LinkStore {
  return {
    addLink: command((tx, link: links.NewLink) => links.addLink(tx, link, random)),
    findLink: query(findLinks.findLink),
    listLinks: query(findLinks.listLinks),
    closeLink: command(links.closeLink),
    findPendingUse: query(findLinks.findPendingUse),
    openLinkPayment: command((tx, use: Parameters<typeof openLinkPayment>[1]) => openLinkPayment(tx, use, random)),
  };
}

function scheduleStore({ query, command }: Bound): parts.ScheduleStore {
  return {
    claimSyncs: command(schedule.claimSyncs),
    planSync: command(schedule.planSync),
    planLastSync: command(schedule.planLastSync),
    findNextSync: query(schedule.findNextSync),
    closePayments: command(closing.closePayments),
    findNextClosing: query(closing.findNextClosing),
    findCooldown: query(cooldowns.findCooldown),
    startCooldown: command(cooldowns.startCooldown),
    replan: command(replan, { hasTime: true }),
    replanAfterStop: command(replanAfterStop, { hasTime: true }),
  };
}

function notificationStore({ query, command }: Bound, { name }: Engine): parts.NotificationStore {
  return {
    claimDueNotifications: command(claimDue),
    renewNotificationLeases: command(renewLeases),
    finishDelivery: command(finishDelivery),
    voidLeases: name === 'sqlite' ? command(voidLeases) : async () => {},
    findNextNotification: query(findNextDue),
  };
}

function projectStore({ query, command }: Bound): parts.ProjectStore {
  return {
    findProject: query(findProjects.findProject),
    findProjectByName: query(findProjects.findProjectByName),
    listProjects: query(findProjects.listProjects),
    findSettings: query(findProjects.findSettings),
    changeProject: command(projects.changeProject),
    rotateSecret: command(projects.rotateSecret),
    findLimits: query(findProjects.findLimits),
    setLimit: command(projects.setLimit),
    ensureProject: command(projects.ensureProject),
    addKey: command(keys.addKey),
    findKey: query(findKeys.findKey),
    listKeys: query(findKeys.listKeys),
    revokeKey: command(keys.revokeKey),
  };
}

function credentialStore({ query, command }: Bound): parts.CredentialStore {
  return {
    findCredential: query(findCredentials.findCredential),
    findFingerprint: query(findCredentials.findFingerprint),
    findCurrentCredential: query(findCredentials.findCurrentCredential),
    listRecentCredentials: query(findCredentials.listRecentCredentials),
    listProjectsOfMerchant: query(findCredentials.listProjectsOfMerchant),
    listProvedCredentials: query(findCredentials.listProvedCredentials),
    listUnprovedCredentials: query(findCredentials.listUnprovedCredentials),
    listCredentials: query(findCredentials.listCredentials),
    ensureCredential: command(credentials.ensureCredential),
    markCredentialProved: command(credentials.markProved),
    makeCurrentCredential: command(credentials.makeCurrent),
    dropCurrentCredential: command(credentials.dropCurrent),
  };
}

function statsStore({ query }: Bound): parts.StatsStore {
  return {
    sumPaid: query(stats.sumPaid),
    countByStatus: query(stats.countByStatus),
    listRecent: query(stats.listRecent),
  };
}

function upkeepStore({ query, command }: Bound, engine: Engine, random: Random): parts.UpkeepStore {
  return {
    isShared: engine.isShared,
    signals: engine.signals,
    findOutage: () => engine.findOutage(),
    claimIdempotencyKey: command(idempotency.claimKey),
    finishIdempotencyKey: command(idempotency.finishKey),
    prune: command(
      async (tx, keysBefore: number, callbacksBefore: number) =>
        (await idempotency.pruneKeys(tx, keysBefore)) + (await unmatched.pruneUnmatchedCallbacks(tx, callbacksBefore)),
    ),
    repairFigures: command(repairFigures, { hasTime: true }),
    pruneUses: command(pruneUses),
    readSetting: query(readSetting),
    writeSetting: command(settings.writeSetting),
    checkWritable: command((tx) => settings.checkWritable(tx, engine.isShared ? makeId('writable', random) : null)),
    close: () => engine.close(),
  };
}
