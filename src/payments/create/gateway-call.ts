import type { Attempt, Fact, NextStep } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { planNextSync } from '../../core/lifecycle/schedule.ts';
import type { Deps } from '../../deps.ts';
import { GatewayRefusal } from '../../gateways/gateway.ts';
import { GatewayCallError } from '../../gateways/http.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { reportFacts } from '../facts.ts';
import { explainFailure, failureKind } from '../failure.ts';
import { noteRefusal } from '../projects/credential-trouble.ts';
import { noteProved } from '../projects/credentials.ts';
import { type CallSubject, makeContext, makeCreateInput } from '../subject.ts';

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
  await noteProved(deps, attempt.credentialId);
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
  const end = (fact: Omit<Extract<Fact, { type: 'ended' }>, 'type'>) =>
    reportFacts(deps, {
      attemptId: attempt.id,
      facts: [{ type: 'ended', ...fact }],
      source: 'gateway.request',
      mayChooseAgain,
    });
  if (error instanceof GatewayRefusal) {
    log.info('gateway refused', { code: error.gatewayCode, reason: error.message });
    const { gatewayCode: code, message, errorCode } = error;
    await end({ reason: 'GATEWAY_REFUSED', code, message, errorCode });
    await noteRefusal(deps, attempt.credentialId, error);
    return explainFailure(error, null);
  }
  if (error instanceof GatewayCallError && error.kind === 'not_sent') {
    log.warn('gateway unreachable', { error });
    await end({ reason: 'GATEWAY_UNREACHABLE', code: error.code ?? '', message: error.message });
    return explainFailure(error, null);
  }
  log.warn('gateway outcome unknown', { error });
  await recordLost(deps, attempt, error);
  return explainFailure(error, payment.paymentNo);
}

/** The call has ended, and nobody knows how: that stands on the timeline before anybody can see that it is over. */
export async function recordLost(deps: Deps, attempt: Attempt, error: unknown): Promise<void> {
  await deps.store.recordEvent({
    paymentId: attempt.paymentId,
    attemptId: attempt.id,
    type: 'gateway.request',
    data: { outcome: 'unknown', kind: failureKind(error), message: error instanceof Error ? error.message : '' },
    at: deps.clock.now(),
  });
  await planSettling(deps, attempt);
}

/** A call has ended without telling its outcome: it is asked for within seconds. */
export async function planSettling(deps: Deps, attempt: Attempt): Promise<void> {
  const now = deps.clock.now();
  const checkAt = planNextSync({ ...attempt, status: 'unknown', syncTries: 0 }, now, 0);
  await deps.store.planSync({ attemptId: attempt.id, checkAt, syncTries: 1, notFoundCount: 0, endsCall: true }, now);
  deps.wake();
}
