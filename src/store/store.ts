import type { Attempt } from '../core/attempt.ts';
import type { Charge } from '../core/lifecycle/charge.ts';
import type { Link } from '../core/link.ts';
import type { Environment, Order, Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import type { ProjectSettings, SettingsChange } from '../core/settings.ts';
import type { FactsInput, FactsOutcome, MismatchInput } from './commands/apply-facts.ts';
import type { AskedCallback, CallbackRecord } from './commands/callbacks.ts';
import type { Cancellation } from './commands/cancel-payment.ts';
import type { AccountKey } from './commands/cooldowns.ts';
import type { NewCredential } from './commands/credentials.ts';
import type { ClaimedNotification, ClaimInput, DueNotification } from './commands/deliveries/claim.ts';
import type { DeliveryResult } from './commands/deliveries/finish.ts';
import type { Resending, Resent } from './commands/deliveries/resend.ts';
import type { NewEvent } from './commands/events.ts';
import type { ClaimResult, IdempotencyClaim, KeptAnswer } from './commands/idempotency.ts';
import type { NewKey } from './commands/keys.ts';
import type { NewLink } from './commands/links/keep.ts';
import type { LinkUse, LinkUseResult } from './commands/links/use.ts';
import type { Telling } from './commands/notifications.ts';
import type { NewAttempt, NewPayment, OpenedPayment } from './commands/open-payment.ts';
import type { UsePruning } from './commands/prune-uses.ts';
import type { RefundChange } from './commands/refunds/apply.ts';
import type { LostRefund } from './commands/refunds/lose.ts';
import type { NewRefund, OpenedRefund, RefundObstacle } from './commands/refunds/open.ts';
import type { DueRefundSync } from './commands/refunds/plan.ts';
import type { Reconciliation } from './commands/refunds/reconcile.ts';
import type { RefundAnswer } from './commands/refunds/settle.ts';
import type { RepairedFigures } from './commands/repair-figures.ts';
import type { MethodSelection } from './commands/select-method.ts';
import type { SyncPlan } from './commands/sync-schedule.ts';
import type { UnmatchedCallback } from './commands/unmatched-callbacks.ts';
import type { Signals } from './engines/engine.ts';
import type { AlertStore } from './parts/alerts.ts';
import type { CallbackStore } from './parts/callbacks.ts';
import type { ClaimStore } from './parts/claims.ts';
import type { DeliveryStore } from './parts/deliveries.ts';
import type { DeskListStore } from './parts/desk-lists.ts';
import type { FiguresStore } from './parts/figures.ts';
import type { LanguageStore } from './parts/languages.ts';
import type { LoginStore } from './parts/logins.ts';
import type { PaymentPageStore } from './parts/payment-page.ts';
import type { PeopleStore } from './parts/people.ts';
import type { PracticeStore } from './parts/practice.ts';
import type { ProjectDeskStore } from './parts/projects.ts';
import type { TroubleStore } from './parts/troubles.ts';
import type { CurrencySum, StatsScope } from './queries/counters.ts';
import type { CredentialOwner, CredentialSummary, OpenerOwner, StoredCredential } from './queries/credentials.ts';
import type { ApiKey, KeyOwner } from './queries/keys.ts';
import type { LinkListInput, PendingUse } from './queries/links.ts';
import type { ListInput, PaymentPage } from './queries/list.ts';
import type { FoundAttempt, PaymentWithAttempt } from './queries/payments.ts';
import type { Project, ProjectLimits, ProjectSummary } from './queries/projects.ts';
import type { TimelineEntry, TimelineEvent } from './queries/timeline.ts';

/**
 * What the rest of the program may ask of the database. Reads see what is committed; every write is one whole command,
 * all of it or nothing, and resolves after its commit. Anything may happen between two calls, so what must not change
 * between a look and an act is one command here, or is kept apart by whoever calls.
 *
 * A write rejects with STORAGE_UNAVAILABLE while the database cannot be written. Instants are milliseconds since the
 * epoch, amounts are in minor units.
 */
export interface Store
  extends PaymentStore,
    RefundStore,
    DeskStore,
    PaymentPageStore,
    DeskListStore,
    LinkStore,
    ScheduleStore,
    NotificationStore,
    ProjectStore,
    ProjectDeskStore,
    CredentialStore,
    StatsStore,
    FiguresStore,
    TroubleStore,
    PeopleStore,
    AlertStore,
    PracticeStore,
    DeliveryStore,
    CallbackStore,
    LoginStore,
    LanguageStore,
    ClaimStore,
    UpkeepStore {}

/** Payments, attempts, and what gateways say about them. */
export interface PaymentStore {
  /** With its current attempt. */
  findPayment(paymentNo: string): Promise<PaymentWithAttempt | null>;
  findPaymentById(id: number): Promise<Payment | null>;
  findAttempt(id: number): Promise<Attempt | null>;
  /** Those that can still be paid first, then those with a number, then the newest. */
  listAttempts(paymentId: number, limit: number): Promise<readonly Attempt[]>;
  /** The attempt of a payment through which money may be moving. */
  findMoving(paymentId: number): Promise<Attempt | null>;
  /** Exact: numbers differ by letter case too. */
  findByGatewayOrderNo(gateway: string, orderNo: string): Promise<FoundAttempt | null>;
  /** Null when there is none, or more than one. */
  findByGatewayTradeNo(gateway: string, tradeNo: string): Promise<FoundAttempt | null>;
  /** By the shop's own order number; null when two projects share account and number. */
  findByMerchantOrderNo(gateway: string, merchantId: string, orderNo: string): Promise<FoundAttempt | null>;
  /** Opens a payment, with its first attempt where the method is known, unless its order has one pending or paid. */
  openPayment(payment: NewPayment, attempt: NewAttempt | null): Promise<OpenedPayment>;
  /** False when the payment is over, or money may be moving. */
  selectMethod(paymentId: number, selection: MethodSelection, now: number): Promise<boolean>;
  /** Adds what the payer has told of himself; what the order says already stays. */
  completeOrder(paymentId: number, details: Partial<Order>, now: number): Promise<void>;
  /**
   * Opens a further attempt and makes it the current one. Null when the payment is over, or has had too many, or money may
   * be moving, or it has changed since its revision was `seen`.
   */
  openAttempt(paymentId: number, attempt: NewAttempt, now: number, seen?: number): Promise<Attempt | null>;
  /** Marks that a gateway is about to be called for the money. False: it must not be. */
  beginCharge(attemptId: number, charge: Charge, now: number): Promise<boolean>;

  /** What a gateway told, with everything that follows from it. */
  applyFacts(input: FactsInput): Promise<FactsOutcome>;
  /** A callback whose signature is right and whose merchant is wrong: kept and flagged. */
  flagMismatch(input: MismatchInput): Promise<void>;
  /** These very bytes came before and were taken. */
  hasCallback(attemptId: number, digest: Uint8Array): Promise<boolean>;
  /** A callback that made us ask the gateway, which then was the one to say what is true. */
  keepCallback(attempt: Attempt, callback: CallbackRecord, about: AskedCallback): Promise<void>;
  addUnmatchedCallback(callback: UnmatchedCallback): Promise<void>;
  recordEvent(event: NewEvent): Promise<void>;
  listEvents(paymentId: number): Promise<readonly TimelineEvent[]>;
  /** Puts a payment before a person's eyes; `about` says in a word what is wrong. True: the shop is to be told. */
  flagForReview(paymentId: number, about: string, telling: Telling): Promise<boolean>;
}

/** Paying back, and looking at what gateways know of it. */
export interface RefundStore {
  /** Oldest first; of many, the last ones. */
  listRefunds(paymentId: number): Promise<readonly Refund[]>;
  /** Opens a refund as `unknown`, or says what stands in the way. */
  openRefund(input: NewRefund): Promise<OpenedRefund | RefundObstacle>;
  /** What the gateway answered to the call. */
  settleRefund(refundNo: string, answer: RefundAnswer, change: RefundChange): Promise<Refund>;
  /** The call has ended without telling its outcome. */
  loseRefund(refundNo: string, failure: LostRefund, now: number): Promise<void>;
  /** Brings our refunds in line with the gateways' own lists. */
  reconcileRefunds(input: Reconciliation): Promise<void>;
  /** Payments whose refunds are to be asked about; each is put off by `leaseMs`. */
  claimRefundSyncs(now: number, limit: number, leaseMs: number): Promise<readonly DueRefundSync[]>;
  /** The gateway could not be asked. True when that has gone on for long. */
  postponeRefundSync(paymentId: number, now: number, notBefore: number): Promise<boolean>;
  findNextRefundSync(): Promise<number | null>;
}

/** What a shop looks at and decides about its payments. */
export interface DeskStore {
  listPayments(input: ListInput): Promise<PaymentPage>;
  /** Entries after the one with the id `after`, 0 for the first of all. */
  listTimeline(paymentId: number, after: number, limit: number): Promise<readonly TimelineEntry[]>;
  /** First letters of an API key. */
  findKeyHint(keyId: number): Promise<string | null>;
  /** Ends a pending payment with all that is open of it, unless money may be moving. True: the shop is to be told. */
  cancelPayment(input: Cancellation): Promise<boolean>;
  /** Makes a notification of a payment due at once. Null when none was ever written. */
  resendNotification(paymentId: number, resending: Resending, now: number): Promise<Resent | null>;
}

/** Payment links and their payments. */
export interface LinkStore {
  addLink(link: NewLink): Promise<Link>;
  findLink(linkNo: string): Promise<Link | null>;
  /** Newest first. */
  listLinks(input: LinkListInput): Promise<readonly Link[]>;
  /** Closing again changes nothing. */
  closeLink(id: number, now: number): Promise<Link>;
  /** The one payment of a single-use link that waits to be paid. */
  findPendingUse(linkId: number): Promise<PendingUse | null>;
  /** Gives the payer of a link his payment, or says why there is none. */
  openLinkPayment(use: LinkUse): Promise<LinkUseResult>;
}

/** Which attempts are asked about when, which payments end by themselves, and which accounts at gateways are left alone. */
export interface ScheduleStore {
  /** Takes due attempts; each is put off by `leaseMs`. */
  claimSyncs(now: number, limit: number, leaseMs: number): Promise<readonly Attempt[]>;
  planSync(plan: SyncPlan, now: number): Promise<void>;
  /** What has ended for good is asked about then, or not at all any more. */
  planLastSync(attemptId: number, checkAt: number | null): Promise<void>;
  /** When the next question is due. */
  findNextSync(): Promise<number | null>;
  /** Ends payments whose payer did not choose in time; how many were gone through. */
  closePayments(now: number, limit: number, makeWebhookId: () => string): Promise<number>;
  findNextClosing(): Promise<number | null>;
  /** Until when the account is left alone; null: it is not. */
  findCooldown(account: AccountKey, now: number): Promise<number | null>;
  startCooldown(account: AccountKey, until: number, now: number): Promise<void>;
  /** The clock was put back by so much: what was planned by it is due as long after `now` as it was before. */
  replan(now: number, back: number): Promise<void>;
  /** The same when the program starts, should that have happened while nobody ran; 0: by less than `tolerance`. */
  replanAfterStop(now: number, tolerance: number): Promise<number>;
}

/** What waits to be sent to shops. */
export interface NotificationStore {
  /** Takes due rows for sending, the oldest first. */
  claimDueNotifications(input: ClaimInput): Promise<readonly ClaimedNotification[]>;
  /** Takes rows anew that this process has taken and not sent yet; gives those that are still its own. */
  renewNotificationLeases(
    items: readonly Pick<DueNotification, 'id' | 'leasedUntil'>[],
    lease: Omit<ClaimInput, 'limit'>,
  ): Promise<readonly DueNotification[]>;
  /** How one try went. False when it took longer than its lease: the row is somebody else's by then. */
  finishDelivery(item: DueNotification, result: DeliveryResult, now: number, owner: string): Promise<boolean>;
  /** Gives back what a process had taken that is gone. Nothing where several may be serving: leases end by themselves. */
  voidLeases(owner: string): Promise<void>;
  /** When the next row is due, or a lease ends. */
  findNextNotification(): Promise<number | null>;
}

/** Projects and their API keys. */
export interface ProjectStore {
  findProject(id: number): Promise<Project | null>;
  findProjectByName(name: string): Promise<Project | null>;
  /** In the order they were made. */
  listProjects(): Promise<readonly ProjectSummary[]>;
  findSettings(projectId: number): Promise<ProjectSettings>;
  changeProject(projectId: number, change: SettingsChange): Promise<void>;
  rotateSecret(projectId: number, sealed: Uint8Array, previousUntil: number): Promise<void>;
  findLimits(projectId: number): Promise<ProjectLimits>;
  /** Null takes the project's own terms for a method back. */
  setLimit(projectId: number, name: string, limit: ProjectLimits[string] | null): Promise<void>;
  /** The project of that name, made with `sealedSecret` when there is none yet. */
  ensureProject(name: string, sealedSecret: Uint8Array, now: number): Promise<Project>;
  addKey(key: NewKey): Promise<void>;
  /** The key with this SHA-256, unless it was revoked. */
  findKey(hash: Uint8Array): Promise<KeyOwner | null>;
  listKeys(): Promise<readonly ApiKey[]>;
  /** False when there is no such key or it is revoked already. */
  revokeKey(id: number, now: number): Promise<boolean>;
}

/** Credentials at gateways, sealed. A set never changes once it is stored. */
export interface CredentialStore {
  findCredential(id: number): Promise<StoredCredential | null>;
  /** Id of a set that is stored already. */
  findFingerprint(projectId: number, gateway: string, fingerprint: Uint8Array): Promise<number | null>;
  /** The set a project uses when a request brings none. */
  findCurrentCredential(projectId: number, gateway: string, environment: Environment): Promise<StoredCredential | null>;
  /** A project's newest sets for one merchant. */
  listRecentCredentials(owner: CredentialOwner, limit: number): Promise<readonly StoredCredential[]>;
  /** Projects that have sets for one merchant. */
  listProjectsOfMerchant(gateway: string, merchantId: string): Promise<readonly number[]>;
  /** A project's sets for one merchant that have proved themselves, the newest first. */
  listProvedCredentials(owner: OpenerOwner, limit: number): Promise<readonly StoredCredential[]>;
  /** Those that have not: in use first, then the newest. */
  listUnprovedCredentials(owner: OpenerOwner, limit: number): Promise<readonly StoredCredential[]>;
  /** A project's sets without their secrets, those in use first, then the newest. */
  listCredentials(projectId: number, limit: number): Promise<readonly CredentialSummary[]>;
  /** Stores a set once and gives its id. */
  ensureCredential(input: NewCredential): Promise<number>;
  /** Something made with it was accepted. */
  markCredentialProved(id: number): Promise<void>;
  makeCurrentCredential(id: number): Promise<void>;
  /** The project uses none from now on. False when there was none. */
  dropCurrentCredential(projectId: number, gateway: string, environment: Environment): Promise<boolean>;
}

/** Figures. */
export interface StatsStore {
  /** Paid amounts per currency, `from` ≤ time of payment < `to`; both are whole quarters of an hour. */
  sumPaid(scope: StatsScope, from: number, to: number): Promise<readonly CurrencySum[]>;
  countByStatus(scope: StatsScope): Promise<Readonly<Record<string, number>>>;
  /** The newest payments. */
  listRecent(scope: StatsScope, limit: number): Promise<readonly Payment[]>;
}

/** Idempotency keys, pruning, health. */
export interface UpkeepStore {
  /** Several processes may be serving on it: nothing may be right only because one of them remembers it. */
  readonly isShared: boolean;
  /** Word between processes on one database that work may have become due. */
  readonly signals: Signals;
  /** What keeps this process from the database, as far as it is known without asking: one sentence for people. */
  findOutage(): string | null;
  claimIdempotencyKey(claim: IdempotencyClaim): Promise<ClaimResult>;
  /** Keeps an answer, or frees the key with null. */
  finishIdempotencyKey(projectId: number, key: string, answer: KeptAnswer | null): Promise<void>;
  /** Drops what is older; how many rows that were. */
  prune(keysBefore: number, callbacksBefore: number): Promise<number>;
  /** Makes the figures anew that are kept beside the rows they follow from; what was wrong, and how often. */
  repairFigures(): Promise<RepairedFigures>;
  /** Drops payments of links that came to nothing; how many that were. */
  pruneUses(pruning: UsePruning): Promise<number>;
  readSetting(name: string): Promise<string | null>;
  writeSetting(name: string, value: string): Promise<void>;
  /** Rejects when the database cannot be written. */
  checkWritable(): Promise<void>;
  /** Finishes what is under way; nothing can be asked afterwards. */
  close(): Promise<void>;
}
