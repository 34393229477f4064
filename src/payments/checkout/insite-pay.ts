import type { Attempt, Fact } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import { GatewayRefusal, type InSiteResult } from '../../gateways/gateway.ts';
import { GatewayCallError } from '../../gateways/http.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { type Calls, patienceOf } from '../calls.ts';
import { recordLost } from '../create/gateway-call.ts';
import { findFailure } from '../create/stored-failure.ts';
import { reportFacts } from '../facts.ts';
import { explainFailure } from '../failure.ts';
import type { SyncAttempt } from '../sync/result.ts';
import { notPayable, prepareCall, requireInSite } from './insite-call.ts';
import type { Forms } from './insite-forms.ts';

/**
 * One payment call with what the form gave the browser.
 *
 * A number is called with once. Before the call the attempt is marked spent, unknown and moving, so that a crash, a
 * time-out, a second press of the button or another way to pay can never charge twice: what is unknown is asked for first.
 */
export type InSitePaid = { readonly redirectUrl: string } | { readonly found: PaymentWithAttempt };

export interface Press {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly payToken: string;
  readonly locale: Locale;
}

interface On {
  readonly deps: Deps;
  readonly syncAttempt: SyncAttempt;
  readonly calls: Calls;
  readonly forms: Pick<Forms, 'keepRedirect' | 'findRedirect'>;
}

/** A number is good for one call. */
const ONCE = { usesNumber: true } as const;

export async function payOnce(on: On, press: Press): Promise<InSitePaid> {
  const { deps, forms } = on;
  const { payment, attempt, payToken, locale } = press;
  const { inSite } = requireInSite(deps, payment);
  // What can fail without the gateway fails before the money is said to move.
  const { input, ctx } = await prepareCall(deps, payment, attempt, locale);
  if (!(await deps.store.beginCharge(attempt.id, ONCE, deps.clock.now()))) return answerSpent(on, press);
  let result: InSiteResult;
  try {
    result = await inSite.pay({ ...input, payToken }, ctx);
  } catch (error) {
    throw await recordFailure(deps, payment, attempt, error);
  }
  if (result.type === 'redirect') {
    // Before anybody can see that the call is over.
    await forms.keepRedirect(attempt.id, locale, result.url);
    await applyFacts(deps, attempt, [{ type: 'continued' }]);
    return { redirectUrl: result.url };
  }
  await applyFacts(deps, attempt, result.facts);
  return { found: await requirePayment(deps, payment) };
}

/** The button was pressed again, or the page is an old one: what became of the first press is the answer. */
async function answerSpent(on: On, { payment, attempt }: Press): Promise<InSitePaid> {
  const { deps, syncAttempt, calls } = on;
  const known = await deps.store.findAttempt(attempt.id);
  const current = known && (await calls.waitForCall(known, patienceOf('page')));
  // The first press may also have been answered between this one's arrival and the look.
  const isFirstAnswered = current && (current !== known || (current.used && !attempt.used));
  if (isFirstAnswered) {
    const told = await hearAnswer(on, payment, current);
    if (told) return told;
  }
  if (payment.status === 'pending' && current?.status === 'unknown') await syncAttempt(payment, current, 'page');
  const found = await requirePayment(deps, payment);
  if (found.payment.status === 'paid' || found.attempt?.instructions) return { found };
  throw notPayable(payment);
}

/**
 * What the press was answered that was first. Throws as that did, or that nobody knows yet; null: it has left nothing
 * but what is there to see.
 */
async function hearAnswer({ deps, forms }: On, payment: Payment, attempt: Attempt): Promise<InSitePaid | null> {
  if (isCalling(attempt, deps.clock.now()))
    throw new PayCoreError('PAYMENT_GATEWAY_TIMEOUT', { details: { payment_no: payment.paymentNo } });
  if (attempt.status === 'under_review') return { found: await requirePayment(deps, payment) };
  const redirectUrl = attempt.status === 'open' ? await forms.findRedirect(attempt.id) : null;
  if (redirectUrl !== null) return { redirectUrl };
  const failure = await findFailure(deps, payment, attempt);
  if (failure) throw failure;
  return null;
}

async function requirePayment(deps: Deps, payment: Payment): Promise<PaymentWithAttempt> {
  const found = await deps.store.findPayment(payment.paymentNo);
  if (!found) throw new PayCoreError('PAYMENT_NOT_FOUND');
  return found;
}

async function applyFacts(deps: Deps, attempt: Attempt, facts: readonly Fact[]): Promise<void> {
  await reportFacts(deps, {
    attemptId: attempt.id,
    facts,
    source: 'gateway.request',
    mayChooseAgain: true,
  });
}

/** A refusal spends the number, the payer may try again with another; anything unclear stays unknown until it is asked for. */
async function recordFailure(deps: Deps, payment: Payment, attempt: Attempt, error: unknown): Promise<PayCoreError> {
  deps.log.warn('in-site payment failed', { payment_no: payment.paymentNo, error });
  if (error instanceof GatewayRefusal) {
    const { gatewayCode: code, message, errorCode } = error;
    await applyFacts(deps, attempt, [
      { type: 'declined', code, message },
      { type: 'ended', reason: 'GATEWAY_REFUSED', code, message, errorCode },
    ]);
  } else if (error instanceof GatewayCallError && error.kind === 'not_sent') {
    await applyFacts(deps, attempt, [{ type: 'ended', reason: 'GATEWAY_UNREACHABLE', message: error.message }]);
  } else {
    await recordLost(deps, attempt, error);
  }
  return explainFailure(error, payment.paymentNo);
}
