import type { Attempt, Fact } from '../attempt.ts';
import { isAlive } from '../attempt.ts';
import type { Trouble } from '../attention.ts';
import type { Flag, Payment } from '../payment.ts';
import type { Effect } from './effects.ts';
import { canBeOvertaken, isOvertaken, newestWord } from './order.ts';
import { planAfterChange } from './schedule.ts';
import type { Hearing, LedgerPayment, Subject } from './state.ts';
import { describeChange, type Happening } from './timeline.ts';
import { type PaymentState, setAside, type Transition, transition } from './transition.ts';
import { troublesOf } from './troubles.ts';

/**
 * What follows when something is heard of an attempt: what becomes of it and its payment, what the timeline and the shop are
 * told, as data. The store reads the subject, hands it here, and writes what comes out, in one transaction.
 */
export interface Changes {
  readonly verdict: Transition['verdict'];
  readonly reason?: Transition['reason'];
  /** As they are then. */
  readonly payment: LedgerPayment;
  readonly attempt: Attempt;
  /** The payer's other attempts are over: he has paid with this one. Money that comes through them is a duplicate. */
  readonly endsOthers: boolean;
  /** The gateway is asked about refunds. */
  readonly asksForRefunds: boolean;
  /** The gateway is asked what is true now. */
  readonly asksAgain: boolean;
  readonly happenings: readonly Happening[];
  readonly effects: readonly Effect[];
  /** What a person has to look into. */
  readonly troubles: readonly Trouble[];
}

/** What has to be known of the rest of the ledger, since only these facts ask for it. */
export interface Needs {
  readonly othersAlive: boolean;
  readonly orderPaidElsewhere: boolean;
  readonly shown: boolean;
}

export function needsOf(facts: readonly Fact[], { source }: Hearing): Needs {
  const has = (type: Fact['type']) => facts.some((fact) => fact.type === type);
  return {
    othersAlive: has('ended'),
    orderPaidElsewhere: has('paid'),
    shown: source === 'sync' && has('instructions'),
  };
}

/** Facts in the order in which they were told; the first that is refused ends it. `before`: what these bytes came to before. */
export function applyFacts(
  subject: Subject,
  facts: readonly Fact[],
  hearing: Hearing,
  before: Transition['verdict'] | null = null,
): Changes {
  let changes: Changes = { ...NOTHING, payment: subject.payment, attempt: subject.attempt };
  const isLate = isOvertaken(subject.attempt, hearing);
  for (const fact of isOutdated(subject.attempt, hearing) ? facts.filter(({ type }) => type === 'paid') : facts) {
    const at: Subject = { ...subject, payment: changes.payment, attempt: changes.attempt };
    const result = judge(at, fact, hearing, isLate);
    // Rejected again: the timeline has it already.
    const happenings = before === result.verdict ? [] : describeChange(at, fact, result, hearing);
    changes = addResult(changes, at, fact, result, hearing, happenings);
    if (result.verdict === 'rejected') break;
  }
  return changes;
}

/** `isLate`: what would move the attempt must not, if it would. */
function judge(at: Subject, fact: Fact, hearing: Hearing, isLate: boolean): Transition {
  const [payment, attempt] = [stateOf(at, hearing), attemptStateOf(at.attempt)];
  const result = transition(payment, attempt, fact);
  const moves = canBeOvertaken(fact) && result.attempt.status !== attempt.status;
  return isLate && moves ? setAside(payment, attempt) : result;
}

/** What was asked for before a call began tells nothing of how that call ends: only that there is money. */
function isOutdated({ movingSince }: Attempt, { askedWhen }: Hearing): boolean {
  return askedWhen !== undefined && movingSince !== null && movingSince !== askedWhen.movingSince;
}

const NOTHING = {
  verdict: 'ignored',
  endsOthers: false,
  asksForRefunds: false,
  asksAgain: false,
  happenings: [],
  effects: [],
  troubles: [],
} as const;

function addResult(
  changes: Changes,
  at: Subject,
  fact: Fact,
  result: Transition,
  hearing: Hearing,
  happenings: readonly Happening[],
): Changes {
  const attempt = nextAttempt(at.attempt, fact, result, hearing);
  const payment = raiseRevision(at, nextPayment(at, fact, result, hearing), attempt);
  return {
    verdict: result.verdict,
    ...(result.reason ? { reason: result.reason } : {}),
    payment,
    attempt,
    endsOthers: changes.endsOthers || (payment.isCheckout && becomesPaid(at.payment, payment)),
    asksForRefunds: changes.asksForRefunds || fact.type === 'refunded',
    asksAgain: changes.asksAgain || result.reason === 'overtaken',
    happenings: [...changes.happenings, ...happenings],
    effects: [...changes.effects, ...result.effects],
    troubles: [...changes.troubles, ...troublesOf(at.payment.flags, fact, result)],
  };
}

/** Whoever has read both sees by the payment's revision that one of them has changed. */
function raiseRevision(at: Subject, payment: LedgerPayment, attempt: Attempt): LedgerPayment {
  const isAttemptAlone = attempt !== at.attempt && payment === at.payment;
  return isAttemptAlone ? { ...payment, revision: payment.revision + 1 } : payment;
}

function becomesPaid(before: Payment, after: Pick<Payment, 'status'>): boolean {
  return after.status === 'paid' && before.status !== 'paid';
}

function stateOf(
  { payment, othersAlive, orderPaidElsewhere }: Subject,
  { mayChooseAgain, now }: Hearing,
): PaymentState {
  return {
    status: payment.status,
    flags: payment.flags,
    livemode: payment.livemode,
    amount: payment.amount,
    currency: payment.currency,
    mayChooseAgain: mayChooseAgain || payment.isCheckout,
    staysOpen: payment.closeAt !== null && now < payment.closeAt,
    othersAlive,
    orderPaidElsewhere,
  };
}

function attemptStateOf(attempt: Attempt) {
  const { status, instructions, gatewayTradeNo: tradeNo, movingSince, paidDetails } = attempt;
  return { status, instructions, tradeNo, movingSince, paidDetails };
}

function nextPayment(at: Subject, fact: Fact, result: Transition, hearing: Hearing): LedgerPayment {
  const { payment, attempt } = at;
  const { status, flags, reason } = result.payment;
  const isApplied = result.verdict === 'applied';
  const isFlagged = !hasSameFlags(flags, payment.flags);
  if (!isApplied && !isFlagged) return payment;
  const isPaidNow = becomesPaid(payment, { status });
  const isNumber = fact.type === 'instructions' && payment.status === 'pending';
  const isFound = hearing.source === 'sync';
  const isCurrent = isApplied && (isPaidNow || (isNumber && (!isFound || mayBeShown(at))));
  const isOver = status === 'failed' || status === 'expired';
  return {
    ...payment,
    ...(isCurrent ? ownerOf(attempt) : {}),
    status,
    // What stays as it is stays the same value: only what differs is written.
    flags: isFlagged ? flags : payment.flags,
    reason: isPaidNow ? null : (reason ?? payment.reason),
    paidAt: payment.paidAt ?? (isPaidNow && fact.type === 'paid' ? readInstant(fact.paidAt, hearing.now) : null),
    closeAt: status === 'pending' ? payment.closeAt : null,
    holdsOrder: payment.holdsOrder && !isOver,
    revision: payment.revision + 1,
    updatedAt: hearing.now,
  };
}

function hasSameFlags(flags: readonly Flag[], others: readonly Flag[]): boolean {
  return flags.length === others.length && flags.every((flag, at) => flag === others[at]);
}

/** The way that was paid, or got its number last, is the payment's. */
function ownerOf({ id: attemptId, gateway, method, mode, credentialId }: Attempt) {
  return { attemptId, gateway, method, mode, credentialId };
}

/** A number that was lost and found again does not push aside the one that the payer has taken meanwhile. */
function mayBeShown({ attempt, shown, payment }: Subject): boolean {
  if (payment.attemptId === attempt.id) return true;
  return shown !== null && (!isAlive(shown) || shown.instructions === null);
}

function nextAttempt(attempt: Attempt, fact: Fact, result: Transition, hearing: Hearing): Attempt {
  const { now, source } = hearing;
  if (result.reason === 'overtaken') return { ...attempt, checkAt: now };
  const declines = attempt.declines + (fact.type === 'declined' && isAlive(attempt) ? 1 : 0);
  const heardAt = newestWord(attempt, fact, hearing);
  if (result.verdict !== 'applied') {
    // Money that does not match is an outcome all the same, where it is the answer to the call or about it.
    const isAnswer = result.verdict === 'rejected' && source !== 'callback.accepted';
    const noted = { ...attempt, declines, heardAt, movingSince: isAnswer ? null : attempt.movingSince };
    return differenceOf(attempt, noted) ? noted : attempt;
  }
  const { status, instructions, tradeNo, paidDetails, endReason } = result.attempt;
  // How it was paid says nothing about when to ask whether it is, nor about a call that is under way.
  if (fact.type === 'details') return { ...attempt, paidDetails: paidDetails ?? null };
  const deadline = instructions === null ? attempt.deadline : readInstant(instructions.expireAt, attempt.deadline);
  return {
    ...attempt,
    status,
    endReason: endReason ?? attempt.endReason,
    movingSince: status === 'unknown' ? attempt.movingSince : null,
    gatewayTradeNo: tradeNo ?? attempt.gatewayTradeNo,
    instructions: instructions ?? attempt.instructions,
    paidDetails: paidDetails ?? attempt.paidDetails,
    deadline,
    checkAt: planAfterChange(attempt, result, deadline, now),
    syncTries: 0,
    notFoundCount: 0,
    declines,
    heardAt,
    updatedAt: now,
  };
}

function readInstant(text: string | undefined, fallback: number): number {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? fallback : ms;
}

/** A callback whose signature is right and whose merchant is wrong: flagged, and refused by the caller. */
export function refuseMerchant(payment: LedgerPayment, reason: string, now: number) {
  const flags = [...new Set<Flag>([...payment.flags, 'mismatch', 'attention'])];
  return {
    payment: { ...payment, flags, revision: payment.revision + 1, updatedAt: now },
    happening: { type: 'callback.refused', data: { reason } },
    effect: { event: 'payment.attention', about: 'merchant' },
  } as const;
}

/** The columns in which two records of one shape differ; null: in none. */
export function differenceOf<T extends object>(before: T, after: T): Readonly<Partial<T>> | null {
  if (before === after) return null;
  const keys = (Object.keys(after) as (keyof T)[]).filter((key) => after[key] !== before[key]);
  return keys.length === 0 ? null : (Object.fromEntries(keys.map((key) => [key, after[key]])) as Partial<T>);
}
