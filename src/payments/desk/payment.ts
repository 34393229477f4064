import { MAX_ATTEMPTS } from '../../core/attempt.ts';
import { graceOf } from '../../core/lifecycle/expiry.ts';
import { detailsOf } from '../../core/notification.ts';
import { leftToRefund, type Refund } from '../../core/refund.ts';
import { explainUnpaid } from '../../core/unpaid.ts';
import type { Deps } from '../../deps.ts';
import { decimalsOf } from '../../gateways/amounts.ts';
import type { PaymentModel, RefundOffer, ShownAttempt, ShownTimeline } from '../../pages/admin/payment/model.ts';
import type { DeskEntry } from '../../store/queries/payment-page.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { nameActors, nameRecorded } from '../reports/actors.ts';
import { paymentUrl } from '../urls.ts';
import { createCallbackReader } from './callbacks.ts';

/** One payment as the people of its shop see it. */

/** Entries of a timeline on one page. */
const PAGE_LENGTH = 50;
/** Longer callbacks are not shown, only handed out. */
const MAX_BODY = 16 * 1024;
/** What is looked at to say why a payment is unpaid. */
const MAX_LATEST = 100;
const MAX_NOTIFICATIONS = 50;

/** `before`: id of an entry; the page of the timeline that ends before it. */
export async function loadPaymentModel(
  deps: Deps,
  found: PaymentWithAttempt,
  before: number | null,
): Promise<PaymentModel> {
  const { payment, attempt } = found;
  const { store } = deps;
  const [project, attempts, refunds, latest, notifications, timeline] = await Promise.all([
    store.findProject(payment.projectId),
    loadAttempts(deps, found),
    store.listRefunds(payment.id),
    store.listLatestEvents(payment.id, MAX_LATEST),
    store.listNotifications(payment.id, MAX_NOTIFICATIONS),
    loadTimeline(deps, found, before),
  ]);
  const now = deps.clock.now();
  const graceMs = attempt ? graceOf(deps.gateways.methodOf(attempt).method.graceMs, attempt) : 0;
  const tries = attempts.map((one) => one.attempt);
  const unpaid = explainUnpaid({ payment, attempts: tries.toReversed(), events: latest, graceMs, now });
  return {
    payment,
    now,
    projectName: project?.name ?? '',
    gatewayName: deps.gateways.find(payment.gateway)?.name ?? null,
    unpaid,
    endedBy: unpaid && (await nameRecorded(deps, unpaid.by)),
    details: detailsOf(attempt),
    attempts,
    refunds,
    offers: tries.filter(({ status }) => status === 'paid').map((one) => offerRefund(deps, found, one, refunds)),
    notifications,
    timeline,
    pageUrl: paymentUrl(deps, payment),
    canSync: tries.some((one) => isAskable(deps, one)),
  };
}

type Attempt = ShownAttempt['attempt'];

function isAskable({ gateways }: Pick<Deps, 'gateways'>, attempt: Attempt): boolean {
  const { query, settle } = gateways.methodOf(attempt).gateway;
  return query !== undefined || (settle === 'replay' && attempt.status === 'unknown');
}

async function loadAttempts(
  { store, gateways }: Pick<Deps, 'store' | 'gateways'>,
  { payment }: PaymentWithAttempt,
): Promise<readonly ShownAttempt[]> {
  const attempts = [...(await store.listAttempts(payment.id, MAX_ATTEMPTS))].sort((a, b) => a.id - b.id);
  const ids = [...new Set(attempts.map(({ credentialId }) => credentialId))];
  const sets = new Map(await Promise.all(ids.map(async (id) => [id, await store.findCredential(id)] as const)));
  return attempts.map((attempt) => {
    const set = sets.get(attempt.credentialId);
    return {
      attempt,
      gatewayName: gateways.find(attempt.gateway)?.name ?? attempt.gateway,
      account: set ? { merchantId: set.merchantId, environment: set.environment } : null,
      isCurrent: attempt.id === payment.attemptId,
    };
  });
}

function offerRefund(
  { gateways }: Pick<Deps, 'gateways'>,
  { payment }: PaymentWithAttempt,
  attempt: Attempt,
  refunds: readonly Refund[],
): RefundOffer {
  const { gateway, method } = gateways.methodOf(attempt);
  const own = refunds.filter(({ attemptId }) => attemptId === attempt.id);
  return {
    attempt,
    gatewayName: gateway.name,
    left: Math.max(0, leftToRefund(payment.amount, own)),
    isSupported: gateway.refund !== undefined && method.refundable === true,
    decimals: decimalsOf(method, payment.currency),
  };
}

async function loadTimeline(
  deps: Deps,
  { payment }: PaymentWithAttempt,
  before: number | null,
): Promise<ShownTimeline> {
  const page = { before, limit: PAGE_LENGTH + 1, maxBody: MAX_BODY };
  const found = await deps.store.listDeskTimeline(payment.id, page);
  const entries = found.slice(-PAGE_LENGTH);
  const nameOf = await nameActors(deps, payment, entries);
  const readCallback = createCallbackReader(deps);
  const show = async (entry: DeskEntry) => ({
    ...{ id: entry.id, type: entry.type, at: entry.at, data: entry.data, by: nameOf(entry) },
    gatewayName: deps.gateways.find(entry.gateway ?? '')?.name ?? null,
    gatewayOrderNo: entry.gatewayOrderNo,
    callback: await readCallback(entry),
  });
  return {
    entries: await Promise.all(entries.map(show)),
    earlier: found.length > PAGE_LENGTH ? (entries[0]?.id ?? null) : null,
    isLatest: before === null,
  };
}
