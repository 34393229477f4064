import type { Random } from '../core/ids.ts';
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
import { reconcileRefunds } from './reconcile.ts';
import * as refundLooks from './refund-looks.ts';
import * as refunds from './refunds.ts';
import * as resend from './resend.ts';
import * as stats from './stats.ts';
import type {
  CheckStore,
  CredentialStore,
  DeskStore,
  LinkStore,
  NotificationStore,
  PaymentStore,
  ProjectStore,
  RefundStore,
  StatsStore,
  Store,
  UpkeepStore,
} from './store.ts';
import * as strays from './strays.ts';
import * as timeline from './timeline.ts';

/** The store over one SQLite file. */
export function createStore(db: Db, random: Random): Store {
  return {
    ...storePayments(db, random),
    ...storeRefunds(db),
    ...storeDesk(db),
    ...storeLinks(db, random),
    ...storeChecks(db),
    ...storeNotifications(db),
    ...storeProjects(db),
    ...storeCredentials(db),
    ...storeStats(db),
    ...storeUpkeep(db),
  };
}

function storePayments({ read, write }: Db, random: Random): PaymentStore {
  return {
    findPayment: async (paymentNo) => payments.findPayment(read, paymentNo),
    findPaymentById: async (id) => payments.findPaymentById(read, id),
    findAttempt: async (id) => payments.findAttempt(read, id),
    listAttempts: async (paymentId, limit) => checks.listAttempts(read, paymentId, limit),
    findByGatewayOrderNo: async (gateway, orderNo) => payments.findByGatewayOrderNo(read, gateway, orderNo),
    findByGatewayTradeNo: async (gateway, tradeNo) => payments.findByGatewayTradeNo(read, gateway, tradeNo),
    findByMerchantOrderNo: async (gateway, merchantId, orderNo) =>
      payments.findByMerchantOrderNo(read, gateway, merchantId, orderNo),
    openPayment: (payment, attempt) => write((tx) => payments.openPayment(tx, payment, attempt, random)),
    chooseWay: (paymentId, way, now) => write((tx) => payments.chooseWay(tx, paymentId, way, now)),
    openAttempt: (paymentId, attempt, now) => write((tx) => payments.openAttempt(tx, paymentId, attempt, now)),
    beginCall: (attemptId, now, checkAt) => write((tx) => checks.beginCall(tx, attemptId, now, checkAt)),

    applyFacts: (input) => write((tx) => facts.applyFacts(tx, input)),
    flagMismatch: (input) => write((tx) => facts.flagMismatch(tx, input)),
    hasCallback: async (attemptId, digest) => inbox.hasCallback(read, attemptId, digest),
    keepCallback: (attempt, callback, about) => write((tx) => inbox.keepAskedCallback(tx, attempt, callback, about)),
    addStray: (stray) => write((tx) => strays.addStray(tx, stray)),
    addEvent: (event) => write((tx) => events.addEvent(tx, event)),
    listEvents: async (paymentId) => events.listEvents(read, paymentId),
    raiseAttention: (paymentId, now) => write((tx) => facts.raiseAttention(tx, paymentId, now)),
  };
}

function storeRefunds({ read, write }: Db): RefundStore {
  return {
    listRefunds: async (paymentId) => refunds.listRefunds(read, paymentId),
    openRefund: (input) => write((tx) => refunds.openRefund(tx, input)),
    settleRefund: (refundNo, answer, change) => write((tx) => refunds.settleRefund(tx, refundNo, answer, change)),
    loseRefund: (refundNo, failure, now) => write((tx) => refunds.loseRefund(tx, refundNo, failure, now)),
    reconcileRefunds: (input) => write((tx) => reconcileRefunds(tx, input)),
    claimRefundLooks: (now, limit, leaseMs) => write((tx) => refundLooks.claimRefundLooks(tx, now, limit, leaseMs)),
    postponeRefundLook: (paymentId, now, notBefore) =>
      write((tx) => refundLooks.postponeRefundLook(tx, paymentId, now, notBefore)),
    findNextRefundLook: async () => refundLooks.findNextRefundLook(read),
  };
}

function storeDesk({ read, write }: Db): DeskStore {
  return {
    listPayments: async (input) => list.listPayments(read, input),
    listTimeline: async (paymentId, after, limit) => timeline.listTimeline(read, paymentId, after, limit),
    findKeyHint: async (keyId) => timeline.findKeyHint(read, keyId),
    cancelPayment: (input) => write((tx) => cancel.cancelPayment(tx, input)),
    resendNotification: (paymentId, now) => write((tx) => resend.resendNotification(tx, paymentId, now)),
  };
}

function storeLinks({ read, write }: Db, random: Random): LinkStore {
  return {
    addLink: (link) => write((tx) => links.addLink(tx, link, random)),
    findLink: async (linkNo) => links.findLink(read, linkNo),
    listLinks: async (input) => links.listLinks(read, input),
    closeLink: (id, now) => write((tx) => links.closeLink(tx, id, now)),
    findPendingUse: async (linkId) => links.findPendingUse(read, linkId),
    openLinkPayment: (use) => write((tx) => links.openLinkPayment(tx, use, random)),
  };
}

function storeChecks({ read, write }: Db): CheckStore {
  return {
    claimChecks: (now, room, leaseMs) => write((tx) => checks.claimChecks(tx, now, room, leaseMs)),
    planCheck: (plan, now) => write((tx) => checks.planCheck(tx, plan, now)),
    planLastCheck: (attemptId, checkAt) => write((tx) => checks.planLastCheck(tx, attemptId, checkAt)),
    findNextCheck: async (room) => checks.findNextCheck(read, room),
    closePayments: (now, limit, makeWebhookId) => write((tx) => closing.closePayments(tx, now, limit, makeWebhookId)),
    findNextClosing: async () => closing.findNextClosing(read),
    findRest: async (key, now) => checks.findRest(read, key, now),
    startRest: (key, until) => write((tx) => checks.startRest(tx, key, until)),
  };
}

function storeNotifications({ read, write }: Db): NotificationStore {
  return {
    claimDueNotifications: (input) => write((tx) => outbox.claimDue(tx, input)),
    finishDelivery: (item, result, now) => write((tx) => outbox.finishDelivery(tx, item, result, now)),
    releaseLeases: () => write((tx) => outbox.releaseLeases(tx)),
    findNextNotification: async (underWay, perTarget) => outbox.findNextDue(read, underWay, perTarget),
  };
}

function storeProjects({ read, write }: Db): ProjectStore {
  return {
    findProject: async (id) => projects.findProject(read, id),
    findProjectByName: async (name) => projects.findProjectByName(read, name),
    listProjects: async () => projects.listProjects(read),
    findSettings: async (projectId) => projects.findSettings(read, projectId),
    changeProject: (projectId, change) => write((tx) => projects.changeProject(tx, projectId, change)),
    rotateSecret: (projectId, sealed, previousUntil) =>
      write((tx) => projects.rotateSecret(tx, projectId, sealed, previousUntil)),
    findLimits: async (projectId) => projects.findLimits(read, projectId),
    setLimit: (projectId, name, limit) => write((tx) => projects.setLimit(tx, projectId, name, limit)),
    ensureProject: (name, sealedSecret, now) => write((tx) => projects.ensureProject(tx, name, sealedSecret, now)),
    addKey: (key) => write((tx) => projects.addKey(tx, key)),
    findKey: async (hash) => projects.findKey(read, hash),
    listKeys: async () => projects.listKeys(read),
    revokeKey: (id, now) => write((tx) => projects.revokeKey(tx, id, now)),
  };
}

function storeCredentials({ read, write }: Db): CredentialStore {
  return {
    findCredential: async (id) => credentials.findCredential(read, id),
    findFingerprint: async (projectId, gateway, fingerprint) =>
      credentials.findFingerprint(read, projectId, gateway, fingerprint),
    findCurrentCredential: async (projectId, gateway, environment) =>
      credentials.findCurrentCredential(read, projectId, gateway, environment),
    listRecentCredentials: async (owner, limit) => credentials.listRecentCredentials(read, owner, limit),
    findCredentialsOfMerchant: async (gateway, merchantId, limit) =>
      credentials.findCredentialsOfMerchant(read, gateway, merchantId, limit),
    listCredentials: async (projectId, limit) => credentials.listCredentials(read, projectId, limit),
    ensureCredential: (input) => write((tx) => credentials.ensureCredential(tx, input)),
    makeCurrentCredential: (id) => write((tx) => credentials.makeCurrent(tx, id)),
    dropCurrentCredential: (projectId, gateway, environment) =>
      write((tx) => credentials.dropCurrent(tx, projectId, gateway, environment)),
  };
}

function storeStats({ read }: Db): StatsStore {
  return {
    sumPaid: async (scope, from, to) => stats.sumPaid(read, scope, from, to),
    countByStatus: async (scope) => stats.countByStatus(read, scope),
    listRecent: async (scope, limit) => stats.listRecent(read, scope, limit),
  };
}

const PROBE = "INSERT INTO settings (name, value) VALUES ('probe', '1') ON CONFLICT (name) DO UPDATE SET value = '1'";

function storeUpkeep({ write }: Db): UpkeepStore {
  return {
    claimIdempotencyKey: (claim) => write((tx) => idempotency.claimKey(tx, claim)),
    finishIdempotencyKey: (projectId, key, answer) => write((tx) => idempotency.finishKey(tx, projectId, key, answer)),
    prune: (keysBefore, straysBefore) =>
      write((tx) => idempotency.pruneKeys(tx, keysBefore) + strays.pruneStrays(tx, straysBefore)),
    probe: async () => {
      await write((tx) => tx.query(PROBE).run());
    },
  };
}
