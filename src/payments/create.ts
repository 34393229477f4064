import type { Attempt, NextStep } from '../core/attempt.ts';
import { CALL_LIMIT, planNextCheck } from '../core/checks.ts';
import { PayCoreError } from '../core/errors.ts';
import { makeGatewayOrderNo } from '../core/ids.ts';
import type { Payment } from '../core/payment.ts';
import { DAY } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { type Gateway, GatewayRefusal, type Method, type Secrets } from '../gateways/gateway.ts';
import { GatewayCallError } from '../gateways/http.ts';
import type { PaymentWithAttempt } from '../store/payments.ts';
import type { Caller } from './caller.ts';
import { presentPayment } from './present.ts';
import { reportFacts } from './report.ts';
import { type CreateRequest, readCreateRequest } from './request.ts';
import { openSecrets, type ResolvedCredential, resolveCredential } from './secrets.ts';
import { explainLook, type Settler } from './settle.ts';
import { gatewayContext } from './urls.ts';

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

export function createCreator(deps: Deps, look: Settler) {
  /** Creates under way by order, so that twins wait for the first instead of calling the gateway again. */
  const underWay = new Map<string, { readonly same: string; readonly result: Promise<Created> }>();

  async function run(job: Job): Promise<Created> {
    const key = orderKey(job);
    const same = sameKey(job);
    for (let first = underWay.get(key); first; first = underWay.get(key)) {
      if (first.same === same) return unmarkCreated(await first.result);
      await first.result.catch(() => undefined);
    }
    const result = open(deps, look, job);
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
    const request = readCreateRequest(body, gateway, method, {
      config: deps.config,
      limits: deps.store.findLimits(caller.projectId),
    });
    const credential = await resolveCredential(deps, caller, gateway, body.gateway_credentials);
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

async function open(deps: Deps, look: Settler, job: Job): Promise<Created> {
  const { caller, gateway, method, request, credential } = job;
  const now = deps.clock.now();
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
      now,
    },
    {
      gatewayOrderNo: makeGatewayOrderNo(now, deps.random),
      credentialId: credential.id,
      status: method.callsGateway ? 'unknown' : 'open',
      ...planAttempt(method, now, now + lifetimeOf(method, request.order.expireDays)),
    },
  );
  if (!opened.created) return repeat(deps, look, job, opened);
  const { payment, attempt } = opened;
  if (!attempt) throw new Error(`payment ${payment.paymentNo} was opened without an attempt`);
  const final = method.callsGateway ? await callGateway(deps, job, payment, attempt) : { payment, attempt };
  return { created: true, data: await present(deps, job, final, true) };
}

/** Deadline and first look of a new attempt. */
export function planAttempt(method: Method, now: number, deadline: number): { deadline: number; checkAt: number } {
  const first = planNextCheck({ status: 'open', checks: 0, deadline }, now, method.graceMs.none);
  return { deadline, checkAt: method.callsGateway ? now + CALL_LIMIT : first };
}

/** How long a payment by this method lives from its creation. */
export function lifetimeOf(method: Method, expireDays: number | undefined): number {
  return expireDays === undefined ? method.defaultLifetimeMs : Math.min(expireDays, method.maxExpireDays) * DAY;
}

async function repeat(deps: Deps, look: Settler, job: Job, existing: PaymentWithAttempt): Promise<Created> {
  const { payment, attempt } = existing;
  const same =
    payment.status === 'pending' &&
    payment.gateway === job.gateway.id &&
    payment.method === job.method.method &&
    payment.mode === job.method.mode &&
    payment.amount === job.request.amount &&
    payment.currency === job.request.currency;
  if (!same) throw new PayCoreError('ORDER_CONFLICT', { details: { payment_no: payment.paymentNo } });
  if (attempt?.status === 'unknown') return settleFirst(deps, look, job, payment, attempt);
  return { created: false, data: await present(deps, job, existing, false) };
}

/** An earlier call's outcome is unknown: it is asked for before anything is answered, and never called again meanwhile. */
async function settleFirst(deps: Deps, look: Settler, job: Job, payment: Payment, attempt: Attempt): Promise<Created> {
  const result = await look(payment, attempt, 'waiting');
  const after = deps.store.findPayment(payment.paymentNo);
  if (after && after.payment.status !== 'pending') return open(deps, look, job);
  if (after && after.attempt?.status !== 'unknown')
    return { created: false, data: await present(deps, job, after, false) };
  throw (
    explainLook(result, payment.paymentNo, deps.clock.now()) ??
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
    ...presentPayment(deps, payment, attempt),
    ...(form?.type === 'form'
      ? { redirect_form: { action: form.action, method: form.method, fields: form.fields } }
      : {}),
    created,
  };
}

/** The signed form of an attempt; made from what is stored, it comes out the same every time. */
async function buildForm(deps: Deps, payment: Payment, attempt: Attempt, job: Job): Promise<NextStep> {
  return openStep(deps, {
    gateway: job.gateway,
    method: job.method,
    payment,
    attempt,
    secrets: secretsOf(deps, job, attempt),
  });
}

/** A repeated create may bring other credentials; those must not sign a number that was opened with the first ones. */
function secretsOf(deps: Deps, job: Job, attempt: Attempt): Secrets {
  if (attempt.credentialId === job.credential.id) return job.credential.secrets;
  const stored = deps.store.findCredential(attempt.credentialId);
  if (!stored) throw new Error(`credential ${attempt.credentialId} of ${attempt.gatewayOrderNo} is missing`);
  return openSecrets(deps, stored);
}

export interface StepInput {
  readonly gateway: Gateway;
  readonly method: Method;
  readonly payment: Payment;
  readonly attempt: Pick<Attempt, 'gatewayOrderNo' | 'createdAt'>;
  readonly secrets: Secrets;
}

/** Asks the driver what comes next for an attempt. */
export function openStep(deps: Deps, input: StepInput, locale = deps.config.locale): Promise<NextStep> {
  const { gateway, method, payment, attempt, secrets } = input;
  return gateway.create(
    { method, payment, gatewayOrderNo: attempt.gatewayOrderNo, secrets, locale },
    gatewayContext(deps, gateway.id, payment.paymentNo, locale, attempt.createdAt),
  );
}

async function callGateway(deps: Deps, job: Job, payment: Payment, attempt: Attempt): Promise<PaymentWithAttempt> {
  const { gateway, method, credential } = job;
  let step: NextStep;
  try {
    step = await openStep(deps, { gateway, method, payment, attempt, secrets: credential.secrets });
  } catch (error) {
    throw await recordFailure(deps, payment, attempt, error);
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
    // The number exists at the gateway; the attempt stays unknown and is settled by asking for it.
    const message = 'The gateway has issued a number, but it could not be stored yet. Send the same request again.';
    throw new PayCoreError('STORAGE_UNAVAILABLE', { message, details: { payment_no: payment.paymentNo }, cause });
  }
}

/** Writes down how the call failed and gives the error the caller is answered with. */
async function recordFailure(deps: Deps, payment: Payment, attempt: Attempt, error: unknown): Promise<PayCoreError> {
  const log = deps.log.child({ payment_no: payment.paymentNo, gateway: payment.gateway });
  if (error instanceof GatewayRefusal) {
    log.info('gateway refused', { code: error.gatewayCode, reason: error.message });
    await endAttempt(deps, attempt, 'GATEWAY_REFUSED', error.gatewayCode, error.message);
    return new PayCoreError(error.errorCode, {
      details: { gateway: { code: error.gatewayCode, message: error.message } },
      cause: error,
    });
  }
  const notSent = error instanceof GatewayCallError && error.kind === 'not_sent';
  log.warn(notSent ? 'gateway unreachable' : 'gateway outcome unknown', { error });
  if (notSent) {
    await endAttempt(deps, attempt, 'GATEWAY_UNREACHABLE', error.code ?? '', error.message);
    return new PayCoreError('PAYMENT_GATEWAY_ERROR', { cause: error });
  }
  const kind = error instanceof GatewayCallError ? error.kind : 'garbage';
  await deps.store.addEvent({
    paymentId: payment.id,
    attemptId: attempt.id,
    type: 'gateway.request',
    data: { outcome: 'unknown', kind, message: error instanceof Error ? error.message : '' },
    at: deps.clock.now(),
  });
  const soon = planNextCheck(attempt, deps.clock.now(), 0);
  await deps.store.planCheck({ attemptId: attempt.id, checkAt: soon, checks: 1, missing: 0 }, deps.clock.now());
  deps.wake();
  const code = kind === 'timeout' ? 'PAYMENT_GATEWAY_TIMEOUT' : 'PAYMENT_GATEWAY_ERROR';
  return new PayCoreError(code, { details: { payment_no: payment.paymentNo }, cause: error });
}

/** No number was given out, so nobody can choose again: the payment fails and the order is free. */
function endAttempt(
  deps: Deps,
  attempt: Attempt,
  reason: 'GATEWAY_REFUSED' | 'GATEWAY_UNREACHABLE',
  code: string,
  message: string,
): Promise<unknown> {
  return reportFacts(deps, {
    attemptId: attempt.id,
    facts: [{ type: 'ended', reason, code, message }],
    source: 'gateway.request',
    mayChooseAgain: false,
  });
}
