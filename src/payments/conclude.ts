import type { Attempt, Fact } from '../core/attempt.ts';
import {
  CARD_SETTLING,
  expiryOf,
  isSettlingOver,
  isWaitLong,
  MISSING_LIMIT,
  MISSING_SPACING,
  planNextCheck,
} from '../core/checks.ts';
import type { Deps } from '../deps.ts';
import type { Method, QueryResult } from '../gateways/gateway.ts';
import type { FactsOutcome } from '../store/facts.ts';
import { loadSubject, makeContext, makeQueryInput } from './call.ts';
import type { Look, Subject } from './look.ts';
import { isLeft, stop } from './question.ts';
import { reportFacts } from './report.ts';

/** What follows from a gateway's answer about an attempt, or from having none. */

export function isOverAlready(attempt: Attempt): boolean {
  return attempt.status === 'ended' || attempt.status === 'paid';
}

/** What the gateway cannot end for us is asked about a last time when nobody can pay it any more. Null: now. */
export function waitForLeft(deps: Deps, { attempt, gateway, method }: Subject, now: number): Promise<Look> | null {
  const expiry = expiryOf(attempt, graceOf(method, attempt));
  if (gateway.cancel || now >= expiry) return null;
  return plan(deps, attempt, expiry, 0, 0).then(() => ({ asked: false, result: 'over' }));
}

export async function concludeOver(deps: Deps, subject: Subject, now: number): Promise<Look> {
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
export async function putOff(deps: Deps, { attempt, occasion }: Subject, later: number): Promise<Look> {
  if (occasion === 'scheduled') await plan(deps, attempt, later, attempt.checks, attempt.missing);
  return { asked: false, result: 'unpaid' };
}

export async function rest(deps: Deps, { attempt }: Subject, restsUntil: number): Promise<Look> {
  await plan(deps, attempt, Math.max(restsUntil, attempt.checkAt ?? 0), attempt.checks, attempt.missing);
  return { asked: false, result: 'resting', restsUntil };
}

export async function conclude(deps: Deps, subject: Subject, answer: QueryResult): Promise<Look> {
  const now = deps.clock.now();
  if (isOverAlready(subject.attempt)) return concludeLate(deps, subject, answer);
  if (answer.type === 'not_found') return concludeMissing(deps, subject, now);
  const told = await believe(deps, subject, answer.facts);
  const facts: readonly Fact[] = isFound(subject) ? [{ type: 'continued' }, ...told] : told;
  const outcome = facts.length > 0 ? await apply(deps, subject, facts) : null;
  const settled = readOutcome(outcome);
  if (settled) return settled;
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
  const call = await loadSubject(deps, subject.payment, subject.attempt);
  const input = makeQueryInput(deps, call);
  const last = input.tradeNo === null ? [] : await stop(call, input, makeContext(deps, call.payment, call.attempt));
  const told = await believe(deps, subject, last);
  const outcome = told.length > 0 ? await apply(deps, subject, told) : null;
  const settled = readOutcome(outcome);
  if (settled) return settled;
  if (outcome?.attempt.status === 'under_review') await planFurther(deps, { ...subject, ...outcome }, 0);
  else await apply(deps, subject, [end('EXPIRED')]);
  return { asked: true, result: 'unpaid' };
}

/** Null: what was applied does not settle the attempt by itself. */
function readOutcome(outcome: FactsOutcome | null): Look | null {
  if (outcome?.attempt.status === 'paid') return { asked: true, result: 'paid' };
  return outcome?.verdict === 'rejected' ? { asked: true, result: 'mismatch' } : null;
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
  if (isLeft(subject.attempt) && subject.occasion === 'scheduled') await planLeft(deps, subject, answer);
  if (answer.type === 'not_found') return { asked: true, result: 'not_found' };
  const known = subject.attempt.status === 'paid' ? MONEY : MONEY_AND_RETURNS;
  const told = (await believe(deps, subject, answer.facts)).filter((fact) => known.has(fact.type));
  const outcome = told.length > 0 ? await apply(deps, subject, told) : null;
  const status = outcome?.attempt.status ?? subject.attempt.status;
  return { asked: true, result: status === 'paid' ? 'paid' : 'unpaid' };
}

/** A bank that still works on it may yet say yes. */
async function planLeft(deps: Deps, subject: Subject, answer: QueryResult): Promise<void> {
  const isHeld = answer.type === 'facts' && answer.facts.some(({ type }) => type === 'under_review');
  if (isHeld) await planFurther(deps, subject, 0);
  else await plan(deps, subject.attempt, null, 0, 0);
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
  if (method.orderLifetimeMs === undefined || attempt.status !== 'open' || attempt.gatewayTradeNo === null)
    return false;
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
export async function concludeUnasked(deps: Deps, subject: Subject): Promise<Look> {
  if (isLeft(subject.attempt)) await plan(deps, subject.attempt, null, 0, 0);
  else if (isOver(subject, deps.clock.now())) await apply(deps, subject, [end('EXPIRED')]);
  else await plan(deps, subject.attempt, expiryOf(subject.attempt, graceOf(subject.method, subject.attempt)), 0, 0);
  return { asked: false, result: 'unsupported' };
}

/** The question was not answered: ask again later, but not for ever. */
export async function postpone(deps: Deps, subject: Subject, error: unknown): Promise<Look> {
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
