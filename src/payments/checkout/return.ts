import { type Attempt, isAlive, MAX_ATTEMPTS } from '../../core/attempt.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Notice } from '../../pages/checkout/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { createAllowance } from '../allowances.ts';
import type { SyncAttempt, SyncResult } from '../sync/result.ts';
import { RETURN_TOKEN } from '../urls.ts';
import { findForPage } from './page.ts';

/** What a payer finds who comes back from a gateway. */
export interface ReturnOutcome {
  readonly found: PaymentWithAttempt;
  readonly notice: Notice | null;
  /** The language he went away in, where the way back does not say it. */
  readonly locale: Locale | null;
  /** The address carried the page's token, and only that opens the page. */
  readonly mayOpen: boolean;
}

/**
 * The payer's browser is back from the gateway. Its address proves nothing about money: the gateway is asked, which at
 * PayPal also takes what the payer has approved. The gateway's own number of one of the payment's orders is enough for
 * that, and to be told what came of it, but it stands in too many places to open the page. Null: there is nothing to tell.
 */
export function createReturn(deps: Deps, syncAttempt: SyncAttempt) {
  const takeApproved = createUnprovedLook(deps, syncAttempt);

  return async function handleReturn(
    gatewayId: string,
    paymentNo: string,
    query: URLSearchParams,
  ): Promise<ReturnOutcome | null> {
    const parameter = deps.gateways.find(gatewayId)?.returnsTradeNoAs;
    const tradeNo = parameter === undefined ? null : query.get(parameter);
    const byToken =
      (await findForPage(deps, paymentNo, query.get(RETURN_TOKEN) ?? '')) ??
      (await findForPage(deps, paymentNo, query.get('token') ?? ''));
    const named = tradeNo === null ? null : await deps.store.findByGatewayTradeNo(gatewayId, tradeNo);
    const byNumber = named?.payment.paymentNo === paymentNo ? named : null;
    const found = byToken ?? byNumber;
    const attempt = byNumber?.attempt ?? (found && (await findNewest(deps, found, gatewayId)));
    if (!found && !SAYS_MORE.some((name) => query.has(name))) await takeApproved(gatewayId, paymentNo);
    if (!found || (!attempt && found.payment.gateway !== gatewayId)) return null;
    const way = { locale: attempt?.payerLocale ?? null, mayOpen: byToken !== null };
    if (query.has('cancelled')) return { found, notice: 'cancelled', ...way };
    return { ...(await ask(deps, syncAttempt, found, attempt ?? null)), ...way };
  };
}

/** What a payer's own way back carries; one that has a token has a wrong one. */
const SAYS_MORE = [RETURN_TOKEN, 'token', 'cancelled'];
const LOOK_SPACING = 10 * SECOND;

/**
 * Takes what the payer has approved although his address lost what would prove it; he is shown nothing. Whoever knows a
 * payment's number can come here, so the gateway is asked every ten seconds at most.
 */
function createUnprovedLook(deps: Deps, syncAttempt: SyncAttempt) {
  const looks = createAllowance(deps, 'return look', { burst: 1, everyMs: LOOK_SPACING });

  return async (gatewayId: string, paymentNo: string): Promise<void> => {
    if (deps.gateways.find(gatewayId)?.takesOnReturn !== true) return;
    const found = await deps.store.findPayment(paymentNo);
    if (found?.payment.status !== 'pending') return;
    const attempt = await findNewest(deps, found, gatewayId);
    if (!attempt || !isAlive(attempt) || (await looks.take(found.payment.id)) > 0) return;
    await syncAttempt(found.payment, attempt, 'page');
  };
}

/** Where the payer can change his mind, he may come back from another gateway than the page shows by now. */
async function findNewest(
  deps: Deps,
  { payment, attempt }: PaymentWithAttempt,
  gatewayId: string,
): Promise<Attempt | undefined> {
  if (attempt?.gateway === gatewayId) return attempt;
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  return attempts.find(({ gateway }) => gateway === gatewayId);
}

/** Long enough to see what was taken, where others have come back at the same moment. */
const PATIENCE = SECOND;

/** Where the account’s next turn is not his yet, the payer waits for it a moment; his page looks again by itself. */
async function askOnReturn(
  deps: Deps,
  syncAttempt: SyncAttempt,
  payment: Payment,
  attempt: Attempt,
): Promise<SyncResult> {
  const result = await syncAttempt(payment, attempt, 'page');
  const later = result.result === 'busy' ? syncAttempt.findLater(attempt.id) : undefined;
  if (!later) return result;
  return Promise.race([later, deps.sleep(PATIENCE).then(() => result)]);
}

async function ask(
  deps: Deps,
  syncAttempt: SyncAttempt,
  found: PaymentWithAttempt,
  attempt: Attempt | null,
): Promise<Pick<ReturnOutcome, 'found' | 'notice'>> {
  if (found.payment.status !== 'pending' || !attempt) return { found, notice: null };
  const result = await askOnReturn(deps, syncAttempt, found.payment, attempt);
  const after = (await deps.store.findPayment(found.payment.paymentNo)) ?? found;
  const now = (await deps.store.findAttempt(attempt.id)) ?? attempt;
  if (after.payment.status !== 'pending') return { found: after, notice: null };
  if (result.result === 'failed' || result.result === 'cooldown') return { found: after, notice: 'capture_failed' };
  // Counted from the beginning: the gateway's callback may have been here before the payer.
  return { found: after, notice: now.declines > 0 ? 'declined' : null };
}
