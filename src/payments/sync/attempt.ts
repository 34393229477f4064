import { PayCoreError } from '../../core/errors.ts';
import { decideAsking, decideCooldown, decidePutOff, decideUnasked } from '../../core/lifecycle/sync.ts';
import { singleFlight } from '../../core/single-flight.ts';
import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { noteDates } from '../../gateways/clockwatch.ts';
import { GatewayForbidden } from '../../gateways/gateway.ts';
import type { AccountKey } from '../../store/commands/cooldowns.ts';
import { type Calls, createCalls, patienceOf } from '../calls.ts';
import { explainCooldown, explainUnanswered } from '../failure.ts';
import { noteRefusal } from '../projects/credential-trouble.ts';
import { loadSubject } from '../subject.ts';
import { applySyncResult, carryOut, concludeOver, postpone, tellUnanswered } from './apply-result.ts';
import { endCapture, planCapture } from './capture.ts';
import { type Pacer, spaceCalls } from './pacer.ts';
import { buildQuery } from './query.ts';
import { type SyncAttempt, type SyncResult, type SyncSubject, stateOf } from './result.ts';
import { awaitOther, isTaken, readAgain } from './taken.ts';

export type { SyncAttempt, SyncResult } from './result.ts';

/**
 * Syncing an attempt: ask the gateway what became of it, apply what it says, and decide what follows when it says "unpaid"
 * or nothing at all. One question at a time about one attempt; whoever asks meanwhile gets the same answer. Two processes
 * may ask at the same moment: what follows from either answer is for the store to say, and only one of them takes money.
 *
 * Nothing expires before its deadline and grace are over and a last question was answered.
 */

/** ECPay shuts out a merchant that asks too often for half an hour (developer documentation, page 2890). */
export const COOLDOWN_MS = 30 * MINUTE;

export function createSyncAttempt(deps: Deps, pacer: Pacer, calls: Calls = createCalls(deps)): SyncAttempt {
  /** Syncs by attempt and trigger, and those that are asking right now by attempt. */
  const waiting = singleFlight<string, SyncResult>();
  const asking = singleFlight<number, SyncResult>();
  /** Those that payers have caused and nobody waits for. */
  const later = singleFlight<number, SyncResult>();

  const askInTurn = async (subject: SyncSubject, account: AccountKey): Promise<SyncResult> => {
    const { trigger, attempt } = subject;
    const delay = await pacer.askForTurn(account, trigger);
    if (delay !== null) return putOff(deps, subject, deps.clock.now() + delay);
    // While this one waited for its turn, another may have begun to ask. Who asks is known before anything is read.
    return asking.run(attempt.id, () => askUnlessCooling(deps, pacer, subject, account));
  };

  /** A payer waits for no turn: he shares a question that is under way, or is told nothing and it is put without him. */
  const askWithout = (subject: SyncSubject, account: AccountKey): Promise<SyncResult> => {
    const { id } = subject.attempt;
    const running = asking.find(id);
    if (running) return running;
    if (pacer.isFree(account)) return askInTurn(subject, account);
    const work = () => askInTurn(subject, account);
    later.run(id, work).catch((error) => deps.log.error('a look for a payer failed', { attempt: id, error }));
    return Promise.resolve({ asked: false, result: 'busy' });
  };

  const syncOnce = async (subject: SyncSubject): Promise<SyncResult> => {
    const { attempt, trigger } = subject;
    const known = await answerUnasked(deps, subject);
    // What is being taken right here has its answer soon.
    if (known) return (known.result === 'unknown' ? asking.find(attempt.id) : undefined) ?? known;
    const stored = await deps.store.findCredential(attempt.credentialId);
    if (!stored) return concludeUnasked(deps, subject);
    const { environment, merchantId } = stored;
    const account: AccountKey = { gateway: attempt.gateway, environment, merchantId };
    const cooldownUntil = await deps.store.findCooldown(account, deps.clock.now());
    if (cooldownUntil !== null) return leaveAlone(deps, subject, cooldownUntil);
    return trigger === 'page' ? askWithout(subject, account) : askInTurn(subject, account);
  };

  const syncTogether = (subject: SyncSubject): Promise<SyncResult> =>
    waiting.run(`${subject.attempt.id} ${subject.trigger}`, () => syncOnce(subject));

  const syncAttempt: SyncAttempt['anew'] = async (payment, attempt, trigger, patience = patienceOf(trigger)) => {
    const subject: SyncSubject = { payment, attempt, ...deps.gateways.methodOf(attempt), trigger, saidAt: null };
    const result = await syncTogether(subject);
    // For another process each waits as long as he has patience himself.
    const other = await awaitOther(deps, calls, subject, result, patience);
    return other === 'again' ? syncTogether(await readAgain(deps, subject)) : other;
  };

  const anew: SyncAttempt['anew'] = async (payment, attempt, trigger, patience = patienceOf(trigger)) => {
    const running = asking.find(attempt.id);
    if (running) await Promise.allSettled([running, waiting.find(`${attempt.id} ${trigger}`)]);
    // Since whoever wants to know has read it, a call that was under way may have ended.
    const now = (await deps.store.findAttempt(attempt.id)) ?? attempt;
    const after = isTaken(deps, now) ? await calls.waitForCall(now, patience) : now;
    return syncAttempt(payment, after, trigger, patience);
  };

  return Object.assign(syncAttempt, { findRunning: asking.find, findLater: later.find, anew });
}

/** What needs no question, or must not put one. Null: ask. */
async function answerUnasked(deps: Deps, subject: SyncSubject): Promise<SyncResult | null> {
  const now = deps.clock.now();
  const decision = decideAsking(stateOf(deps, subject), now);
  if (decision === 'ask') return null;
  if (decision === 'over') return concludeOver(deps, subject, now);
  await carryOut(deps, subject, decision);
  return { asked: false, result: decision.result ?? 'unknown' };
}

async function concludeUnasked(deps: Deps, subject: SyncSubject): Promise<SyncResult> {
  await carryOut(deps, subject, decideUnasked(stateOf(deps, subject), deps.clock.now()));
  return { asked: false, result: 'unsupported' };
}

async function putOff(deps: Deps, subject: SyncSubject, later: number): Promise<SyncResult> {
  await carryOut(deps, subject, decidePutOff(stateOf(deps, subject), later));
  return { asked: false, result: 'busy', cooldownUntil: later };
}

async function leaveAlone(deps: Deps, subject: SyncSubject, cooldownUntil: number): Promise<SyncResult> {
  await carryOut(deps, subject, decideCooldown(stateOf(deps, subject), cooldownUntil));
  return { asked: false, result: 'cooldown', cooldownUntil };
}

/** While this one waited for its turn, the gateway may have had enough. */
async function askUnlessCooling(
  deps: Deps,
  pacer: Pacer,
  subject: SyncSubject,
  account: AccountKey,
): Promise<SyncResult> {
  const cooldownUntil = await deps.store.findCooldown(account, deps.clock.now());
  if (cooldownUntil !== null) return leaveAlone(deps, subject, cooldownUntil);
  return ask({ ...deps, http: spaceCalls(deps.http, pacer, account) }, subject, account);
}

async function ask(deps: Deps, subject: SyncSubject, account: AccountKey): Promise<SyncResult> {
  const { payment, attempt, method, trigger } = subject;
  const heard = noteDates(deps.http);
  const capture = planCapture(deps, attempt);
  const call = await loadSubject(deps, payment, attempt);
  const query = buildQuery({ ...deps, http: heard.http }, call, trigger, capture.begin);
  if (!query) return concludeUnasked(deps, subject);
  let isAnswered = false;
  try {
    const answer = await query();
    isAnswered = true;
    const asked = { ...subject, attempt: capture.askedWhen(), saidAt: heard.newest() };
    const result = await applySyncResult(deps, asked, answer);
    return capture.isDenied() ? { ...result, isDenied: true } : result;
  } catch (error) {
    if (capture.isBegun())
      await endCapture(deps, attempt, { mayChooseAgain: method.mayChooseAgain, isAnswered, error });
    await noteRefusal(deps, attempt.credentialId, error);
    if (!(error instanceof GatewayForbidden)) {
      return capture.isBegun() ? tellUnanswered(deps, subject, error) : postpone(deps, subject, error);
    }
    const now = deps.clock.now();
    const until = now + COOLDOWN_MS;
    deps.log.warn('gateway asks for a rest', { ...account, minutes: COOLDOWN_MS / MINUTE });
    await deps.store.startCooldown(account, until, now);
    return { ...(await leaveAlone(deps, subject, until)), asked: true };
  }
}

/** What a caller who waits is told when the gateway could not be asked. Null when it could. */
export function explainSync(sync: SyncResult, paymentNo: string, now: number): PayCoreError | null {
  if (sync.result === 'cooldown' || sync.result === 'busy')
    return explainCooldown(paymentNo, (sync.cooldownUntil ?? now) - now);
  if (sync.result === 'unsupported') return new PayCoreError('gateway_sync_not_supported');
  return sync.result === 'failed' ? explainUnanswered(sync.error, paymentNo) : null;
}
