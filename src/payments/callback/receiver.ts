import { createHash } from 'node:crypto';
import type { Fact } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, RawCallback, Verification } from '../../gateways/gateway.ts';
import { hideIn } from '../../gateways/hiding.ts';
import { clientKey, createRateLimiter } from '../../security/ratelimit.ts';
import type { CallbackRecord } from '../../store/commands/callbacks.ts';
import { reportFacts } from '../facts.ts';
import type { SyncAttempt } from '../sync/attempt.ts';
import { type Arrived, LATER, type Received } from './arrival.ts';
import { confirmByQuery } from './confirmation.ts';
import { createFinder, type Found } from './finder.ts';
import { prove } from './proof.ts';
import { type Heard, hideNamed, hideQuotes } from './quotes.ts';
import { createRefuser, logMismatch, type Refuser } from './refusal.ts';

/**
 * A gateway calling us.
 *
 * 1. Find the attempt by what the callback says about itself; a sealed body is opened with the credentials stored for
 * its merchant. 2. Prove it: signature, merchant, amount. What cannot be proved is only a hint: the gateway is asked.
 * 3. Apply it. 4. Answer, and only after the change is on disk. What belongs to nobody or proves nothing is refused and
 * kept for a day, within limits.
 */

/** So often a minute callbacks of one sender about one attempt may make us call its gateway: anybody can send what proves nothing. */
const CALLS_A_MINUTE = 20;

/** What the way of every callback shares. */
interface Parts {
  readonly deps: Deps;
  readonly syncAttempt: SyncAttempt;
  readonly find: ReturnType<typeof createFinder>;
  /** Calls that callbacks have caused, by attempt and sender. */
  readonly calls: ReturnType<typeof createRateLimiter>;
  readonly refuser: Refuser;
}

export function createReceiver(deps: Deps, syncAttempt: SyncAttempt) {
  const now = () => deps.clock.now();
  const calls = createRateLimiter({ limit: CALLS_A_MINUTE, windowMs: MINUTE, now });
  const parts: Parts = { deps, syncAttempt, find: createFinder(deps), calls, refuser: createRefuser(deps) };

  /** Never throws: a database that cannot be written gets the answer that makes the gateway come again. */
  return async function receiveCallback(gateway: Gateway, raw: RawCallback, address: string): Promise<Received> {
    try {
      return await handle(parts, { gateway, raw, address });
    } catch (error) {
      deps.log.error('callback could not be stored', { gateway: gateway.id, error });
      if (!(error instanceof PayCoreError)) deps.log.error('unexpected error in a callback', { error });
      return { answer: gateway.callback.retry, payment: null };
    }
  };
}

async function handle(parts: Parts, arrived: Arrived): Promise<Received> {
  const { deps, calls, find, refuser } = parts;
  const { gateway, raw } = arrived;
  const found = await find(gateway, gateway.callback.locate(raw));
  if (found === null) return { answer: gateway.callback.accept(null), payment: null };
  if (typeof found === 'string') return refuser.refuseUnmatched(hideNamed(arrived), found);
  // By sender: whoever floods us with what proves nothing must not keep out the gateway's own.
  const caller = `${found.attempt.id} ${clientKey(arrived.address)}`;
  const mayCall = () => !deps.config.rateLimit || calls.take(caller).allowed;
  const { verification, secrets } = await prove(deps, gateway, found, mayCall);
  return act(parts, hideQuotes(arrived, found, secrets), verification, digestOf(raw.body), mayCall);
}

/** What follows from a callback whose proof was looked at. */
async function act(
  parts: Parts,
  { arrived, found, hider }: Heard,
  verification: Verification,
  digest: Uint8Array,
  mayCall: () => boolean,
): Promise<Received> {
  const { deps, refuser } = parts;
  const { gateway, raw } = arrived;
  const record = { contentType: raw.contentType.slice(0, 200), body: raw.body, digest };
  if (verification.ok) {
    const facts = gateway.callback.parse(found.message, found.payment);
    if (facts !== 'ask') return apply(deps, gateway, found, record, hideIn(facts, hider));
    return (
      (await confirmByQuery(parts, gateway, found, record, { wanted: 'answer', isProved: true })) ??
      refuser.refuseUnmatched(arrived, LATER)
    );
  }
  const { message, proved, confirm } = verification;
  if (confirm) {
    const taken = mayCall()
      ? await confirmByQuery(parts, gateway, found, record, { wanted: confirm, isProved: false })
      : null;
    return taken ?? refuser.refuseUnmatched(arrived, message);
  }
  if (message === gateway.callback.texts.amount) logMismatch(deps, gateway, found, []);
  return proved ? refuser.refuseMismatch(arrived, found, record, message) : refuser.refuseUnmatched(arrived, message);
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

function digestOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}
