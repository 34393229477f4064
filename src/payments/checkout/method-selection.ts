import { type Attempt, heldNumber, isAlive, isNumber, MAX_ATTEMPTS } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import type { Locale } from '../../core/locale.ts';
import { findMissing } from '../../core/payer.ts';
import type { Payment } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { type Calls, patienceOf } from '../calls.ts';
import { explainNone, findNewer, openBy } from '../create/attempt.ts';
import { callGateway } from '../create/gateway-call.ts';
import { troubleLeft } from '../create/stored-failure.ts';
import { type Trouble, troubleOf } from '../failure.ts';
import { loadSubject } from '../subject.ts';
import { findWay, listMethodOptions, type MethodOption } from './method-options.ts';
import type { MayDraw } from './start.ts';

/** `page`: the page shows what to do now. The others as in `StartResult`. */
export type SelectionResult = 'page' | 'too_many' | 'used_up' | Trouble;

/** The payer has chosen a way to pay. */
export function createMethodSelection(deps: Deps, calls: Calls) {
  const on: On = { deps, calls };
  /** One at a time for a payment: who presses twice waits for the number that the first press takes, in any process. */
  const flight = singleFlight<number, SelectionResult>();

  return function choose(
    found: PaymentWithAttempt,
    route: string,
    locale: Locale,
    mayDraw: MayDraw,
  ): Promise<SelectionResult> {
    return flight.run(found.payment.id, () => selectOnce(on, found, route, { locale, mayDraw }));
  };
}

/** While the page offers a choice: not while money may be moving through what was chosen before. */
export function maySelectMethod(
  { isCheckout, status, closeAt }: Payment,
  moving: Attempt | null,
  now: number,
): boolean {
  return isCheckout && status === 'pending' && closeAt !== null && now < closeAt && moving === null;
}

interface On {
  readonly deps: Deps;
  readonly calls: Calls;
}

async function selectOnce(
  on: On,
  found: PaymentWithAttempt,
  route: string,
  { locale, mayDraw }: { readonly locale: Locale; readonly mayDraw: MayDraw },
): Promise<SelectionResult> {
  const { deps } = on;
  const now = deps.clock.now();
  const payment = (await deps.store.findPaymentById(found.payment.id)) ?? found.payment;
  if (!maySelectMethod(payment, await deps.store.findMoving(payment.id), now)) return 'page';
  const choice = (await listMethodOptions(deps, payment)).find((one) => one.route === route);
  const taken = await listTaken(deps, payment, route);
  // A number that the payer has taken before and can still pay with, also when nobody is offered that way any more.
  const standing = taken.find((one) => (choice ? isStanding(one, now) : heldNumber(one, now) !== null));
  if (standing) {
    await select(deps, payment, standing, choice?.credential.id ?? standing.credentialId, now);
    return 'page';
  }
  const called = taken.find((one) => isCalling(one, now));
  if (called) return follow(on, called);
  // The page shows what is offered now.
  if (!choice) return 'page';
  const { gateway, method, credential } = choice;
  // What has to be asked first is asked on the page.
  if (!method.callsGateway || findMissing(method, payment.order).length > 0) {
    await select(deps, payment, { gateway: gateway.id, ...method }, credential.id, now);
    return 'page';
  }
  return (await mayDraw()) ? openChosen(on, payment, choice, locale) : 'too_many';
}

/** What the payer has taken this way and may still come to something. */
async function listTaken(deps: Deps, payment: Payment, route: string): Promise<readonly Attempt[]> {
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  return attempts.filter((one) => isAlive(one) && findWay(deps.gateways, one)?.route === route);
}

/** There is something to pay with. A number whose deadline is over is none, but nobody takes a second order elsewhere. */
function isStanding(attempt: Attempt, now: number): boolean {
  const { instructions } = attempt;
  return instructions !== null && (!isNumber(instructions) || heldNumber(attempt, now) !== null);
}

type Chosen = Pick<Attempt, 'gateway' | 'method' | 'mode'> & { readonly id?: number };

async function select(deps: Deps, payment: Payment, way: Chosen, credentialId: number, now: number): Promise<void> {
  const { gateway, method, mode, id: attemptId = null } = way;
  await deps.store.selectMethod(payment.id, { gateway, method, mode, credentialId, attemptId }, now);
}

/** What came of the press that has opened this attempt, here or in another process. */
async function follow({ calls }: On, attempt: Attempt): Promise<SelectionResult> {
  return troubleLeft(await calls.waitForCall(attempt, patienceOf('page'))) ?? 'page';
}

async function openChosen(on: On, payment: Payment, choice: MethodOption, locale: Locale): Promise<SelectionResult> {
  const { deps } = on;
  const { gateway, method, credential } = choice;
  const attempt = await openBy(deps, payment, { gateway, method, credentialId: credential.id }, locale, 'as_seen');
  if (!attempt) {
    const newer = await findNewer(deps, payment);
    return newer ? follow(on, newer) : explainNone(deps, payment);
  }
  try {
    await callGateway(deps, await loadSubject(deps, payment, attempt), true);
    return 'page';
  } catch (error) {
    if (!(error instanceof PayCoreError)) throw error;
    return troubleOf(error);
  }
}
