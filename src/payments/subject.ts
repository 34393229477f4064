import type { Attempt } from '../core/attempt.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { CreateInput, Gateway, GatewayContext, Method, QueryInput, Secrets } from '../gateways/gateway.ts';
import { openSecrets, requireCredential } from './projects/credentials.ts';
import { gatewayContext } from './urls.ts';

/** What a gateway is called about: the stored attempt with its payment, its driver and what opens the account. */
export interface CallSubject {
  readonly gateway: Gateway;
  readonly method: Method;
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly secrets: Secrets;
}

/** What a stored attempt is called with. */
export async function loadSubject(
  deps: Pick<Deps, 'store' | 'vault' | 'gateways'>,
  payment: Payment,
  attempt: Attempt,
): Promise<CallSubject> {
  const stored = await requireCredential(deps, attempt);
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

const commonInput = ({ method, payment, attempt: { gatewayOrderNo, deadline }, secrets }: CallSubject) => ({
  method,
  payment,
  gatewayOrderNo,
  secrets,
  deadline,
});

export function makeCreateInput(deps: Pick<Deps, 'config'>, subject: CallSubject): CreateInput {
  return { ...commonInput(subject), locale: subject.attempt.locale ?? deps.config.locale };
}

/** Whoever only looks takes nothing. */
const takeNothing = async () => false;

export function makeQueryInput(subject: CallSubject, beginCapture: () => Promise<boolean> = takeNothing): QueryInput {
  const { payment, attempt } = subject;
  return {
    ...commonInput(subject),
    tradeNo: attempt.gatewayTradeNo,
    declines: attempt.declines,
    isUnderReview: attempt.status === 'under_review',
    environment: payment.environment,
    beginCapture,
    hasInstructions: attempt.instructions !== null,
    lacksCodeUrl: attempt.instructions?.type === 'cvs' && attempt.instructions.paymentCodeUrl === undefined,
  };
}
