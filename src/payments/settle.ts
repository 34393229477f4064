import type { Attempt, Fact } from '../core/attempt.ts';
import {
  CALL_LIMIT,
  CARD_SETTLING,
  expiryOf,
  isSettlingOver,
  isWaitLong,
  MISSING_LIMIT,
  MISSING_SPACING,
  planNextCheck,
} from '../core/checks.ts';
import { PayCoreError } from '../core/errors.ts';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import {
  type Gateway,
  type GatewayContext,
  GatewayForbidden,
  GatewayRefusal,
  type Method,
  type QueryInput,
  type QueryResult,
} from '../gateways/gateway.ts';
import { findMethodOf } from '../gateways/index.ts';
import type { RestKey } from '../store/checks.ts';
import type { FactsOutcome } from '../store/facts.ts';
import { type CallSubject, loadSubject, makeContext, makeQueryInput, openStep } from './call.ts';
import { createPacer } from './pacer.ts';
import { reportFacts } from './report.ts';

/**
 * Looking at an attempt: ask the gateway what became of it, apply what it says, and decide what follows when it says
 * "unpaid" or nothing at all. One look at a time for one attempt; whoever asks meanwhile gets the same answer.
 *
 * Nothing expires before its deadline and grace are over and a last question was answered.
 */
export interface Look {
  /** The gateway was asked. */
  readonly asked: boolean;
  readonly result:
    | 'paid'
    | 'unpaid'
    | 'mismatch'
    | 'unknown'
    | 'not_found'
    | 'resting'
    | 'failed'
    | 'unsupported'
    | 'over';
  /** With `resting`: when the gateway may be asked again. */
  readonly restsUntil?: number;
  readonly error?: unknown;
}

/** ECPay shuts out a merchant that asks too often for half an hour (developer documentation, page 2890). */
export const REST_MS = 30 * MINUTE;

/** Why an attempt is looked at: somebody waits for the answer, somebody opened its page, or its time has come. */
export type Occasion = 'waiting' | 'viewed' | 'scheduled';

export type LookAt = (payment: Payment, attempt: Attempt, occasion: Occasion) => Promise<Look>;

export function createSettler(deps: Deps) {
  const pacer = createPacer(deps);
  /** Looks by attempt and occasion, and those that are asking right now by attempt. */
  const waiting = new Map<string, Promise<Look>>();
  const asking = new Map<number, Promise<Look>>();

  const lookOnce = async (payment: Payment, attempt: Attempt, occasion: Occasion): Promise<Look> => {
    const subject: Subject = { payment, attempt, ...findMethodOf(attempt), occasion };
    const known = answerUnasked(deps, subject);
    if (known) return known;
    const stored = deps.store.findCredential(attempt.credentialId);
    if (!stored) return concludeUnasked(deps, subject);
    const account: RestKey = {
      gateway: attempt.gateway,
      environment: stored.environment,
      merchantId: stored.merchantId,
    };
    const restsUntil = deps.store.findRest(account, deps.clock.now());
    if (restsUntil !== null) return rest(deps, subject, restsUntil);
    const key = Object.values(account).join(' ');
    const later = pacer.findLater(key, occasion);
    if (later !== null) return putOff(deps, subject, later);
    await pacer.takeTurn(key, occasion);
    // While this one waited for its turn, another may have begun to ask, or the gateway may have had enough.
    const running = asking.get(attempt.id);
    if (running) return running;
    const restsNow = deps.store.findRest(account, deps.clock.now());
    if (restsNow !== null) return rest(deps, subject, restsNow);
    const look = askAndConclude(deps, subject, account).finally(() => asking.delete(attempt.id));
    asking.set(attempt.id, look);
    return look;
  };

  const look: LookAt = (payment, attempt, occasion) => {
    const key = `${attempt.id} ${occasion}`;
    const running = waiting.get(key);
    if (running) return running;
    const result = lookOnce(payment, attempt, occasion).finally(() => waiting.delete(key));
    waiting.set(key, result);
    return result;
  };

  /** The question that is under way about an attempt, if any. */
  const findRunning = (attemptId: number): Promise<Look> | undefined => asking.get(attemptId);

  return Object.assign(look, { findRunning });
}

export type Settler = ReturnType<typeof createSettler>;

interface Subject {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly occasion: Occasion;
}

/** Looks that need no question, or must not put one. Null: ask. */
function answerUnasked(deps: Deps, subject: Subject): Promise<Look> | null {
  const { attempt, occasion } = subject;
  const now = deps.clock.now();
  if (isOverAlready(attempt) && occasion === 'scheduled') {
    if (isLeft(attempt)) return waitForLeft(deps, subject, now);
    // The schedule looks at what is over otherwise only to end a payment that outlived its attempts.
    return concludeOver(deps, subject, now);
  }
  // The call itself may still be under way: nothing the gateway says now tells how it ends.
  const calling = attempt.status === 'unknown' && attempt.checks === 0 && now < attempt.updatedAt + CALL_LIMIT;
  return calling ? Promise.resolve({ asked: false, result: 'unknown' }) : null;
}

function isOverAlready(attempt: Attempt): boolean {
  return attempt.status === 'ended' || attempt.status === 'paid';
}

/** Ended here, not at the gateway: somebody may still pay it. */
function isLeft({ status, endReason }: Attempt): boolean {
  return status === 'ended' && (endReason === 'SUPERSEDED' || endReason === 'CANCELLED');
}

/** What the gateway cannot end for us is asked about a last time when nobody can pay it any more. Null: now. */
function waitForLeft(deps: Deps, { attempt, gateway, method }: Subject, now: number): Promise<Look> | null {
  const expiry = expiryOf(attempt, graceOf(method, attempt));
  if (gateway.cancel || now >= expiry) return null;
  return plan(deps, attempt, expiry, 0, 0).then(() => ({ asked: false, result: 'over' }));
}

async function concludeOver(deps: Deps, subject: Subject, now: number): Promise<Look> {
  const { id } = subject.attempt;
  if (isOver(subject, now)) {
    await apply(deps, subject, [end('EXPIRED')]);
    // The payment may have ended, or been paid, by another attempt long ago: then nothing has changed.
    await deps.store.planLastCheck(id, null);
  } else await deps.store.planLastCheck(id, expiryOf(subject.attempt, graceOf(subject.method, subject.attempt)));
  deps.wake();
  return { asked: false, result: 'over' };
}

/** The account has too many questions waiting. A page is refreshed some other time. */
async function putOff(deps: Deps, { attempt, occasion }: Subject, later: number): Promise<Look> {
  if (occasion === 'scheduled') await plan(deps, attempt, later, attempt.checks, attempt.missing);
  return { asked: false, result: 'unpaid' };
}

async function rest(deps: Deps, { attempt }: Subject, restsUntil: number): Promise<Look> {
  await plan(deps, attempt, Math.max(restsUntil, attempt.checkAt ?? 0), attempt.checks, attempt.missing);
  return { asked: false, result: 'resting', restsUntil };
}

async function askAndConclude(deps: Deps, subject: Subject, account: RestKey): Promise<Look> {
  const question = chooseQuestion(deps, loadSubject(deps, subject.payment, subject.attempt), subject.occasion);
  if (!question) return concludeUnasked(deps, subject);
  try {
    return await conclude(deps, subject, await question());
  } catch (error) {
    if (!(error instanceof GatewayForbidden)) return postpone(deps, subject, error);
    const until = deps.clock.now() + REST_MS;
    deps.log.warn('gateway asks for a rest', { ...account, minutes: REST_MS / MINUTE });
    await deps.store.startRest(account, until);
    return { ...(await rest(deps, subject, until)), asked: true };
  }
}

/** A call whose answer was lost is made again where that is safe; anything else is asked about. Null: neither can be. */
function chooseQuestion(deps: Deps, call: CallSubject, occasion: Occasion): (() => Promise<QueryResult>) | null {
  const { gateway, attempt, payment } = call;
  const isLost = attempt.status === 'unknown' && attempt.gatewayTradeNo === null;
  if (isLost && gateway.settle === 'replay') return () => replay(deps, call);
  const { query } = gateway;
  const input = makeQueryInput(deps, call);
  const ctx = makeContext(deps, payment, attempt);
  if (occasion === 'scheduled' && isLeft(attempt) && gateway.cancel) return () => stop(call, input, ctx);
  return query ? () => query(input, ctx) : null;
}

/** Ends an order at the gateway, or hears that it is paid. That it ended says nothing new. */
async function stop({ gateway }: CallSubject, input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const facts = (await gateway.cancel?.(input, ctx)) ?? [];
  return { type: 'facts', facts: facts.filter(({ type }) => type !== 'ended') };
}

/** The same request again: the gateway knows its key and answers as it did before, or does what it has not done yet. */
async function replay(deps: Deps, call: CallSubject): Promise<QueryResult> {
  try {
    const step = await openStep(deps, call);
    return { type: 'facts', facts: step.type === 'instructions' ? [step] : [] };
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || error.about === 'account') throw error;
    const { gatewayCode: code, message } = error;
    return { type: 'facts', facts: [{ type: 'ended', reason: 'GATEWAY_REFUSED', code, message }] };
  }
}

async function conclude(deps: Deps, subject: Subject, answer: QueryResult): Promise<Look> {
  const now = deps.clock.now();
  if (isOverAlready(subject.attempt)) return concludeLate(deps, subject, answer);
  if (answer.type === 'not_found') return concludeMissing(deps, subject, now);
  const told = await believe(deps, subject, answer.facts);
  const facts: readonly Fact[] = isFound(subject) ? [{ type: 'continued' }, ...told] : told;
  const outcome = facts.length > 0 ? await apply(deps, subject, facts) : null;
  if (outcome?.attempt.status === 'paid') return { asked: true, result: 'paid' };
  if (outcome?.verdict === 'rejected') return { asked: true, result: 'mismatch' };
  if (outcome?.attempt.status === 'ended') return { asked: true, result: 'unpaid' };
  const current: Subject = outcome ? { ...subject, ...outcome } : subject;
  if (isOver(current, now)) return expire(deps, current);
  await planFurther(deps, current, 0);
  return { asked: true, result: 'unpaid' };
}

/**
 * The time is over. Where the gateway can, it ends the order first, so that nobody pays what the shop was told is gone;
 * when it says that it is paid after all, it is.
 */
async function expire(deps: Deps, subject: Subject): Promise<Look> {
  const call = loadSubject(deps, subject.payment, subject.attempt);
  const input = makeQueryInput(deps, call);
  const last = call.gateway.cancel && input.tradeNo !== null;
  const answer = last ? await stop(call, input, makeContext(deps, subject.payment, subject.attempt)) : null;
  const told = answer?.type === 'facts' ? await believe(deps, subject, answer.facts) : [];
  const outcome = told.length > 0 ? await apply(deps, subject, told) : null;
  if (outcome?.attempt.status === 'paid') return { asked: true, result: 'paid' };
  if (outcome?.verdict === 'rejected') return { asked: true, result: 'mismatch' };
  if (outcome?.attempt.status === 'under_review') await planFurther(deps, { ...subject, ...outcome }, 0);
  else await apply(deps, subject, [end('EXPIRED')]);
  return { asked: true, result: 'unpaid' };
}

/**
 * The gateway knows the order: an unknown outcome becomes an open one, even when it is unpaid. But where a lost number
 * cannot be had again, nothing is open to the payer: the attempt is only watched.
 */
function isFound({ attempt, gateway }: Subject): boolean {
  return attempt.status === 'unknown' && gateway.settle !== 'abandon';
}

const MONEY: ReadonlySet<Fact['type']> = new Set(['paid']);
const MONEY_AND_RETURNS: ReadonlySet<Fact['type']> = new Set(['paid', 'refunded', 'disputed']);

/**
 * Money for what has ended counts, with what went back of it; nothing else about it matters any more. What goes back once
 * that is known, the gateway's callbacks tell: every look would find the same again.
 */
async function concludeLate(deps: Deps, subject: Subject, answer: QueryResult): Promise<Look> {
  if (isLeft(subject.attempt) && subject.occasion === 'scheduled') await plan(deps, subject.attempt, null, 0, 0);
  if (answer.type === 'not_found') return { asked: true, result: 'not_found' };
  const known = subject.attempt.status === 'paid' ? MONEY : MONEY_AND_RETURNS;
  const told = (await believe(deps, subject, answer.facts)).filter((fact) => known.has(fact.type));
  const outcome = told.length > 0 ? await apply(deps, subject, told) : null;
  const status = outcome?.attempt.status ?? subject.attempt.status;
  return { asked: true, result: status === 'paid' ? 'paid' : 'unpaid' };
}

async function concludeMissing(deps: Deps, subject: Subject, now: number): Promise<Look> {
  const { attempt, method } = subject;
  const patience = method.inSite && attempt.missing === 0 ? CARD_SETTLING : MISSING_SPACING;
  const missing = attempt.missing + (now - attempt.updatedAt >= patience ? 1 : 0);
  if (isGone(subject, missing, now)) await apply(deps, subject, [end('GONE')]);
  else if (isOver(subject, now)) await apply(deps, subject, [end('EXPIRED')]);
  else await planFurther(deps, subject, missing);
  return { asked: true, result: 'not_found' };
}

/**
 * One "not found" may be a gateway that has not caught up with itself, and an order that is given up is never captured. It
 * is believed at once only of an order that the gateway keeps no longer.
 */
function isGone(subject: Subject, missing: number, now: number): boolean {
  const { attempt, method } = subject;
  if (isFound(subject)) return missing >= MISSING_LIMIT;
  if (method.orderLifetimeMs === undefined || attempt.status !== 'open' || attempt.gatewayTradeNo === null) return false;
  return missing >= MISSING_LIMIT || now >= attempt.createdAt + method.orderLifetimeMs;
}

/**
 * A query does not say whether a payment was simulated. Where the gateway has reported a simulation of live money, only
 * its signed notice of a real payment counts; a person is told.
 */
async function believe(deps: Deps, { payment }: Subject, facts: readonly Fact[]): Promise<readonly Fact[]> {
  const doubtful =
    payment.livemode && payment.flags.includes('simulated') && facts.some((fact) => fact.type === 'paid');
  if (!doubtful) return facts;
  await deps.store.raiseAttention(payment.id, deps.clock.now());
  return facts.filter((fact) => fact.type !== 'paid');
}

function end(reason: 'GONE' | 'EXPIRED'): Fact {
  return { type: 'ended', reason };
}

/** How long after its deadline an attempt is waited for depends on what the payer was given. */
export function graceOf(method: Method, attempt: Pick<Attempt, 'instructions'>): number {
  return method.graceMs[attempt.instructions?.type ?? 'none'] ?? method.graceMs.none;
}

/** Money that the gateway has and looks into, or a bank takes its time over, is not gone however long that takes. */
function isOver({ attempt, method }: Subject, now: number): boolean {
  return attempt.status !== 'under_review' && now >= expiryOf(attempt, graceOf(method, attempt));
}

/** A gateway that cannot be asked: an attempt ends at its time without a question. */
async function concludeUnasked(deps: Deps, subject: Subject): Promise<Look> {
  if (isLeft(subject.attempt)) await plan(deps, subject.attempt, null, 0, 0);
  else if (isOver(subject, deps.clock.now())) await apply(deps, subject, [end('EXPIRED')]);
  else await plan(deps, subject.attempt, expiryOf(subject.attempt, graceOf(subject.method, subject.attempt)), 0, 0);
  return { asked: false, result: 'unsupported' };
}

/** The question was not answered: ask again later, but not for ever. */
async function postpone(deps: Deps, subject: Subject, error: unknown): Promise<Look> {
  const { payment, attempt, method } = subject;
  const now = deps.clock.now();
  deps.log.warn('gateway could not be asked', { payment_no: payment.paymentNo, gateway: payment.gateway, error });
  await deps.store.addEvent({
    paymentId: payment.id,
    attemptId: attempt.id,
    type: 'sync',
    data: { result: 'failed', message: error instanceof Error ? error.message : '' },
    at: now,
  });
  if (isWaitLong(attempt, now, graceOf(method, attempt))) await deps.store.raiseAttention(payment.id, now);
  await planFurther(deps, subject, attempt.missing);
  return { asked: true, result: 'failed', error };
}

function apply(deps: Deps, { attempt, method }: Subject, facts: readonly Fact[]): Promise<FactsOutcome> {
  return reportFacts(deps, {
    attemptId: attempt.id,
    facts,
    source: 'sync',
    mayChooseAgain: method.mayChooseAgain,
  });
}

/** Only a scheduled look moves the schedule on: those that people cause come on top of it. */
async function planFurther(deps: Deps, subject: Subject, missing: number): Promise<void> {
  const { payment, attempt, method, occasion } = subject;
  if (occasion !== 'scheduled') return plan(deps, attempt, attempt.checkAt, attempt.checks, missing);
  const now = deps.clock.now();
  const checkAt = planNextCheck(attempt, now, graceOf(method, attempt));
  const isStuck = isSettlingOver(attempt) && subject.gateway.settle !== 'abandon';
  const isReviewLong = attempt.status === 'under_review' && isWaitLong(attempt, now, graceOf(method, attempt));
  if (isStuck || isReviewLong) await deps.store.raiseAttention(payment.id, now);
  await plan(deps, attempt, checkAt, attempt.checks + 1, missing);
}

async function plan(
  deps: Deps,
  attempt: Attempt,
  checkAt: number | null,
  checks: number,
  missing: number,
): Promise<void> {
  await deps.store.planCheck({ attemptId: attempt.id, checkAt, checks, missing }, deps.clock.now());
  deps.wake();
}

/** What a caller who waits is told when the gateway could not be asked. Null when it could. */
export function explainLook(look: Look, paymentNo: string, now: number): PayCoreError | null {
  if (look.result === 'resting') {
    const seconds = Math.max(1, Math.ceil(((look.restsUntil ?? now) - now) / 1000));
    return new PayCoreError('GATEWAY_RESTING', { details: { payment_no: paymentNo, retry_after: seconds } });
  }
  if (look.result === 'unsupported') return new PayCoreError('gateway_sync_not_supported');
  if (look.result !== 'failed') return null;
  if (look.error instanceof PayCoreError) return look.error;
  const late = (look.error as { kind?: unknown } | undefined)?.kind === 'timeout';
  return new PayCoreError(late ? 'PAYMENT_GATEWAY_TIMEOUT' : 'PAYMENT_GATEWAY_ERROR', {
    details: { payment_no: paymentNo },
    cause: look.error,
  });
}
