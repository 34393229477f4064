import { createHash } from 'node:crypto';
import type { Fact } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { minorToMajor } from '../../core/money.ts';
import type { Payment } from '../../core/payment.ts';
import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { CallbackAnswer, Gateway, RawCallback, Verification } from '../../gateways/gateway.ts';
import { GatewayCallError, type GatewayHttp } from '../../gateways/http.ts';
import { clientKey, createRateLimiter } from '../../security/ratelimit.ts';
import type { CallbackRecord } from '../../store/commands/callbacks.ts';
import { makeContext } from '../create/gateway-call.ts';
import { reportFacts, webhookIds } from '../facts.ts';
import type { SyncAttempt, SyncResult } from '../sync/attempt.ts';
import { createFinder, type Found } from './finder.ts';

/**
 * A gateway calling us.
 *
 * 1. Find the attempt by what the callback says about itself; a sealed body is opened with the credentials stored for
 * its merchant. 2. Prove it: signature, merchant, amount. What cannot be proved is only a hint: the gateway is asked.
 * 3. Apply it. 4. Answer, and only after the change is on disk. What belongs to nobody or proves nothing is refused and
 * kept for a day, within limits.
 */
export interface Received {
  readonly answer: CallbackAnswer;
  /** The payment a genuine callback was about. */
  readonly payment: Payment | null;
}

/** A callback on its way through. */
interface Arrived {
  readonly gateway: Gateway;
  readonly raw: RawCallback;
  readonly address: string;
}

/** So many refused callbacks of one address are kept a minute; the rest is refused without a trace in the database. */
const STRAYS_A_MINUTE = 30;

/** So often a minute callbacks of one sender about one attempt may make us call its gateway: anybody can send what proves nothing. */
const CALLS_A_MINUTE = 20;

/** A genuine callback cannot be worked on at the moment; the gateway comes again. */
const LATER = 'The callback cannot be confirmed at the moment, please send it again.';

export function createReceiver(deps: Deps, syncAttempt: SyncAttempt) {
  const now = () => deps.clock.now();
  const calls = createRateLimiter({ limit: CALLS_A_MINUTE, windowMs: MINUTE, now });
  const find = createFinder(deps);

  const { refuseStray, refuseMismatch } = createRefuser(deps);

  /**
   * Asks the gateway what is true, for a callback whose word alone does not count. One that proved nothing comes from
   * anybody: whoever brought it is shown no payment.
   */
  const ask = async (
    gateway: Gateway,
    found: Found,
    record: CallbackRecord,
    { wanted, isProved }: { readonly wanted: 'paid' | 'answer'; readonly isProved: boolean },
  ) => {
    const { payment, attempt, message } = found;
    // Nothing new can be learnt from bytes that led to the payment.
    if (attempt.status === 'paid' && (await deps.store.hasCallback(attempt.id, record.digest)))
      return { answer: gateway.callback.accept(message), payment: isProved ? payment : null };
    const result = await syncAttempt(payment, attempt, 'request');
    if (result.result === 'mismatch') {
      logMismatch(deps, gateway, found, []);
      return { answer: gateway.callback.refuse(gateway.callback.texts.amount), payment: null };
    }
    if (!isConfirmed(result, wanted)) return null;
    const mayBeRefund = attempt.status === 'paid' && gateway.listRefunds !== undefined;
    await deps.store.keepCallback(attempt, record, { now: now(), isProved, mayBeRefund });
    if (mayBeRefund) deps.wake();
    const after = (await deps.store.findPaymentById(payment.id)) ?? payment;
    return { answer: gateway.callback.accept(message), payment: isProved ? after : null };
  };

  const handle = async (arrived: Arrived): Promise<Received> => {
    const { gateway, raw } = arrived;
    const found = await find(gateway, gateway.callback.locate(raw));
    if (found === null) return { answer: gateway.callback.accept(null), payment: null };
    if (typeof found === 'string') return refuseStray(arrived, found);
    const record = { contentType: raw.contentType.slice(0, 200), body: raw.body, digest: digestOf(raw.body) };
    // By sender: whoever floods us with what proves nothing must not keep out the gateway's own.
    const caller = `${found.attempt.id} ${clientKey(arrived.address)}`;
    const mayCall = () => !deps.config.rateLimit || calls.take(caller).allowed;
    const verification = await prove(deps, gateway, found, mayCall);
    if (verification.ok) {
      const facts = gateway.callback.parse(found.message, found.payment);
      if (facts !== 'ask') return apply(deps, gateway, found, record, facts);
      return (await ask(gateway, found, record, { wanted: 'answer', isProved: true })) ?? refuseStray(arrived, LATER);
    }
    const { message, proved, confirm } = verification;
    if (confirm) {
      const taken = mayCall() ? await ask(gateway, found, record, { wanted: confirm, isProved: false }) : null;
      return taken ?? refuseStray(arrived, message);
    }
    if (message === gateway.callback.texts.amount) logMismatch(deps, gateway, found, []);
    return proved ? refuseMismatch(arrived, found, record, message) : refuseStray(arrived, message);
  };

  /** Never throws: a database that cannot be written gets the answer that makes the gateway come again. */
  return async function receiveCallback(gateway: Gateway, raw: RawCallback, address: string): Promise<Received> {
    try {
      return await handle({ gateway, raw, address });
    } catch (error) {
      deps.log.error('callback could not be stored', { gateway: gateway.id, error });
      if (!(error instanceof PayCoreError)) deps.log.error('unexpected error in a callback', { error });
      return { answer: gateway.callback.retry, payment: null };
    }
  };
}

/** What does not count is answered, and kept: by itself, or with the attempt that it is about. */
function createRefuser(deps: Deps) {
  const now = () => deps.clock.now();
  const strays = createRateLimiter({ limit: STRAYS_A_MINUTE, windowMs: MINUTE, now });

  const refuseStray = async ({ gateway, raw, address }: Arrived, reason: string): Promise<Received> => {
    deps.log.warn('callback refused', { gateway: gateway.id, reason, address });
    if (strays.take(clientKey(address)).allowed) {
      const { contentType, body } = raw;
      await deps.store.addUnmatchedCallback({ gateway: gateway.id, address, reason, contentType, body, now: now() });
    }
    return { answer: gateway.callback.refuse(reason), payment: null };
  };

  const refuseMismatch = async ({ gateway }: Arrived, found: Found, record: CallbackRecord, reason: string) => {
    const makeWebhookId = webhookIds(deps);
    await deps.store.flagMismatch({ attemptId: found.attempt.id, reason, callback: record, now: now(), makeWebhookId });
    deps.wake();
    return { answer: gateway.callback.refuse(reason), payment: null };
  };

  return { refuseStray, refuseMismatch };
}

function isConfirmed({ result }: SyncResult, wanted: 'paid' | 'answer'): boolean {
  if (wanted === 'paid') return result === 'paid';
  return ['paid', 'unpaid', 'not_found', 'over'].includes(result);
}

/** The first set of secrets that proves anything counts; else what the attempt's own set says. */
async function prove(deps: Deps, gateway: Gateway, found: Found, mayCall: () => boolean): Promise<Verification> {
  const { payment, attempt, message } = found;
  // Two gateways may call their test environments differently: what counts is the attempt's own.
  const isShared = attempt.credentialId === payment.credentialId;
  const stored = isShared ? null : await deps.store.findCredential(attempt.credentialId);
  const subject = {
    payment: stored ? { ...payment, environment: stored.environment } : payment,
    attempt,
    get ctx() {
      const ctx = makeContext(deps, payment, attempt);
      return { ...ctx, http: limitCalls(ctx.http, mayCall) };
    },
  };
  let first: Verification | null = null;
  for await (const secrets of found.secrets) {
    const given = gateway.callback.verify(message, secrets, subject);
    const verification: Verification = given instanceof Promise ? await waitForProof(deps, given) : given;
    // Who is proved to lie stays a liar, whatever other secrets would let pass.
    if (verification.ok || verification.proved) return verification;
    first ??= verification;
  }
  return first ?? { ok: false, proved: false, message: gateway.callback.texts.unknown ?? LATER };
}

function limitCalls(http: GatewayHttp, mayCall: () => boolean): GatewayHttp {
  const guard = () => {
    if (!mayCall()) throw new GatewayCallError('not_sent', 'too many callbacks about one payment', { elapsedMs: 0 });
  };
  return {
    get: async (url, options) => {
      guard();
      return http.get(url, options);
    },
    post: async (url, options) => {
      guard();
      return http.post(url, options);
    },
  };
}

async function waitForProof(deps: Deps, given: Promise<Verification>): Promise<Verification> {
  try {
    return await given;
  } catch (error) {
    deps.log.warn('callback could not be proved', { error });
    return { ok: false, proved: false, message: LATER };
  }
}

async function apply(
  deps: Deps,
  gateway: Gateway,
  found: Found,
  record: CallbackRecord,
  facts: readonly Fact[],
): Promise<Received> {
  const outcome = await reportFacts(deps, {
    attemptId: found.attempt.id,
    facts,
    source: 'callback.accepted',
    mayChooseAgain: deps.gateways.methodOf(found.attempt).method.mayChooseAgain,
    callback: record,
    known: found,
  });
  const fields = { payment_no: outcome.payment.paymentNo, gateway: gateway.id, verdict: outcome.verdict };
  if (outcome.verdict === 'rejected') {
    logMismatch(deps, gateway, found, facts);
    return { answer: gateway.callback.refuse(gateway.callback.texts.amount), payment: null };
  }
  if (outcome.verdict === 'applied') deps.log.info('callback applied', { ...fields, status: outcome.payment.status });
  return { answer: gateway.callback.accept(found.message), payment: outcome.payment };
}

/** What a merchant needs to see why the amounts differ. */
function logMismatch(deps: Deps, gateway: Gateway, found: Found, facts: readonly Fact[]): void {
  const { amount, currency, paymentNo } = found.payment;
  const received = facts.find((fact) => fact.type === 'paid' || fact.type === 'instructions')?.amount;
  const { amount: text } = gateway.callback.texts;
  deps.log.warn(`${text.replace(/\.$/, '')} detail`, {
    payment_no: paymentNo,
    gateway: gateway.id,
    expected_amount: minorToMajor(amount, currency),
    received_amount: received === undefined ? null : minorToMajor(received, currency),
    matched_by: found.matchedBy,
    ...gateway.callback.describePayload?.(found.message),
  });
}

function digestOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}
