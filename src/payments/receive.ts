import { createHash } from 'node:crypto';
import { PayCoreError } from '../core/errors.ts';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { CallbackAnswer, Gateway, RawCallback, Verification } from '../gateways/gateway.ts';
import { findMethodOf } from '../gateways/index.ts';
import { clientKey, createRateLimiter } from '../security/ratelimit.ts';
import type { CallbackRecord } from '../store/facts.ts';
import { createFinder, type Found } from './find.ts';
import { reportFacts, webhookIds } from './report.ts';

/**
 * A gateway calling us.
 *
 * 1. Find the attempt by our number; a sealed body is opened with the credentials stored for its merchant. 2. Prove
 * it: signature, merchant, amount. 3. Apply it. 4. Answer, and only after the change is on disk. What belongs to nobody
 * or proves nothing is refused and kept for a day, within limits.
 */
export interface Received {
  readonly answer: CallbackAnswer;
  /** The payment a genuine callback was about. */
  readonly payment: Payment | null;
}

/** So many refused callbacks of one address are kept a minute; the rest is refused without a trace in the database. */
const STRAYS_A_MINUTE = 30;

export function createReceiver(deps: Deps) {
  const strays = createRateLimiter({ limit: STRAYS_A_MINUTE, windowMs: MINUTE, now: () => deps.clock.now() });
  const find = createFinder(deps);

  const refuseStray = async (
    gateway: Gateway,
    raw: RawCallback,
    address: string,
    reason: string,
  ): Promise<Received> => {
    deps.log.warn('callback refused', { gateway: gateway.id, reason, address });
    if (strays.take(clientKey(address)).allowed) {
      await deps.store.addStray({ gateway: gateway.id, address, reason, ...raw, now: deps.clock.now() });
    }
    return { answer: gateway.callback.refuse(reason), payment: null };
  };

  const handle = async (gateway: Gateway, raw: RawCallback, address: string): Promise<Received> => {
    const found = find(gateway, gateway.callback.locate(raw));
    if (typeof found === 'string') return refuseStray(gateway, raw, address, found);
    const verification = prove(gateway, found);
    const record = { contentType: raw.contentType.slice(0, 200), body: raw.body, digest: digestOf(raw.body) };
    if (verification.ok) return apply(deps, gateway, found, record);
    if (!verification.proved) return refuseStray(gateway, raw, address, verification.message);
    await deps.store.flagMismatch({
      attemptId: found.attempt.id,
      reason: verification.message,
      callback: record,
      now: deps.clock.now(),
      makeWebhookId: webhookIds(deps),
    });
    deps.wake();
    return { answer: gateway.callback.refuse(verification.message), payment: null };
  };

  /** Never throws: a database that cannot be written gets the answer that makes the gateway come again. */
  return async function receiveCallback(gateway: Gateway, raw: RawCallback, address: string): Promise<Received> {
    try {
      return await handle(gateway, raw, address);
    } catch (error) {
      deps.log.error('callback could not be stored', { gateway: gateway.id, error });
      if (!(error instanceof PayCoreError)) deps.log.error('unexpected error in a callback', { error });
      return { answer: gateway.callback.retry, payment: null };
    }
  };
}

function prove(gateway: Gateway, found: Found): Verification {
  let last: Verification = { ok: false, proved: false, message: gateway.callback.texts.unknown };
  for (const secrets of found.secrets) {
    const verification = gateway.callback.verify(found.message, secrets, found.payment);
    if (verification.ok) return verification;
    if (!(!last.ok && last.proved)) last = verification;
  }
  return last;
}

async function apply(deps: Deps, gateway: Gateway, found: Found, record: CallbackRecord): Promise<Received> {
  const outcome = await reportFacts(deps, {
    attemptId: found.attempt.id,
    facts: gateway.callback.parse(found.message),
    source: 'callback.accepted',
    mayChooseAgain: findMethodOf(found.payment).method.mayChooseAgain,
    callback: record,
  });
  const fields = { payment_no: outcome.payment.paymentNo, gateway: gateway.id, verdict: outcome.verdict };
  if (outcome.verdict === 'rejected') {
    deps.log.warn('callback mismatch', { ...fields, reason: outcome.reason });
    return { answer: gateway.callback.refuse(gateway.callback.texts.amount), payment: null };
  }
  if (outcome.verdict === 'applied') deps.log.info('callback applied', { ...fields, status: outcome.payment.status });
  return { answer: gateway.callback.accept, payment: outcome.payment };
}

function digestOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}
