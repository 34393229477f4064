import { type Attempt, MAX_ATTEMPTS } from '../../core/attempt.ts';
import { makeGatewayOrderNo } from '../../core/ids.ts';
import { CALL_LIMIT, planNextSync } from '../../core/lifecycle/schedule.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { NewAttempt } from '../../store/commands/open-payment.ts';

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
  const drawOrderNo = () => makeGatewayOrderNo(now, deps.random, gateway.orderNo?.length);
  return {
    gatewayOrderNo: drawOrderNo(),
    drawOrderNo,
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
export interface MethodSelection {
  readonly gateway: Gateway;
  readonly method: Method;
  readonly credentialId: number;
}

/** The payment as it was when it was decided to open another attempt, or any payment whatever became of it since. */
type Decided = 'as_seen' | 'as_is';

/**
 * A further attempt the same way; null when the payment is not pending any more, has had too many, or its money may be
 * moving. `as_seen`: whoever presses twice, here or in another process, has seen the same payment, and only one of them still
 * finds it so.
 */
export function openAnother(deps: Deps, payment: Payment, locale: Locale, decided: Decided): Promise<Attempt | null> {
  const { credentialId } = payment;
  if (credentialId === null) throw new Error(`nobody has chosen how ${payment.paymentNo} is paid`);
  return openBy(deps, payment, { ...deps.gateways.methodOf(payment), credentialId }, locale, decided);
}

/** A further attempt by the way that the payer has chosen; null as above. */
export function openBy(
  deps: Deps,
  payment: Payment,
  selection: MethodSelection,
  locale: Locale,
  decided: Decided,
): Promise<Attempt | null> {
  const now = deps.clock.now();
  const plan = planAttempt(deps, {
    ...selection,
    merchantOrderNo: payment.merchantOrderNo,
    now,
    // Where the method is chosen on the page, its time begins with the choice.
    deadline: (payment.isCheckout ? now : payment.createdAt) + lifetimeOf(selection.method, payment.order.expireDays),
    locale,
  });
  return deps.store.openAttempt(payment.id, plan, now, decided === 'as_seen' ? payment.revision : undefined);
}

/** What somebody has opened since the payment was like this, in another process perhaps; null: nothing. */
export async function findNewer(
  { store }: Pick<Deps, 'store'>,
  { paymentNo, attemptId }: Payment,
): Promise<Attempt | null> {
  const now = await store.findPayment(paymentNo);
  return now && now.payment.attemptId !== attemptId ? now.attempt : null;
}

/** Why there was none: the payment has had all the tries it may have, or the page shows what it is. */
export async function explainNone(deps: Pick<Deps, 'store'>, payment: Payment): Promise<'used_up' | 'page'> {
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  return attempts.length >= MAX_ATTEMPTS ? 'used_up' : 'page';
}
