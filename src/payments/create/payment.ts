import type { Attempt, NextStep } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import { findMissing } from '../../core/payer.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method, Secrets } from '../../gateways/gateway.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import type { Caller } from '../caller.ts';
import { type Calls, patienceOf } from '../calls.ts';
import { openSecrets, type ResolvedCredential, requireCredential, resolveCredential } from '../projects/credentials.ts';
import { serializePayment } from '../serialize.ts';
import { explainSync, type SyncAttempt } from '../sync/attempt.ts';
import { requireOrigins } from '../urls.ts';
import { lifetimeOf, openAnother, planAttempt } from './attempt.ts';
import { callGateway, openStep } from './gateway-call.ts';
import { type CreateRequest, readCreateRequest } from './request.ts';
import { findFailure } from './stored-failure.ts';

/**
 * Creating a payment.
 *
 * 1. The request is checked whole. 2. Payment and attempt are inserted; the order number decides whether this is a new
 * payment. 3. Only then the gateway is called, if it has to be. 4. What it said is stored before it is answered.
 * A crash between 2 and 4 leaves an attempt whose outcome is unknown, which is the truth.
 */
export interface Created {
  readonly created: boolean;
  readonly data: Record<string, unknown>;
}

interface Job {
  readonly caller: Caller;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly request: CreateRequest;
  readonly credential: ResolvedCredential;
}

/** What a create needs besides what it is about. */
interface On {
  readonly deps: Deps;
  readonly syncAttempt: SyncAttempt;
  readonly calls: Calls;
}

export function createCreator(deps: Deps, syncAttempt: SyncAttempt, calls: Calls) {
  const on: On = { deps, syncAttempt, calls };
  /**
   * Creates under way by order, so that twins wait for the first instead of calling the gateway again. Those that reach
   * another process find its payment in the store, and wait for its call.
   */
  const underWay = new Map<string, { readonly same: string; readonly result: Promise<Created> }>();

  async function run(job: Job): Promise<Created> {
    const key = orderKey(job);
    const same = sameKey(job);
    for (let first = underWay.get(key); first; first = underWay.get(key)) {
      if (first.same === same) return unmarkCreated(await first.result);
      await first.result.catch(() => undefined);
    }
    // Nothing may come between the look that found no other and this: only then is it the first.
    const result = open(on, job);
    underWay.set(key, { same, result });
    try {
      return await result;
    } finally {
      underWay.delete(key);
    }
  }

  return async function createPayment(
    caller: Caller,
    gateway: Gateway,
    method: Method,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Created> {
    const [limits, settings] = await Promise.all([
      deps.store.findLimits(caller.projectId),
      deps.store.findSettings(caller.projectId),
    ]);
    const request = readCreateRequest(body, gateway, method, { ...deps, limits, settings });
    const credential = await resolveCredential(deps, caller, gateway, body.gateway_credentials);
    // What the operator has to set up first is said before anything is stored.
    requireOrigins(deps, gateway, credential.environment);
    return run({ caller, gateway, method, request, credential });
  };
}

function unmarkCreated(result: Created): Created {
  return { created: false, data: { ...result.data, created: false } };
}

function orderKey({ caller, request, credential }: Job): string {
  return JSON.stringify([caller.projectId, caller.kind, isLive(caller, credential), request.merchantOrderNo]);
}

/** What makes two creates of one order the same. */
function sameKey({ gateway, method, request }: Job): string {
  return JSON.stringify([gateway.id, method.method, method.mode, request.amount, request.currency]);
}

function isLive(caller: Caller, credential: ResolvedCredential): boolean {
  return caller.kind === 'live' && credential.environment === 'production';
}

async function open(on: On, job: Job): Promise<Created> {
  const { deps } = on;
  const { caller, gateway, method, request, credential } = job;
  const now = deps.clock.now();
  const deadline = now + lifetimeOf(method, request.order.expireDays);
  // The payer is asked first, and the gateway then.
  const isAsked = findMissing(method, request.order).length > 0;
  const opened = await deps.store.openPayment(
    {
      projectId: caller.projectId,
      livemode: isLive(caller, credential),
      keyKind: caller.kind,
      merchantOrderNo: request.merchantOrderNo,
      gateway: gateway.id,
      method: method.method,
      mode: method.mode,
      environment: credential.environment,
      amount: request.amount,
      currency: request.currency,
      unit: method.unit,
      order: request.order,
      credentialId: credential.id,
      isCheckout: false,
      closeAt: isAsked ? deadline : null,
      origin: { by: { type: 'api_key', id: caller.keyId } },
      now,
    },
    isAsked
      ? null
      : planAttempt(deps, {
          gateway,
          method,
          merchantOrderNo: request.merchantOrderNo,
          credentialId: credential.id,
          now,
          deadline,
          locale: request.order.locale ?? deps.config.locale,
        }),
  );
  if (!opened.created) return repeat(on, job, opened, MAX_OVERTAKEN);
  const { payment, attempt } = opened;
  if (isAsked) return { created: true, data: await present(deps, job, opened, true) };
  if (!attempt) throw new Error(`payment ${payment.paymentNo} was opened without an attempt`);
  const subject = { gateway, method, payment, attempt, secrets: credential.secrets };
  // No number was given out, so nobody could choose again: a refusal ends the payment, and the order is free.
  const final = method.callsGateway ? await callGateway(deps, subject, false) : { payment, attempt };
  return { created: true, data: await present(deps, job, final, true) };
}

/** How often another process may be found to have been quicker, until the caller is told. */
const MAX_OVERTAKEN = 2;

async function repeat(on: On, job: Job, found: PaymentWithAttempt, rounds: number): Promise<Created> {
  const { deps } = on;
  requireSame(job, found.payment);
  const existing = await awaitCall(on, found);
  const { payment, attempt } = existing;
  if (payment !== found.payment) {
    if (payment.status === 'failed' || payment.status === 'expired') return open(on, job);
    requireSame(job, payment);
  }
  if (attempt && needsAnotherNumber(job, attempt, deps.clock.now())) return tryAnotherNumber(on, job, existing, rounds);
  if (attempt?.status === 'unknown') return settleFirst(on, job, payment, attempt);
  return { created: false, data: await present(deps, job, existing, false) };
}

/** Throws ORDER_CONFLICT for what is no repetition. */
function requireSame({ gateway, method, request }: Job, payment: Payment): void {
  const same =
    payment.status === 'pending' &&
    !payment.isCheckout &&
    payment.gateway === gateway.id &&
    payment.method === method.method &&
    payment.mode === method.mode &&
    payment.amount === request.amount &&
    payment.currency === request.currency;
  if (!same) throw new PayCoreError('ORDER_CONFLICT', { details: { payment_no: payment.paymentNo } });
}

/** What another process's call has come to, as far as it has ended. Throws what its caller was answered with. */
async function awaitCall({ deps, calls }: On, found: PaymentWithAttempt): Promise<PaymentWithAttempt> {
  const { payment, attempt } = found;
  const after = attempt && (await calls.waitForCall(attempt, patienceOf('create')));
  if (!after || after === attempt) return found;
  const failure = await findFailure(deps, payment, after);
  if (failure) throw failure;
  return (await deps.store.findPayment(payment.paymentNo)) ?? found;
}

/** An attempt that was ended leaves the payment pending when the one before it is only watched. */
function needsAnotherNumber({ gateway, method }: Job, attempt: Attempt, now: number): boolean {
  // Another process may be waiting for this very number.
  if (gateway.settle !== 'abandon' || isCalling(attempt, now)) return false;
  const { status } = attempt;
  return status === 'unknown' || (status === 'ended' && !method.mayChooseAgain);
}

/** Nobody can say what became of the earlier call: it is watched, and this one asks for a number of its own. */
async function tryAnotherNumber(on: On, job: Job, { payment }: PaymentWithAttempt, rounds: number): Promise<Created> {
  const { deps } = on;
  const attempt = await openAnother(deps, payment, payment.order.locale ?? deps.config.locale, 'as_seen');
  if (!attempt) {
    // Another process may be asking for one already.
    const now = rounds > 0 ? await deps.store.findPayment(payment.paymentNo) : null;
    if (now && now.payment.attemptId !== payment.attemptId) return repeat(on, job, now, rounds - 1);
    throw new PayCoreError('ORDER_CONFLICT', { details: { payment_no: payment.paymentNo } });
  }
  const { gateway, method } = job;
  const subject = { gateway, method, payment, attempt, secrets: await secretsOf(deps, job, attempt) };
  return { created: false, data: await present(deps, job, await callGateway(deps, subject, false), false) };
}

/** An earlier call's outcome is unknown: it is asked for before anything is answered, and never called again meanwhile. */
async function settleFirst(on: On, job: Job, payment: Payment, attempt: Attempt): Promise<Created> {
  const { deps } = on;
  const result = await on.syncAttempt(payment, attempt, 'request');
  const after = await deps.store.findPayment(payment.paymentNo);
  if (after && after.payment.status !== 'pending') return open(on, job);
  if (after && after.attempt?.status !== 'unknown')
    return { created: false, data: await present(deps, job, after, false) };
  throw (
    explainSync(result, payment.paymentNo, deps.clock.now()) ??
    new PayCoreError('PAYMENT_GATEWAY_TIMEOUT', { details: { payment_no: payment.paymentNo } })
  );
}

async function present(
  deps: Deps,
  job: Job,
  found: PaymentWithAttempt,
  created: boolean,
): Promise<Record<string, unknown>> {
  const { payment, attempt } = found;
  const form = attempt && !job.method.callsGateway ? await buildForm(deps, payment, attempt, job) : null;
  return {
    ...serializePayment(deps, payment, attempt),
    ...(form?.type === 'form'
      ? { redirect_form: { action: form.action, method: form.method, fields: form.fields } }
      : {}),
    created,
  };
}

/** The signed form of an attempt; made from what is stored, it comes out the same every time. */
async function buildForm(deps: Deps, payment: Payment, attempt: Attempt, job: Job): Promise<NextStep> {
  const { gateway, method } = job;
  return openStep(deps, { gateway, method, payment, attempt, secrets: await secretsOf(deps, job, attempt) });
}

/** A repeated create may bring other credentials; those must not sign a number that was opened with the first ones. */
async function secretsOf(deps: Deps, job: Job, attempt: Attempt): Promise<Secrets> {
  if (attempt.credentialId === job.credential.id) return job.credential.secrets;
  return openSecrets(deps, await requireCredential(deps, attempt));
}
