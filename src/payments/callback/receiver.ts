import { createHash } from 'node:crypto';
import type { Fact } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, RawCallback, Verification } from '../../gateways/gateway.ts';
import { hideIn } from '../../gateways/hiding.ts';
import { clientKey } from '../../security/ratelimit.ts';
import type { CallbackRecord } from '../../store/commands/callbacks.ts';
import { createAllowance, evenly, type SharedAllowance } from '../allowances.ts';
import { reportFacts } from '../facts.ts';
import type { SyncAttempt } from '../sync/attempt.ts';
import { type Arrived, LATER, type Received } from './arrival.ts';
import { type CallNotes, createCallNotes } from './calls.ts';
import { confirmByQuery } from './confirmation.ts';
import { createFinder, type Found } from './finder.ts';
import { createKeySets, type KeySets } from './keysets.ts';
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

/** So many of one sender a minute that turn out to prove nothing, to one project; further ones make us call nobody. */
const REFUSED_A_MINUTE = 60;

/** What the way of every callback shares. */
interface Parts {
  readonly deps: Deps;
  readonly syncAttempt: SyncAttempt;
  readonly keySets: KeySets;
  readonly find: ReturnType<typeof createFinder>;
  /** Calls that callbacks have caused, by attempt and sender. */
  readonly calls: SharedAllowance;
  /** Callbacks that came to nothing, by project and sender. */
  readonly refused: SharedAllowance;
  readonly refuser: Refuser;
  /** When gateways called last. */
  readonly notes: CallNotes;
}

export function createReceiver(deps: Deps, syncAttempt: SyncAttempt) {
  const calls = createAllowance(deps, 'callback calls', evenly(CALLS_A_MINUTE));
  const refused = createAllowance(deps, 'callback refused', evenly(REFUSED_A_MINUTE));
  const keySets = createKeySets(deps);
  const find = createFinder(deps, keySets);
  const notes = createCallNotes(deps);
  const refuser = createRefuser(deps, notes);
  const parts: Parts = { deps, syncAttempt, keySets, find, calls, refused, refuser, notes };

  /** Never throws: a database that cannot be written gets the answer that makes the gateway come again. */
  return async function receiveCallback(
    gateway: Gateway,
    raw: RawCallback,
    address: string,
    isFromBrowser = false,
  ): Promise<Received> {
    try {
      return await handle(parts, { gateway, raw, address, isFromBrowser });
    } catch (error) {
      deps.log.error('callback could not be stored', { gateway: gateway.id, error });
      if (!(error instanceof PayCoreError)) deps.log.error('unexpected error in a callback', { error });
      return { answer: gateway.callback.retry, payment: null };
    }
  };
}

async function handle(parts: Parts, arrived: Arrived): Promise<Received> {
  const { deps, calls, refused, keySets, find, refuser } = parts;
  const { gateway, raw } = arrived;
  const found = await find(gateway, gateway.callback.locate(raw), arrived.address);
  if (found === null) return { answer: gateway.callback.accept(null), payment: null };
  if (typeof found === 'string') return refuser.refuseUnmatched(hideNamed(arrived), found);
  // By sender: whoever floods us with what proves nothing must not keep out the gateway's own.
  const sender = clientKey(arrived.address);
  const toProject = `${found.payment.projectId} ${sender}`;
  const mayCall = async () =>
    !deps.config.rateLimit ||
    (!(await refused.isUsedUp(toProject)) && (await calls.take(`${found.attempt.id} ${sender}`)) === 0);
  const { verification, by, tried } = await prove(deps, gateway, found, mayCall);
  const heard = hideQuotes(arrived, found, tried);
  const record = recordOf(heard.arrived.raw, digestOf(raw.body));
  if (verification.ok) {
    if (by) await keySets.markProved(by);
    return accept(parts, heard, record);
  }
  const { confirm } = verification;
  const taken =
    confirm && (await mayCall())
      ? await confirmByQuery(parts, heard.arrived, heard.found, record, { wanted: confirm, isProved: false })
      : null;
  if (taken) return taken;
  if (deps.config.rateLimit) await refused.take(toProject);
  return refuse(parts, heard, record, verification);
}

/** It is the gateway's own. */
async function accept(parts: Parts, { arrived, found, hider }: Heard, record: CallbackRecord): Promise<Received> {
  const { gateway } = arrived;
  const facts = gateway.callback.parse(found.message, found.payment);
  if (facts !== 'ask') return apply(parts, arrived, found, record, hideIn(facts, hider));
  return (
    (await confirmByQuery(parts, arrived, found, record, { wanted: 'answer', isProved: true })) ??
    parts.refuser.refuseUnmatched(arrived, LATER, found)
  );
}

function refuse(
  { deps, refuser }: Parts,
  { arrived, found }: Heard,
  record: CallbackRecord,
  { message, proved, confirm }: Exclude<Verification, { ok: true }>,
): Promise<Received> {
  const { gateway } = arrived;
  if (confirm) return refuser.refuseUnmatched(arrived, message, found);
  if (message === gateway.callback.texts.amount) logMismatch(deps, gateway, found, []);
  return proved
    ? refuser.refuseMismatch(arrived, found, record, message)
    : refuser.refuseUnmatched(arrived, message, found);
}

function recordOf({ contentType, body }: RawCallback, digest: Uint8Array): CallbackRecord {
  return { contentType: contentType.slice(0, 200), body, digest };
}

async function apply(
  { deps, notes }: Parts,
  arrived: Arrived,
  found: Found,
  record: CallbackRecord,
  facts: readonly Fact[],
): Promise<Received> {
  const { gateway } = arrived;
  const call = { ...notes.of(arrived, found.payment), refusal: gateway.callback.texts.amount };
  const outcome = await reportFacts(deps, {
    attemptId: found.attempt.id,
    facts,
    source: 'callback.accepted',
    mayChooseAgain: deps.gateways.methodOf(found.attempt).method.mayChooseAgain,
    callback: record,
    call,
    known: found,
    saidAt: gateway.callback.saidAt?.(found.message) ?? null,
  });
  notes.done(call, outcome.verdict === 'rejected' ? 'refused' : 'accepted');
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
