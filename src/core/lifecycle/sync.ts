import type { Attempt, Fact } from '../attempt.ts';
import type { Payment } from '../payment.ts';
import { HOUR, MINUTE, SECOND } from '../time.ts';
import { expiryOf, type Graces, graceOf, isClockRight, isOver, isWaitLong } from './expiry.ts';
import { isCalling, isSettlingOver, planNextSync } from './schedule.ts';
import type { Transition } from './transition.ts';

/**
 * What follows from a gateway's answer about an attempt, or from having none, as data: facts to apply, when to ask next,
 * whether a person has to look into it, and what whoever asked is told.
 */

/**
 * Why a gateway is asked: a caller of the API waits for the answer, or the gateway itself has told us something; a payer
 * did something, or somebody sent what proves nothing; or its time has come.
 */
export type SyncTrigger = 'request' | 'page' | 'schedule';

export type SyncResultType =
  | 'paid'
  | 'unpaid'
  | 'mismatch'
  | 'unknown'
  | 'not_found'
  | 'cooldown'
  /** The account has too many questions waiting. */
  | 'busy'
  | 'failed'
  | 'unsupported'
  | 'over';

/** What a driver says about itself that matters here. */
export interface SyncRules {
  readonly graces: Graces;
  readonly settle: 'replay' | 'query' | 'abandon';
  /** It can end an order. */
  readonly canCancel: boolean;
  /** The payer pays on our page, and his bank may take its time. */
  readonly isInSite: boolean;
  /** How long the gateway keeps an order that nobody pays. */
  readonly orderLifetimeMs: number | undefined;
}

export interface SyncState {
  readonly payment: Pick<Payment, 'livemode' | 'flags'>;
  readonly attempt: Attempt;
  readonly trigger: SyncTrigger;
  readonly rules: SyncRules;
  /** How far our clock is known to be ahead of the gateways', milliseconds; null: it is right, or nobody has told. */
  readonly skew: number | null;
}

export type SyncAnswer = { readonly type: 'facts'; readonly facts: readonly Fact[] } | { readonly type: 'not_found' };

export interface NextSync {
  readonly checkAt: number | null;
  readonly syncTries: number;
  readonly notFoundCount: number;
}

export interface SyncDecision {
  readonly facts: readonly Fact[];
  /** What a person has to look into, in a word. */
  readonly review: string | null;
  /** Null: as it is. */
  readonly plan: NextSync | null;
  /** Null: what the facts come to decides, see `decideAfterFacts`. */
  readonly result: SyncResultType | null;
}

const NOTHING: SyncDecision = { facts: [], review: null, plan: null, result: null };
const NEVER: NextSync = { checkAt: null, syncTries: 0, notFoundCount: 0 };

/** Two answers "order not found" in one breath are one: the order may still be on its way. */
const NOT_FOUND_SPACING = 5 * SECOND;

/** A bank may take longer over a card than we wait for it: before this, that there is no money says nothing about the charge. */
const CARD_SETTLING = 5 * MINUTE;

/** Times a gateway has to say that it does not know a number before that is believed. */
const NOT_FOUND_LIMIT = 2;

export function isConcluded({ status }: Pick<Attempt, 'status'>): boolean {
  return status === 'ended' || status === 'paid';
}

/** Ended here, not at the gateway: somebody may still pay it. */
export function isClosedLocally({ status, endReason }: Pick<Attempt, 'status' | 'endReason'>): boolean {
  return status === 'ended' && (endReason === 'SUPERSEDED' || endReason === 'CANCELLED');
}

function expiryIn({ attempt, rules }: SyncState): number {
  return expiryOf(attempt, graceOf(rules.graces, attempt));
}

/** Whether our clock may end anything. */
function isTimeKnown({ attempt, rules, skew }: SyncState): boolean {
  return isClockRight(skew, graceOf(rules.graces, attempt));
}

function isOverIn(state: SyncState, now: number): boolean {
  const { attempt, rules } = state;
  return isTimeKnown(state) && isOver(attempt, now, graceOf(rules.graces, attempt));
}

function isWaitLongIn(state: SyncState, now: number): boolean {
  const { attempt, rules } = state;
  return isTimeKnown(state) && isWaitLong(attempt, now, graceOf(rules.graces, attempt));
}

/** When its end is looked for; later, while our clock says that this is over and may not end it. */
function lookForEnd(state: SyncState, now: number): number {
  const expiry = expiryIn(state);
  return isTimeKnown(state) ? expiry : Math.max(expiry, now + HOUR);
}

/** Whether the gateway is asked at all; `over`: see `decideOver`. */
export function decideAsking(state: SyncState, now: number): SyncDecision | 'ask' | 'over' {
  const { attempt, trigger, rules } = state;
  if (isConcluded(attempt) && trigger === 'schedule') {
    if (!isClosedLocally(attempt)) return 'over';
    // What the gateway cannot end for us is asked about a last time when nobody can pay it any more.
    const expiry = expiryIn(state);
    if (rules.canCancel || now >= expiry) return 'ask';
    return { ...NOTHING, plan: { ...NEVER, checkAt: expiry }, result: 'over' };
  }
  return isCalling(attempt, now) ? { ...NOTHING, result: 'unknown' } : 'ask';
}

/** What has ended for good stays in the schedule only to end a payment that outlived its attempts. */
export function decideOver(
  state: SyncState,
  now: number,
): { readonly facts: readonly Fact[]; readonly checkAt: number | null } {
  return isOverIn(state, now)
    ? { facts: [end('EXPIRED')], checkAt: null }
    : { facts: [], checkAt: lookForEnd(state, now) };
}

/** The account has too many questions waiting: nothing is known. A page is refreshed some other time. */
export function decidePutOff({ attempt, trigger }: SyncState, later: number): SyncDecision {
  return { ...NOTHING, plan: trigger === 'schedule' ? { ...kept(attempt), checkAt: later } : null, result: 'busy' };
}

export function decideCooldown({ attempt }: SyncState, until: number): SyncDecision {
  return { ...NOTHING, plan: { ...kept(attempt), checkAt: Math.max(until, attempt.checkAt ?? 0) }, result: 'cooldown' };
}

/** A gateway that cannot be asked: an attempt ends at its time without a question. */
export function decideUnasked(state: SyncState, now: number): SyncDecision {
  const result = 'unsupported';
  if (isClosedLocally(state.attempt)) return { ...NOTHING, plan: NEVER, result };
  if (isOverIn(state, now)) return { ...NOTHING, facts: [end('EXPIRED')], result };
  return { ...NOTHING, plan: { ...NEVER, checkAt: lookForEnd(state, now) }, result };
}

/** The question was not answered: ask again later, but not for ever. */
export function decideUnanswered(state: SyncState, now: number): SyncDecision {
  const further = planFurther(state, now, state.attempt.notFoundCount);
  return { ...further, review: isWaitLongIn(state, now) ? 'unanswered' : further.review, result: 'failed' };
}

export function decideAnswer(state: SyncState, answer: SyncAnswer, now: number): SyncDecision {
  if (isConcluded(state.attempt)) return decideLate(state, answer, now);
  if (isCardYoung(state, now) && (answer.type === 'not_found' || answer.facts.length === 0)) {
    return { ...planFurther(state, now, state.attempt.notFoundCount), result: 'unknown' };
  }
  if (answer.type === 'not_found') return decideNotFound(state, now);
  const { facts, review } = believe(state, answer.facts);
  return { ...NOTHING, facts: isFound(state) ? [{ type: 'continued' }, ...facts] : facts, review };
}

/** `last`: the time is over, and the gateway is to end the order before the attempt expires. */
export function decideAfterFacts(
  state: SyncState,
  verdict: Transition['verdict'] | null,
  now: number,
): SyncDecision | 'last' {
  const settled = readVerdict(state, verdict, now);
  if (settled) return settled;
  if (state.attempt.status === 'ended') return { ...NOTHING, result: 'unpaid' };
  return isOverIn(state, now) ? 'last' : { ...planFurther(state, now, 0), result: 'unpaid' };
}

/**
 * The time is over. Where the gateway can, it has ended the order, so that nobody pays what the shop was told is gone; when
 * it says that it is paid after all, it is.
 */
export function decideAfterLast(state: SyncState, verdict: Transition['verdict'] | null, now: number): SyncDecision {
  const settled = readVerdict(state, verdict, now);
  if (settled) return settled;
  if (state.attempt.status === 'under_review') return { ...planFurther(state, now, 0), result: 'unpaid' };
  return { ...NOTHING, facts: [end('EXPIRED')], result: 'unpaid' };
}

/**
 * Null: what was applied does not settle the attempt by itself. Money that does not match is told again each time, so it is
 * asked about no more often than what is unpaid; it is not gone, and does not expire.
 */
function readVerdict(state: SyncState, verdict: Transition['verdict'] | null, now: number): SyncDecision | null {
  if (verdict !== null && state.attempt.status === 'paid') return { ...NOTHING, result: 'paid' };
  return verdict === 'rejected' ? { ...planFurther(state, now, 0), result: 'mismatch' } : null;
}

/**
 * The gateway knows the order: an unknown outcome becomes an open one, even when it is unpaid. But where a lost number
 * cannot be had again, nothing is open to the payer: the attempt is only watched.
 */
function isFound({ attempt, rules }: SyncState): boolean {
  return attempt.status === 'unknown' && rules.settle !== 'abandon';
}

const MONEY: ReadonlySet<Fact['type']> = new Set(['paid']);
const MONEY_AND_RETURNS: ReadonlySet<Fact['type']> = new Set(['paid', 'refunded', 'disputed']);

/**
 * Money for what has ended counts, with what went back of it; nothing else about it matters any more. What goes back once
 * that is known, the gateway's callbacks tell: every question would find the same again.
 */
function decideLate(state: SyncState, answer: SyncAnswer, now: number): SyncDecision {
  const { attempt, trigger } = state;
  const isPlanned = isClosedLocally(attempt) && trigger === 'schedule';
  // A bank that still works on it may yet say yes, and by a wrong clock nobody knows that nobody can pay it any more.
  const isHeld = answer.type === 'facts' && answer.facts.some(({ type }) => type === 'under_review');
  const isOpen = isHeld || !isTimeKnown(state);
  const further = isPlanned && isOpen ? planFurther(state, now, 0) : { ...NOTHING, plan: isPlanned ? NEVER : null };
  if (answer.type === 'not_found') return { ...further, result: 'not_found' };
  const known = attempt.status === 'paid' ? MONEY : MONEY_AND_RETURNS;
  const { facts, review } = believe(state, answer.facts);
  return { ...further, facts: facts.filter(({ type }) => known.has(type)), review: review ?? further.review };
}

/** The payer's card was handed over so lately that his bank may still be at it. */
function isCardYoung(state: SyncState, now: number): boolean {
  const { movingSince } = state.attempt;
  return state.rules.isInSite && movingSince !== null && waitedFor(state, movingSince, now) < CARD_SETTLING;
}

/** A clock that has jumped ahead counts what it has jumped over as waited for. */
function waitedFor({ skew }: SyncState, since: number, now: number): number {
  return now - Math.max(0, skew ?? 0) - since;
}

/** Of what has ended: whether it is paid all the same. */
export function readLate({ status }: Pick<Attempt, 'status'>): SyncResultType {
  return status === 'paid' ? 'paid' : 'unpaid';
}

function decideNotFound(state: SyncState, now: number): SyncDecision {
  const { attempt } = state;
  const notFoundCount = attempt.notFoundCount + (waitedFor(state, attempt.updatedAt, now) >= NOT_FOUND_SPACING ? 1 : 0);
  const result = 'not_found';
  if (isGone(state, notFoundCount, now)) return { ...NOTHING, facts: [end('GONE')], result };
  if (isOverIn(state, now)) return { ...NOTHING, facts: [end('EXPIRED')], result };
  return { ...planFurther(state, now, notFoundCount), result };
}

/**
 * One "not found" may be a gateway that has not caught up with itself, and an order that is given up is never captured. It
 * is believed at once only of an order that the gateway keeps no longer.
 */
function isGone(state: SyncState, notFoundCount: number, now: number): boolean {
  const { attempt, rules } = state;
  if (isFound(state)) return notFoundCount >= NOT_FOUND_LIMIT;
  if (rules.orderLifetimeMs === undefined || attempt.status !== 'open' || attempt.gatewayTradeNo === null) return false;
  return notFoundCount >= NOT_FOUND_LIMIT || (isTimeKnown(state) && now >= attempt.createdAt + rules.orderLifetimeMs);
}

/**
 * A query does not say whether a payment was simulated. Where the gateway has reported a simulation of live money, only
 * its signed notice of a real payment counts; a person is told.
 */
export function believe(
  { payment }: Pick<SyncState, 'payment'>,
  facts: readonly Fact[],
): { readonly facts: readonly Fact[]; readonly review: string | null } {
  const isDoubtful =
    payment.livemode && payment.flags.includes('simulated') && facts.some(({ type }) => type === 'paid');
  if (!isDoubtful) return { facts, review: null };
  return { facts: facts.filter(({ type }) => type !== 'paid'), review: 'simulated' };
}

function end(reason: 'GONE' | 'EXPIRED'): Fact {
  return { type: 'ended', reason };
}

function kept({ checkAt, syncTries, notFoundCount }: Attempt): NextSync {
  return { checkAt, syncTries, notFoundCount };
}

/** Only a question of the schedule moves the schedule on: those that people cause come on top of it. */
function planFurther(state: SyncState, now: number, notFoundCount: number): SyncDecision {
  const { attempt, rules, trigger } = state;
  if (trigger !== 'schedule') return { ...NOTHING, plan: { ...kept(attempt), notFoundCount } };
  // By the gateways' clock, in the words of ours: how near the end is must not be told by one that is wrong.
  const ahead = state.skew ?? 0;
  const checkAt = planNextSync(attempt, now - ahead, graceOf(rules.graces, attempt)) + ahead;
  const isStuck = isSettlingOver(attempt) && rules.settle !== 'abandon';
  const isReviewLong = attempt.status === 'under_review' && isWaitLongIn(state, now);
  const review = isStuck ? 'unsettled' : isReviewLong ? 'under_review' : null;
  return { ...NOTHING, plan: { checkAt, syncTries: attempt.syncTries + 1, notFoundCount }, review };
}
