import { isAlive, MAX_ATTEMPTS } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { openBy } from '../create/attempt.ts';
import { callGateway } from '../create/gateway-call.ts';
import { loadSubject } from '../subject.ts';
import { listMethodOptions, type MethodOption } from './method-options.ts';
import { findMissing } from './payer-details.ts';

/** `page`: the page shows what to do now. `trouble`: the gateway refused, or could not be reached. */
export type SelectionResult = 'page' | 'trouble' | 'too_many';

/** The payer has chosen a way to pay. */
export function createMethodSelection(deps: Deps) {
  /** One at a time for a payment: a button that is pressed twice takes one number. */
  const flight = singleFlight<number, SelectionResult>();

  return function choose(found: PaymentWithAttempt, route: string, locale: Locale): Promise<SelectionResult> {
    return flight.run(found.payment.id, () => selectOnce(deps, found.payment, route, locale));
  };
}

/** While the page offers a choice: not while a gateway holds money that the payer has sent already. */
export function maySelectMethod({ isCheckout, status, closeAt, flags }: Payment, now: number): boolean {
  return isCheckout && status === 'pending' && closeAt !== null && now < closeAt && !flags.includes('under_review');
}

async function selectOnce(deps: Deps, payment: Payment, route: string, locale: Locale): Promise<SelectionResult> {
  const now = deps.clock.now();
  if (!maySelectMethod(payment, now)) return 'page';
  const choice = (await listMethodOptions(deps, payment)).find((one) => one.route === route);
  // The page shows what is offered now.
  if (!choice) return 'page';
  const { gateway, method, credential } = choice;
  const known = await findStanding(deps, payment, choice);
  // What has to be asked first is asked on the page.
  if (known !== null || !method.callsGateway || findMissing(method, payment.order) !== null) {
    const way = { gateway: gateway.id, method: method.method, mode: method.mode, credentialId: credential.id };
    await deps.store.selectMethod(payment.id, { ...way, attemptId: known }, now);
    return 'page';
  }
  return openChosen(deps, payment, choice, locale);
}

/** A number that the payer has taken before and can still pay with. */
async function findStanding(deps: Deps, payment: Payment, { gateway, method }: MethodOption): Promise<number | null> {
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  const standing = attempts.find(
    (one) =>
      isAlive(one) &&
      one.instructions !== null &&
      one.gateway === gateway.id &&
      one.method === method.method &&
      one.mode === method.mode,
  );
  return standing?.id ?? null;
}

async function openChosen(
  deps: Deps,
  payment: Payment,
  choice: MethodOption,
  locale: Locale,
): Promise<SelectionResult> {
  const { gateway, method, credential } = choice;
  const attempt = await openBy(deps, payment, { gateway, method, credentialId: credential.id }, locale);
  if (!attempt) return 'too_many';
  try {
    await callGateway(deps, await loadSubject(deps, payment, attempt), true);
    return 'page';
  } catch (error) {
    if (!(error instanceof PayCoreError)) throw error;
    return 'trouble';
  }
}
