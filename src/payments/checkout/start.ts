import type { Attempt } from '../../core/attempt.ts';
import { isAlive } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import type { Locale } from '../../core/locale.ts';
import { type Payment, UNCHOSEN } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import { nameFor } from '../../gateways/names.ts';
import type { FormPostModel } from '../../pages/checkout/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { explainNone, openAnother } from '../create/attempt.ts';
import { callGateway, openStep } from '../create/gateway-call.ts';
import { reportFacts } from '../facts.ts';
import { type Trouble, troubleOf } from '../failure.ts';
import { loadSubject, makeContext, makeQueryInput } from '../subject.ts';
import type { SyncAttempt } from '../sync/attempt.ts';
import { pagePath } from '../urls.ts';
import { describeShop, itemOf } from './shop.ts';

export type StartResult =
  | { readonly type: 'form'; readonly model: FormPostModel }
  | { readonly type: 'redirect'; readonly url: string }
  /** The page has everything now, or says why nothing can be started. */
  | { readonly type: 'page' }
  /** `too_many`: from this address, and for a while. `used_up`: of this payment, and for good. */
  | { readonly type: 'too_many' | 'used_up' | Trouble };

/** Whether whoever presses may have one more order, number or form from a gateway; asked right before it is called. */
export type MayDraw = () => Promise<boolean>;

interface Way {
  readonly locale: Locale;
  readonly mayDraw: MayDraw;
}

/**
 * The payer pressed the button.
 *
 * Where a form carries the payer off, every post gets a number of its own, since ECPay takes none twice, not even after
 * the payer came back without paying. Where the gateway has made an order for us, that one is used while it lives.
 */
export function createPaymentStart(deps: Deps, syncAttempt: SyncAttempt) {
  /** One at a time for a payment: who presses twice is led where the first press leads. */
  const flight = singleFlight<number, StartResult>();

  return function go(found: PaymentWithAttempt, locale: Locale, mayDraw: MayDraw): Promise<StartResult> {
    // The first browser that posts a form uses up its number, so no two may get the same.
    if (found.payment.gateway === UNCHOSEN) return Promise.resolve({ type: 'page' });
    const way = { locale, mayDraw };
    if (!deps.gateways.methodOf(found.payment).method.callsGateway) return startOnce(deps, syncAttempt, found, way);
    return flight.run(found.payment.id, () => startAnew(deps, syncAttempt, found, way));
  };
}

/** What was found before this was registered may be from before another press that is over by now. */
async function startAnew(
  deps: Deps,
  syncAttempt: SyncAttempt,
  found: PaymentWithAttempt,
  way: Way,
): Promise<StartResult> {
  const now = await deps.store.findPayment(found.payment.paymentNo);
  return startOnce(deps, syncAttempt, now ?? found, way);
}

async function startOnce(
  deps: Deps,
  syncAttempt: SyncAttempt,
  found: PaymentWithAttempt,
  { locale, mayDraw }: Way,
): Promise<StartResult> {
  const { method } = deps.gateways.methodOf(found.payment);
  if (found.payment.status !== 'pending' || !method.mayChooseAgain) return { type: 'page' };
  if (!method.callsGateway) return openForm(deps, found.payment, locale);
  const { payment, attempt } = await refresh(deps, syncAttempt, found);
  if (payment.status !== 'pending' || (await deps.store.findMoving(payment.id))) return { type: 'page' };
  const standing = attempt && stepOf(attempt);
  if (attempt && standing?.type === 'redirect') await rememberLanguage(deps, attempt, locale);
  if (standing) return standing;
  if (!(await mayDraw())) return { type: 'too_many' };
  if (attempt?.status === 'open') await cancelAtGateway(deps, payment, attempt);
  return openOrder(deps, payment, locale);
}

/** What has become of the current attempt, where that may be something else than we know. */
async function refresh(deps: Deps, syncAttempt: SyncAttempt, found: PaymentWithAttempt): Promise<PaymentWithAttempt> {
  const { payment, attempt } = found;
  // A call that is under way has its own end: nobody waits for it here.
  if (!attempt || !isAlive(attempt) || isCalling(attempt, deps.clock.now())) return found;
  const { orderLifetimeMs } = deps.gateways.methodOf(payment).method;
  const isYoung = orderLifetimeMs !== undefined && deps.clock.now() < attempt.createdAt + orderLifetimeMs;
  if (attempt.status === 'open' && isYoung && attempt.instructions?.type === 'redirect') return found;
  await syncAttempt(payment, attempt, 'page');
  return (await deps.store.findPayment(payment.paymentNo)) ?? found;
}

/** The way back from the gateway was made when the order was, perhaps before anybody had chosen a language. */
async function rememberLanguage({ store }: Deps, attempt: Attempt, locale: Locale): Promise<void> {
  if (locale === (attempt.payerLocale ?? attempt.locale)) return;
  await store.noteLanguage(attempt.id, locale);
}

/** Where a living attempt leads; null: it leads nowhere, or the payer asks for another (a new QR code). */
function stepOf(attempt: Attempt): StartResult | null {
  if (!isAlive(attempt)) return null;
  if (attempt.status !== 'open') return { type: 'page' };
  const { instructions } = attempt;
  if (instructions?.type === 'redirect') return { type: 'redirect', url: instructions.url };
  return instructions?.type === 'qr' || !instructions ? null : { type: 'page' };
}

/** What is replaced or cancelled is ended at the gateway as well, so that it is not paid by accident; it is listened to all the same. */
export async function cancelAtGateway(deps: Deps, payment: Payment, attempt: Attempt): Promise<void> {
  const subject = await loadSubject(deps, payment, attempt);
  if (!subject.gateway.cancel) return;
  try {
    const facts = await subject.gateway.cancel(makeQueryInput(subject), makeContext(deps, payment, attempt));
    if (facts.length === 0) return;
    await reportFacts(deps, { attemptId: attempt.id, facts, source: 'gateway.request', mayChooseAgain: true });
  } catch (error) {
    deps.log.warn('order could not be cancelled at its gateway', { payment_no: payment.paymentNo, error });
  }
}

async function openOrder(deps: Deps, payment: Payment, locale: Locale): Promise<StartResult> {
  // What was replaced may have turned out to be paid.
  const now = (await deps.store.findPaymentById(payment.id)) ?? payment;
  if (now.status !== 'pending') return { type: 'page' };
  const attempt = await openAnother(deps, now, locale, 'as_seen');
  if (!attempt) return { type: await explainNone(deps, now) };
  try {
    const called = await callGateway(deps, await loadSubject(deps, payment, attempt), true);
    return (called.attempt && stepOf(called.attempt)) ?? { type: 'page' };
  } catch (error) {
    if (!(error instanceof PayCoreError)) throw error;
    return { type: troubleOf(error) };
  }
}

async function openForm(deps: Deps, payment: Payment, locale: Locale): Promise<StartResult> {
  const attempt = await openAnother(deps, payment, locale, 'as_is');
  if (!attempt) return { type: await explainNone(deps, payment) };
  const [subject, project] = await Promise.all([
    loadSubject(deps, payment, attempt),
    deps.store.findProject(payment.projectId),
  ]);
  const step = await openStep(deps, subject);
  if (step.type !== 'form') return { type: 'page' };
  return {
    type: 'form',
    model: {
      locale,
      ...describeShop(project, payment),
      gatewayName: nameFor(subject.gateway, locale),
      itemName: itemOf(payment),
      amount: payment.amount,
      currency: payment.currency,
      action: step.action,
      fields: step.fields,
      backUrl: pagePath(deps, payment.paymentNo, locale),
    },
  };
}
