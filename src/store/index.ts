import type { Attempt } from '../core/attempt.ts';
import type { Random } from '../core/ids.ts';
import type { Environment } from '../core/payment.ts';
import type { SettingsChange } from '../core/settings.ts';
import * as cancel from './cancel.ts';
import * as checks from './checks.ts';
import * as closing from './closing.ts';
import * as credentials from './credentials.ts';
import type { Db } from './db.ts';
import * as events from './events.ts';
import * as facts from './facts.ts';
import * as idempotency from './idempotency.ts';
import * as inbox from './inbox.ts';
import * as links from './links.ts';
import * as list from './list.ts';
import * as outbox from './outbox.ts';
import * as payments from './payments.ts';
import * as projects from './projects.ts';
import { type Reconciliation, reconcileRefunds } from './reconcile.ts';
import * as refundLooks from './refund-looks.ts';
import * as refunds from './refunds.ts';
import * as resend from './resend.ts';
import * as stats from './stats.ts';
import * as strays from './strays.ts';
import * as timeline from './timeline.ts';

/**
 * What the rest of the program may ask of the database. Reads are synchronous and see committed rows; every write is
 * one whole command that resolves after its commit.
 */
export function createStore(db: Db, random: Random) {
  return {
    ...paymentCommands(db, random),
    ...deskCommands(db),
    ...linkCommands(db, random),
    ...scheduleCommands(db),
    ...accountCommands(db),
    ...upkeepCommands(db),
  };
}

export type Store = ReturnType<typeof createStore>;

/** Payments, attempts, and what gateways say about them. */
function paymentCommands({ read, write }: Db, random: Random) {
  return {
    findPayment: (paymentNo: string) => payments.findPayment(read, paymentNo),
    findByGatewayOrderNo: (gateway: string, orderNo: string) => payments.findByGatewayOrderNo(read, gateway, orderNo),
    findByGatewayTradeNo: (gateway: string, tradeNo: string) => payments.findByGatewayTradeNo(read, gateway, tradeNo),
    findByMerchantOrderNo: (gateway: string, merchantId: string, orderNo: string) =>
      payments.findByMerchantOrderNo(read, gateway, merchantId, orderNo),
    openPayment: (payment: payments.NewPayment, attempt: payments.NewAttempt | null) =>
      write((tx) => payments.openPayment(tx, payment, attempt, random)),
    chooseWay: (paymentId: number, way: payments.ChosenWay, now: number) =>
      write((tx) => payments.chooseWay(tx, paymentId, way, now)),
    openAttempt: (paymentId: number, attempt: payments.NewAttempt, now: number) =>
      write((tx) => payments.openAttempt(tx, paymentId, attempt, now)),

    applyFacts: (input: facts.FactsInput) => write((tx) => facts.applyFacts(tx, input)),
    flagMismatch: (input: Parameters<typeof facts.flagMismatch>[1]) => write((tx) => facts.flagMismatch(tx, input)),
    hasCallback: (attemptId: number, digest: Uint8Array) => inbox.hasCallback(read, attemptId, digest),
    keepCallback: (attempt: Attempt, callback: inbox.CallbackRecord, about: inbox.AskedCallback) =>
      write((tx) => inbox.keepAskedCallback(tx, attempt, callback, about)),
    listRefunds: (paymentId: number) => refunds.listRefunds(read, paymentId),
    openRefund: (input: refunds.NewRefund) => write((tx) => refunds.openRefund(tx, input)),
    settleRefund: (refundNo: string, answer: refunds.RefundAnswer, change: refunds.RefundChange) =>
      write((tx) => refunds.settleRefund(tx, refundNo, answer, change)),
    loseRefund: (refundNo: string, failure: { kind: string; message: string }, now: number) =>
      write((tx) => refunds.loseRefund(tx, refundNo, failure, now)),
    reconcileRefunds: (input: Reconciliation) => write((tx) => reconcileRefunds(tx, input)),
    postponeRefundLook: (paymentId: number, now: number, notBefore: number) =>
      write((tx) => refundLooks.postponeRefundLook(tx, paymentId, now, notBefore)),
    addEvent: (event: events.NewEvent) => write((tx) => events.addEvent(tx, event)),
    listEvents: (paymentId: number) => events.listEvents(read, paymentId),
    addStray: (stray: strays.Stray) => write((tx) => strays.addStray(tx, stray)),
  };
}

/** What a shop looks at and decides about its payments. */
function deskCommands({ read, write }: Db) {
  return {
    listPayments: (input: list.ListInput) => list.listPayments(read, input),
    listTimeline: (paymentId: number, after: number, limit: number) =>
      timeline.listTimeline(read, paymentId, after, limit),
    findKeyHint: (keyId: number) => timeline.findKeyHint(read, keyId),
    cancelPayment: (input: cancel.Cancellation) => write((tx) => cancel.cancelPayment(tx, input)),
    resendNotification: (paymentId: number, now: number) =>
      write((tx) => resend.resendNotification(tx, paymentId, now)),
  };
}

/** Payment links and their payments. */
function linkCommands({ read, write }: Db, random: Random) {
  return {
    addLink: (link: links.NewLink) => write((tx) => links.addLink(tx, link, random)),
    findLink: (linkNo: string) => links.findLink(read, linkNo),
    listLinks: (input: links.LinkListInput) => links.listLinks(read, input),
    closeLink: (id: number, now: number) => write((tx) => links.closeLink(tx, id, now)),
    findPendingUse: (linkId: number) => links.findPendingUse(read, linkId),
    openLinkPayment: (use: links.LinkUse) => write((tx) => links.openLinkPayment(tx, use, random)),
  };
}

/** What is due: looks at attempts, rests of gateways, notifications. */
function scheduleCommands({ read, write }: Db) {
  return {
    claimChecks: (now: number, room: checks.CheckRoom, leaseMs: number) =>
      write((tx) => checks.claimChecks(tx, now, room, leaseMs)),
    planCheck: (plan: checks.CheckPlan, now: number) => write((tx) => checks.planCheck(tx, plan, now)),
    planLastCheck: (attemptId: number, checkAt: number | null) =>
      write((tx) => checks.planLastCheck(tx, attemptId, checkAt)),
    findNextCheck: (room?: checks.CheckRoom) => checks.findNextCheck(read, room),
    listAttempts: (paymentId: number, limit: number) => checks.listAttempts(read, paymentId, limit),
    findAttempt: (id: number) => payments.findAttempt(read, id),
    findPaymentById: (id: number) => payments.findPaymentById(read, id),
    beginCall: (attemptId: number, now: number, checkAt: number) =>
      write((tx) => checks.beginCall(tx, attemptId, now, checkAt)),
    findRest: (key: checks.RestKey, now: number) => checks.findRest(read, key, now),
    startRest: (key: checks.RestKey, until: number) => write((tx) => checks.startRest(tx, key, until)),
    raiseAttention: (paymentId: number, now: number) => write((tx) => facts.raiseAttention(tx, paymentId, now)),
    claimRefundLooks: (now: number, limit: number, leaseMs: number) =>
      write((tx) => refundLooks.claimRefundLooks(tx, now, limit, leaseMs)),
    closePayments: (now: number, limit: number, makeWebhookId: () => string) =>
      write((tx) => closing.closePayments(tx, now, limit, makeWebhookId)),
    findNextClosing: () => closing.findNextClosing(read),
    findNextRefundLook: () => refundLooks.findNextRefundLook(read),
    claimDueNotifications: (input: outbox.ClaimInput) => write((tx) => outbox.claimDue(tx, input)),
    finishDelivery: (item: outbox.DueNotification, result: outbox.DeliveryResult, now: number) =>
      write((tx) => outbox.finishDelivery(tx, item, result, now)),
    releaseLeases: () => write((tx) => outbox.releaseLeases(tx)),
    findNextNotification: (underWay: ReadonlyMap<string, number>, perTarget: number) =>
      outbox.findNextDue(read, underWay, perTarget),
  };
}

/** Projects, API keys, credentials. */
function accountCommands({ read, write }: Db) {
  return {
    findProject: (id: number) => projects.findProject(read, id),
    findProjectByName: (name: string) => projects.findProjectByName(read, name),
    listProjects: () => projects.listProjects(read),
    findSettings: (projectId: number) => projects.findSettings(read, projectId),
    changeProject: (projectId: number, change: SettingsChange) =>
      write((tx) => projects.changeProject(tx, projectId, change)),
    rotateSecret: (projectId: number, sealed: Uint8Array, previousUntil: number) =>
      write((tx) => projects.rotateSecret(tx, projectId, sealed, previousUntil)),
    findLimits: (projectId: number) => projects.findLimits(read, projectId),
    setLimit: (projectId: number, name: string, limit: projects.ProjectLimits[string] | null) =>
      write((tx) => projects.setLimit(tx, projectId, name, limit)),
    ensureProject: (name: string, sealedSecret: Uint8Array, now: number) =>
      write((tx) => projects.ensureProject(tx, name, sealedSecret, now)),
    addKey: (key: Parameters<typeof projects.addKey>[1]) => write((tx) => projects.addKey(tx, key)),
    findKey: (hash: Uint8Array) => projects.findKey(read, hash),
    listKeys: () => projects.listKeys(read),
    revokeKey: (id: number, now: number) => write((tx) => projects.revokeKey(tx, id, now)),

    findCredential: (id: number) => credentials.findCredential(read, id),
    findFingerprint: (projectId: number, gateway: string, fingerprint: Uint8Array) =>
      credentials.findFingerprint(read, projectId, gateway, fingerprint),
    findCurrentCredential: (projectId: number, gateway: string, environment: Environment) =>
      credentials.findCurrentCredential(read, projectId, gateway, environment),
    listRecentCredentials: (owner: credentials.CredentialOwner, limit: number) =>
      credentials.listRecentCredentials(read, owner, limit),
    findCredentialsOfMerchant: (gateway: string, merchantId: string, limit: number) =>
      credentials.findCredentialsOfMerchant(read, gateway, merchantId, limit),
    ensureCredential: (input: credentials.NewCredential) => write((tx) => credentials.ensureCredential(tx, input)),
    listCredentials: (projectId: number, limit: number) => credentials.listCredentials(read, projectId, limit),
    dropCurrentCredential: (projectId: number, gateway: string, environment: Environment) =>
      write((tx) => credentials.dropCurrent(tx, projectId, gateway, environment)),
    makeCurrentCredential: (id: number) => write((tx) => credentials.makeCurrent(tx, id)),
  };
}

/** Idempotency keys, figures, pruning, health. */
function upkeepCommands({ read, write }: Db) {
  return {
    claimIdempotencyKey: (claim: idempotency.IdempotencyClaim) => write((tx) => idempotency.claimKey(tx, claim)),
    finishIdempotencyKey: (projectId: number, key: string, answer: Parameters<typeof idempotency.finishKey>[3]) =>
      write((tx) => idempotency.finishKey(tx, projectId, key, answer)),
    sumPaid: (scope: stats.StatsScope, from: number, to: number) => stats.sumPaid(read, scope, from, to),
    countByStatus: (scope: stats.StatsScope) => stats.countByStatus(read, scope),
    listRecent: (scope: stats.StatsScope, limit: number) => stats.listRecent(read, scope, limit),

    prune: (keysBefore: number, straysBefore: number) =>
      write((tx) => idempotency.pruneKeys(tx, keysBefore) + strays.pruneStrays(tx, straysBefore)),
    /** Throws when the database cannot be written. */
    probe: () =>
      write((tx) =>
        tx
          .query(
            "INSERT INTO settings (name, value) VALUES ('probe', '1') ON CONFLICT (name) DO UPDATE SET value = '1'",
          )
          .run(),
      ),
  };
}
