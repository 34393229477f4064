import type { Attempt, NextStep } from '../../core/attempt.ts';
import { isAlive } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { makeGatewayOrderNo } from '../../core/ids.ts';
import { CALL_LIMIT, planNextSync } from '../../core/lifecycle/schedule.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import {
  type CreateInput,
  type Gateway,
  type GatewayContext,
  GatewayRefusal,
  type Method,
  type QueryInput,
  type Secrets,
} from '../../gateways/gateway.ts';
import { GatewayCallError } from '../../gateways/http.ts';
import type { NewAttempt } from '../../store/commands/open-payment.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { reportFacts } from '../facts.ts';
import { openSecrets } from '../projects/credentials.ts';
import { gatewayContext } from '../urls.ts';

/**
 * Opening attempts and calling gateways for them: what all use cases share. Payment and attempt are on disk before the
 * call, what the gateway said is on disk before anybody hears of it.
 */
export interface CallSubject {
  readonly gateway: Gateway;
  readonly method: Method;
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly secrets: Secrets;
}

/** How long a payment by this method lives from its creation. */
export function lifetimeOf(method: Method, expireDays: number | undefined): number {
  return expireDays === undefined ? method.defaultLifetimeMs : Math.min(expireDays, method.maxExpireDays) * DAY;
}

export interface AttemptOf {
  readonly gateway: Gateway;
  readonly method: Method;
  readonly merchantOrderNo: string;
  readonly credentialId: number;
  readonly now: number;
  readonly deadline: number;
  readonly locale: Locale;
}

/** An attempt that is about to be opened: its number at the gateway, its deadline, its first look. */
export function planAttempt(deps: Pick<Deps, 'random'>, of: AttemptOf): NewAttempt {
  const { gateway, method, merchantOrderNo, now, deadline } = of;
  const first = planNextSync({ status: 'open', syncTries: 0, deadline }, now, method.graceMs.none);
  const keeps = gateway.orderNo?.keeps?.test(merchantOrderNo) ?? false;
  return {
    gatewayOrderNo: makeGatewayOrderNo(now, deps.random, gateway.orderNo?.length),
    ...(keeps ? { preferredOrderNo: merchantOrderNo } : {}),
    gateway: gateway.id,
    method: method.method,
    mode: method.mode,
    credentialId: of.credentialId,
    locale: of.locale,
    status: method.callsGateway ? 'unknown' : 'open',
    deadline,
    checkAt: method.callsGateway ? now + CALL_LIMIT : first,
  };
}

/** What an attempt is opened with. */
export interface Way {
  readonly gateway: Gateway;
  readonly method: Method;
  readonly credentialId: number;
}

/** A further attempt the same way; null when the payment is not pending any more, or has had too many. */
export function openAnother(deps: Deps, payment: Payment, locale: Locale): Promise<Attempt | null> {
  return openBy(deps, payment, { ...deps.gateways.methodOf(payment), credentialId: payment.credentialId }, locale);
}

/** A further attempt by the way that the payer has chosen; null as above. */
export function openBy(deps: Deps, payment: Payment, way: Way, locale: Locale): Promise<Attempt | null> {
  const now = deps.clock.now();
  const plan = planAttempt(deps, {
    ...way,
    merchantOrderNo: payment.merchantOrderNo,
    now,
    // Where the method is chosen on the page, its time begins with the choice.
    deadline: (payment.isCheckout ? now : payment.createdAt) + lifetimeOf(way.method, payment.order.expireDays),
    locale,
  });
  return deps.store.openAttempt(payment.id, plan, now);
}

/** What a stored attempt is called with. */
export async function loadSubject(
  deps: Pick<Deps, 'store' | 'vault' | 'gateways'>,
  payment: Payment,
  attempt: Attempt,
): Promise<CallSubject> {
  const stored = await deps.store.findCredential(attempt.credentialId);
  if (!stored) throw new Error(`credential ${attempt.credentialId} of payment ${payment.paymentNo} is missing`);
  // A payment may have attempts in several environments: the sandboxes of two gateways have different names.
  const located = { ...payment, environment: stored.environment };
  return { ...deps.gateways.methodOf(attempt), payment: located, attempt, secrets: openSecrets(deps, stored) };
}

export function makeContext(
  deps: Deps,
  payment: Payment,
  attempt: Attempt,
  now: number = deps.clock.now(),
): GatewayContext {
  return gatewayContext(deps, {
    gateway: attempt.gateway,
    paymentNo: payment.paymentNo,
    gatewayOrderNo: attempt.gatewayOrderNo,
    locale: attempt.locale ?? deps.config.locale,
    now,
  });
}

export function makeCreateInput(deps: Pick<Deps, 'config'>, subject: CallSubject): CreateInput {
  const { method, payment, attempt, secrets } = subject;
  return {
    method,
    payment,
    gatewayOrderNo: attempt.gatewayOrderNo,
    secrets,
    locale: attempt.locale ?? deps.config.locale,
    deadline: attempt.deadline,
  };
}

export function makeQueryInput(deps: Pick<Deps, 'store'>, subject: CallSubject): QueryInput {
  const { method, payment, attempt, secrets } = subject;
  return {
    method,
    payment,
    gatewayOrderNo: attempt.gatewayOrderNo,
    tradeNo: attempt.gatewayTradeNo,
    declines: attempt.declines,
    isUnderReview: attempt.status === 'under_review',
    environment: payment.environment,
    secrets,
    // While the gateway answered, the payment may have been paid another way, or cancelled.
    mayTake: async () => {
      const [paymentNow, now] = await Promise.all([
        deps.store.findPaymentById(payment.id),
        deps.store.findAttempt(attempt.id),
      ]);
      return paymentNow?.status === 'pending' && now !== null && isAlive(now);
    },
    hasInstructions: attempt.instructions !== null,
    deadline: attempt.deadline,
  };
}

/** Asks the driver what comes next for an attempt. As of its opening, so that asking again asks for the same. */
export function openStep(deps: Deps, subject: CallSubject): Promise<NextStep> {
  const { gateway, payment, attempt } = subject;
  return gateway.create(makeCreateInput(deps, subject), makeContext(deps, payment, attempt, attempt.createdAt));
}

/**
 * Calls the gateway for a new attempt and stores what it says. `mayChooseAgain`: a refusal leaves the payment pending.
 * Throws what the caller is answered with.
 */
export async function callGateway(
  deps: Deps,
  subject: CallSubject,
  mayChooseAgain: boolean,
): Promise<PaymentWithAttempt> {
  const { gateway, method, payment, attempt } = subject;
  let step: NextStep;
  try {
    step = await openStep(deps, subject);
  } catch (error) {
    throw await recordFailure(deps, subject, error, mayChooseAgain);
  }
  if (step.type !== 'instructions') throw new Error(`${gateway.id} ${method.path} answered a ${step.type} step`);
  try {
    return await reportFacts(deps, {
      attemptId: attempt.id,
      facts: [step],
      source: 'gateway.request',
      mayChooseAgain: method.mayChooseAgain,
    });
  } catch (cause) {
    // The number exists at the gateway; the attempt stays unknown and is settled later.
    const message = 'The gateway has issued a number, but it could not be stored yet. Send the same request again.';
    throw new PayCoreError('STORAGE_UNAVAILABLE', { message, details: { payment_no: payment.paymentNo }, cause });
  }
}

/** Writes down how the call failed and gives the error the caller is answered with. */
async function recordFailure(
  deps: Deps,
  { payment, attempt }: CallSubject,
  error: unknown,
  mayChooseAgain: boolean,
): Promise<PayCoreError> {
  const log = deps.log.child({ payment_no: payment.paymentNo, gateway: payment.gateway });
  const end = (reason: 'GATEWAY_REFUSED' | 'GATEWAY_UNREACHABLE', code: string, message: string) =>
    reportFacts(deps, {
      attemptId: attempt.id,
      facts: [{ type: 'ended', reason, code, message }],
      source: 'gateway.request',
      mayChooseAgain,
    });
  if (error instanceof GatewayRefusal) {
    log.info('gateway refused', { code: error.gatewayCode, reason: error.message });
    await end('GATEWAY_REFUSED', error.gatewayCode, error.message);
    return explainFailure(error, null);
  }
  if (error instanceof GatewayCallError && error.kind === 'not_sent') {
    log.warn('gateway unreachable', { error });
    await end('GATEWAY_UNREACHABLE', error.code ?? '', error.message);
    return explainFailure(error, null);
  }
  log.warn('gateway outcome unknown', { error });
  await deps.store.recordEvent({
    paymentId: payment.id,
    attemptId: attempt.id,
    type: 'gateway.request',
    data: { outcome: 'unknown', kind: kindOf(error), message: error instanceof Error ? error.message : '' },
    at: deps.clock.now(),
  });
  await planSettling(deps, attempt);
  return explainFailure(error, payment.paymentNo);
}

/** A call has ended without telling its outcome: it is asked for within seconds. */
export async function planSettling(deps: Deps, attempt: Attempt): Promise<void> {
  const now = deps.clock.now();
  const checkAt = planNextSync({ ...attempt, status: 'unknown', syncTries: 0 }, now, 0);
  await deps.store.planSync({ attemptId: attempt.id, checkAt, syncTries: 1, notFoundCount: 0 }, now);
  deps.wake();
}

/** What a caller is told about a failed call. `paymentNo`: the call may have had an effect at the gateway. */
export function explainFailure(error: unknown, paymentNo: string | null): PayCoreError {
  if (error instanceof PayCoreError) return error;
  if (error instanceof GatewayRefusal) {
    return new PayCoreError(error.errorCode, {
      details: { gateway: { code: error.gatewayCode, message: error.message } },
      cause: error,
    });
  }
  const kind = kindOf(error);
  const details = paymentNo === null || kind === 'not_sent' ? {} : { payment_no: paymentNo };
  return new PayCoreError(kind === 'timeout' ? 'PAYMENT_GATEWAY_TIMEOUT' : 'PAYMENT_GATEWAY_ERROR', {
    details,
    cause: error,
  });
}

function kindOf(error: unknown): string {
  return error instanceof GatewayCallError ? error.kind : 'garbage';
}
