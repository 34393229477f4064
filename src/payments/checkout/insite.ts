import type { Attempt, Fact } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import {
  GatewayRefusal,
  type InSite,
  type InSiteForm,
  type InSiteResult,
  type Method,
} from '../../gateways/gateway.ts';
import { GatewayCallError } from '../../gateways/http.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { openAnother } from '../create/attempt.ts';
import { planSettling } from '../create/gateway-call.ts';
import { reportFacts } from '../facts.ts';
import { explainFailure } from '../failure.ts';
import { noteProved } from '../projects/credentials.ts';
import { loadSubject, makeCreateInput } from '../subject.ts';
import type { SyncAttempt, SyncResult } from '../sync/result.ts';
import { gatewayContext } from '../urls.ts';
import type { MayDraw } from './start.ts';

/**
 * Paying in our own page: a form token when the page opens, one payment call with what the form gives back.
 *
 * A number is called with once. Before the call the attempt is marked spent, unknown and moving, so that a crash, a
 * time-out, a second press of the button or another way to pay can never charge twice: what is unknown is asked for first.
 */
export type InSitePaid = { readonly redirectUrl: string } | { readonly found: PaymentWithAttempt };

export interface FormWish {
  /** The token given before does not work any more. */
  readonly renew: boolean;
  readonly mayDraw: MayDraw;
}

/** Body of the payment call. */
export const PAY_FIELDS: readonly Field[] = [
  {
    name: 'PayToken',
    type: 'string',
    required: true,
    // ECPay's page says 64 characters; tokens of more than 200 have been seen.
    max: 1000,
    pattern: /^[\x21-\x7e]+$/,
    expected: 'the token that the form gave',
    description: 'What ECPay’s script gave the browser.',
  },
];

/** A token that is about to run out would run out under the payer's hands. */
const TOKEN_RESERVE = MINUTE;
/** A page that says that its token does not work gets another, but not again and again. */
const RENEW_SPACING = 10 * SECOND;
const MAX_CACHED = 1000;

interface MadeForm {
  readonly form: InSiteForm;
  readonly locale: Locale;
  /** On the clock that nobody sets. */
  readonly madeAt: number;
  /** For how long it served then. */
  readonly lifeMs: number;
}

export function createInSite(deps: Deps, syncAttempt: SyncAttempt) {
  const forms = new Map<number, MadeForm>();
  const opening = singleFlight<string, InSiteForm>();
  /** Who presses twice gets the answer to the first press; that no two charge is the store's to say. */
  const calls = singleFlight<number, InSitePaid>();

  const openOnce = async (
    found: PaymentWithAttempt,
    locale: Locale,
    { renew, mayDraw }: FormWish,
  ): Promise<InSiteForm> => {
    // What was found before this was registered may be from before another page's form.
    const current = (await deps.store.findPayment(found.payment.paymentNo)) ?? found;
    const { payment } = current;
    const { inSite } = requireInSite(deps, payment);
    const attempt = await chooseAttempt(deps, syncAttempt, current, locale);
    const known = forms.get(attempt.id);
    const age = deps.clock.elapsed() - (known?.madeAt ?? 0);
    const serves = known && known.locale === locale && known.lifeMs - TOKEN_RESERVE > age;
    // Its end as the clock is now: somebody may have set that meanwhile.
    if (serves && !(renew && age >= RENEW_SPACING)) {
      return { ...known.form, expiresAt: deps.clock.now() + known.lifeMs - age };
    }
    if (!(await mayDraw())) throw new PayCoreError('RATE_LIMITED', { details: { retry_after: 1 } });
    const { input, ctx } = await prepareCall(deps, payment, attempt, locale);
    const form = await inSite.prepare(input, ctx).catch((error) => {
      throw explainFailure(error, null);
    });
    await noteProved(deps, attempt.credentialId);
    if (forms.size >= MAX_CACHED) forms.clear();
    const { expiresAt } = form;
    forms.set(attempt.id, { form, locale, madeAt: deps.clock.elapsed(), lifeMs: expiresAt - deps.clock.now() });
    return form;
  };

  /**
   * Two pages that open at once share one form, so that neither
   * holds the token of a number that the other has replaced.
   * Throws PAYMENT_NOT_PAYABLE when there is nothing to pay, or what the gateway said.
   */
  const openForm = (found: PaymentWithAttempt, locale: Locale, wish: FormWish): Promise<InSiteForm> =>
    opening.run(`${found.payment.id} ${locale}`, () => openOnce(found, locale, wish));

  const pay = (found: PaymentWithAttempt, payToken: string, locale: Locale): Promise<InSitePaid> => {
    const { attempt } = found;
    if (!attempt) return Promise.reject(new PayCoreError('PAYMENT_NOT_PAYABLE'));
    return calls.run(found.payment.id, () =>
      payOnce(deps, syncAttempt, found.payment, attempt, payToken, locale).finally(() => forms.delete(attempt.id)),
    );
  };

  return { openForm, pay };
}

export function requireInSite(
  deps: Pick<Deps, 'gateways'>,
  payment: Payment,
): { readonly inSite: InSite; readonly method: Method } {
  const { gateway, method } = deps.gateways.methodOf(payment);
  if (!gateway.inSite || !method.inSite) throw new PayCoreError('PAYMENT_NOT_PAYABLE');
  return { inSite: gateway.inSite, method };
}

function notPayable(payment: Payment): PayCoreError {
  return new PayCoreError('PAYMENT_NOT_PAYABLE', { details: { payment_no: payment.paymentNo } });
}

/**
 * The attempt to pay with: the current one while its number is fresh, else what became of it, else a new one. None while
 * money may be moving.
 */
async function chooseAttempt(
  deps: Deps,
  syncAttempt: SyncAttempt,
  found: PaymentWithAttempt,
  locale: Locale,
): Promise<Attempt> {
  const { payment, attempt } = await refresh(deps, syncAttempt, found);
  const isPayable = payment.status === 'pending' && !attempt?.instructions && attempt?.status !== 'unknown';
  if (!isPayable || (await deps.store.findMoving(payment.id))) throw notPayable(payment);
  if (attempt && isFresh(attempt)) return attempt;
  const another = await openAnother(deps, payment, locale, 'as_seen');
  if (another) return another;
  // Another page may have opened the next one: both share it.
  const now = await deps.store.findPayment(payment.paymentNo);
  if (now?.payment.status !== 'pending' || !now.attempt || !isFresh(now.attempt)) throw notPayable(payment);
  return now.attempt;
}

/** Its number has not been called with. */
function isFresh({ status, used }: Attempt): boolean {
  return status === 'open' && !used;
}

/** Nobody has said whether it was paid; ask again after so many seconds. */
const UNKNOWN_FOR: Partial<Record<SyncResult['result'], number>> = { busy: 1, failed: 10, cooldown: 60 };

/** What has become of a number that was used. */
async function refresh(deps: Deps, syncAttempt: SyncAttempt, found: PaymentWithAttempt): Promise<PaymentWithAttempt> {
  const { payment, attempt } = found;
  if (!attempt?.used || (attempt.status !== 'open' && attempt.status !== 'unknown')) return found;
  const { result } = await syncAttempt(payment, attempt, 'page');
  // As long as nobody knows whether it was paid, there is no other to pay with.
  const wait = UNKNOWN_FOR[result];
  if (wait !== undefined) throw new PayCoreError('RATE_LIMITED', { details: { retry_after: wait } });
  const after = (await deps.store.findPayment(payment.paymentNo)) ?? found;
  return { payment: after.payment, attempt: after.attempt ?? attempt };
}

async function prepareCall(deps: Deps, payment: Payment, attempt: Attempt, locale: Locale) {
  const subject = await loadSubject(deps, payment, attempt);
  const ctx = gatewayContext(deps, {
    gateway: payment.gateway,
    paymentNo: payment.paymentNo,
    gatewayOrderNo: attempt.gatewayOrderNo,
    locale,
    now: deps.clock.now(),
  });
  return { input: { ...makeCreateInput(deps, subject), locale }, ctx };
}

/** A number is good for one call. */
const ONCE = { usesNumber: true } as const;

async function payOnce(
  deps: Deps,
  syncAttempt: SyncAttempt,
  payment: Payment,
  attempt: Attempt,
  payToken: string,
  locale: Locale,
): Promise<InSitePaid> {
  const { inSite } = requireInSite(deps, payment);
  // What can fail without the gateway fails before the money is said to move.
  const { input, ctx } = await prepareCall(deps, payment, attempt, locale);
  if (!(await deps.store.beginCharge(attempt.id, ONCE, deps.clock.now()))) {
    return answerSpent(deps, syncAttempt, payment, attempt);
  }
  let result: InSiteResult;
  try {
    result = await inSite.pay({ ...input, payToken }, ctx);
  } catch (error) {
    throw await recordFailure(deps, payment, attempt, error);
  }
  const facts = result.type === 'redirect' ? [{ type: 'continued' } as const] : result.facts;
  await applyFacts(deps, attempt, facts);
  return result.type === 'redirect' ? { redirectUrl: result.url } : { found: await requirePayment(deps, payment) };
}

/** The button was pressed again, or the page is an old one: what became of the first press is the answer. */
async function answerSpent(
  deps: Deps,
  syncAttempt: SyncAttempt,
  payment: Payment,
  attempt: Attempt,
): Promise<InSitePaid> {
  const current = await deps.store.findAttempt(attempt.id);
  if (payment.status === 'pending' && current?.status === 'unknown') await syncAttempt(payment, current, 'page');
  const found = await requirePayment(deps, payment);
  if (found.payment.status === 'paid' || found.attempt?.instructions) return { found };
  throw notPayable(payment);
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
    const { gatewayCode: code, message } = error;
    await applyFacts(deps, attempt, [
      { type: 'declined', code, message },
      { type: 'ended', reason: 'GATEWAY_REFUSED', code, message },
    ]);
  } else if (error instanceof GatewayCallError && error.kind === 'not_sent') {
    await applyFacts(deps, attempt, [{ type: 'ended', reason: 'GATEWAY_UNREACHABLE', message: error.message }]);
  } else {
    await planSettling(deps, attempt);
  }
  return explainFailure(error, payment.paymentNo);
}
