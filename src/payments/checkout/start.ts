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
import { type Calls, patienceOf } from '../calls.ts';
import { explainNone, findNewer, openAnother } from '../create/attempt.ts';
import { callGateway, openStep } from '../create/gateway-call.ts';
import { troubleLeft } from '../create/stored-failure.ts';
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

interface On {
  readonly deps: Deps;
  readonly syncAttempt: SyncAttempt;
  readonly calls: Calls;
}

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
export function createPaymentStart(deps: Deps, syncAttempt: SyncAttempt, calls: Calls) {
  const on: On = { deps, syncAttempt, calls };
  /**
   * One at a time for a payment: who presses twice is led where the first press leads. Of presses in several processes one
   * opens the order, for which the others have seen another payment than there is by then, and they wait for its call.
   */
  const flight = singleFlight<number, StartResult>();

  return function go(found: PaymentWithAttempt, locale: Locale, mayDraw: MayDraw): Promise<StartResult> {
    // The first browser that posts a form uses up its number, so no two may get the same.
    if (found.payment.gateway === UNCHOSEN) return Promise.resolve({ type: 'page' });
    const way = { locale, mayDraw };
    if (!deps.gateways.methodOf(found.payment).method.callsGateway) return startOnce(on, found, way);
    return flight.run(found.payment.id, () => startAnew(on, found, way));
  };
}

/** What was found before this was registered may be from before another press that is over by now. */
async function startAnew(on: On, found: PaymentWithAttempt, way: Way): Promise<StartResult> {
  const now = await on.deps.store.findPayment(found.payment.paymentNo);
  return startOnce(on, now ?? found, way);
}

async function startOnce(on: On, found: PaymentWithAttempt, { locale, mayDraw }: Way): Promise<StartResult> {
  const { deps } = on;
  const { method } = deps.gateways.methodOf(found.payment);
  if (found.payment.status !== 'pending' || !method.mayChooseAgain) return { type: 'page' };
  if (!method.callsGateway) return openForm(deps, found.payment, locale);
  const { payment, attempt } = await refresh(on, found);
  if (payment.status !== 'pending' || (await deps.store.findMoving(payment.id))) return { type: 'page' };
  if (attempt && isCalling(attempt, deps.clock.now())) return follow(on, attempt, locale);
  const standing = attempt && stepOf(attempt);
  if (attempt && standing) return leadTo(deps, attempt, standing, locale);
  if (!(await mayDraw())) return { type: 'too_many' };
  if (attempt?.status === 'open') await cancelAtGateway(deps, payment, attempt);
  return openOrder(on, payment, locale);
}

async function leadTo(deps: Deps, attempt: Attempt, step: StartResult, locale: Locale): Promise<StartResult> {
  if (step.type === 'redirect') await rememberLanguage(deps, attempt, locale);
  return step;
}

/** Where the press leads that has opened this attempt, here or in another process. */
async function follow({ deps, calls }: On, attempt: Attempt, locale: Locale): Promise<StartResult> {
  const after = await calls.waitForCall(attempt, patienceOf('page'));
  const trouble = troubleLeft(after);
  if (trouble) return { type: trouble };
  return leadTo(deps, after, stepOf(after) ?? { type: 'page' }, locale);
}

/** What has become of the current attempt, where that may be something else than we know. */
async function refresh({ deps, syncAttempt }: On, found: PaymentWithAttempt): Promise<PaymentWithAttempt> {
  const { payment, attempt } = found;
  // A call that is under way has its own end.
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

async function openOrder(on: On, payment: Payment, locale: Locale): Promise<StartResult> {
  const { deps } = on;
  // What was replaced may have turned out to be paid.
  const now = (await deps.store.findPaymentById(payment.id)) ?? payment;
  if (now.status !== 'pending') return { type: 'page' };
  // What was opened meanwhile was opened by somebody who had seen the same.
  const isSeen = now.attemptId === payment.attemptId;
  const attempt = isSeen ? await openAnother(deps, now, locale, 'as_seen') : null;
  if (!attempt) {
    const newer = await findNewer(deps, payment);
    return newer ? follow(on, newer, locale) : { type: await explainNone(deps, now) };
  }
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
