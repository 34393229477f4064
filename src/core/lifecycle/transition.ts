import type { AttemptStatus, Fact, Instructions } from '../attempt.ts';
import { isAlive, isMoneyMoving } from '../attempt.ts';
import { mergeDetails, type PaidDetails } from '../paid-details.ts';
import type { EndReason, Flag, PaymentStatus } from '../payment.ts';
import type { Effect } from './effects.ts';

/**
 * Both state tables, pure: what is + one fact → what becomes and what follows from it.
 *
 * An attempt moves as its row of the table says. A payment's status is derived: `paid` once any attempt is paid and
 * never left again; `pending` while an attempt can still be paid or the payer may choose again; else how it ended.
 */

export interface AttemptState {
  readonly status: AttemptStatus;
  readonly instructions: Instructions | null;
  readonly tradeNo: string | null;
  readonly movingSince: number | null;
  readonly paidDetails?: PaidDetails | null;
}

export interface PaymentState {
  readonly status: PaymentStatus;
  readonly flags: readonly Flag[];
  readonly livemode: boolean;
  /** ISO 4217 minor units. */
  readonly amount: number;
  readonly currency: string;
  /** An attempt of this payment other than the one at hand can still be paid. */
  readonly othersAlive: boolean;
  /** The payer can open a new attempt on the page. */
  readonly mayChooseAgain: boolean;
  /** The payer can do so although the time of this attempt is over. */
  readonly staysOpen: boolean;
  /** Another payment of the same order is paid already. */
  readonly orderPaidElsewhere: boolean;
}

export interface Transition {
  readonly verdict: 'applied' | 'ignored' | 'noted' | 'rejected';
  /** Why it was rejected or noted, for the timeline and the answer. */
  readonly reason?: 'amount' | 'currency' | 'simulated' | 'overtaken';
  readonly attempt: AttemptState & { readonly endReason?: EndReason };
  readonly payment: { readonly status: PaymentStatus; readonly flags: readonly Flag[]; readonly reason?: EndReason };
  /** Notifications that follow; the store writes them in the same transaction. */
  readonly effects: readonly Effect[];
}

export function transition(payment: PaymentState, attempt: AttemptState, fact: Fact): Transition {
  switch (fact.type) {
    case 'paid':
      return receivePaid(payment, attempt, fact);
    case 'details':
      return receiveDetails(payment, attempt, fact.details);
    case 'instructions':
      return receiveInstructions(payment, attempt, fact);
    case 'continued':
      return attempt.status === 'unknown'
        ? applied(payment, { ...attempt, status: 'open' })
        : unchanged(payment, attempt, 'ignored');
    case 'under_review':
      return isAlive(attempt) && attempt.status !== 'under_review'
        ? applied(payment, { ...attempt, status: 'under_review' }, { flags: ['under_review'] })
        : unchanged(payment, attempt, 'ignored');
    case 'declined':
      if (!isAlive(attempt)) return unchanged(payment, attempt, 'ignored');
      return isMoneyMoving(attempt)
        ? applied(payment, { ...attempt, status: 'open' }, { dropFlags: ['under_review'] })
        : unchanged(payment, attempt, 'noted');
    case 'ended':
      return receiveEnd(payment, attempt, fact.reason);
    case 'disputed':
      return receiveDispute(payment, attempt, fact.code);
    case 'refunded':
    case 'note':
      return unchanged(payment, attempt, 'noted');
  }
}

/** Something newer may have been said already: it moves nothing. */
export function setAside(payment: PaymentState, attempt: AttemptState): Transition {
  return { ...unchanged(payment, attempt, 'noted'), reason: 'overtaken' };
}

/** A person has to answer the bank in time. */
function receiveDispute(payment: PaymentState, attempt: AttemptState, code: string): Transition {
  return {
    ...unchanged(flagged(payment, ['attention']), attempt, 'noted'),
    effects: [{ event: 'payment.attention', about: code }],
  };
}

type PaidFact = Extract<Fact, { type: 'paid' }>;

function receivePaid(payment: PaymentState, attempt: AttemptState, fact: PaidFact): Transition {
  const wrong = fact.amount !== payment.amount ? 'amount' : fact.currency !== payment.currency ? 'currency' : null;
  if (wrong) return rejected(payment, attempt, wrong);
  if (fact.simulated && payment.livemode) {
    return { ...unchanged(flagged(payment, ['simulated']), attempt, 'noted'), reason: 'simulated' };
  }
  if (attempt.status === 'paid') return receivePaidAgain(payment, attempt, fact);

  const flags: Flag[] = fact.simulated ? ['simulated'] : [];
  if (payment.status === 'failed' || payment.status === 'expired') flags.push('late');
  const duplicate = payment.status === 'paid' || payment.orderPaidElsewhere;
  if (duplicate) flags.push('duplicate', 'attention');
  const effects: Effect[] = payment.status === 'paid' ? [] : [{ event: 'payment.paid' }];
  if (duplicate) effects.push(...reportDuplicate(fact));
  return applied(
    payment,
    { ...learn(attempt, toldBy(fact)), status: 'paid', tradeNo: fact.tradeNo ?? attempt.tradeNo },
    { status: 'paid', flags, dropFlags: ['under_review'], effects },
  );
}

/** The same trade number is the gateway repeating itself; another one is a second payment through one number. */
function receivePaidAgain(payment: PaymentState, attempt: AttemptState, fact: PaidFact): Transition {
  if (fact.tradeNo === undefined || fact.tradeNo === attempt.tradeNo) {
    return receiveDetails(payment, attempt, toldBy(fact));
  }
  if (attempt.tradeNo === null) return applied(payment, { ...learn(attempt, toldBy(fact)), tradeNo: fact.tradeNo });
  return applied(payment, attempt, { flags: ['duplicate', 'attention'], effects: reportDuplicate(fact) });
}

function toldBy({ channel, details }: PaidFact): PaidDetails {
  return channel === undefined ? (details ?? {}) : { ...details, channel };
}

/** The attempt with what is told of how it was paid; itself when that is nothing new. */
function learn(attempt: AttemptState, told: PaidDetails): AttemptState {
  const known = attempt.paidDetails ?? null;
  const paidDetails = mergeDetails(known, told);
  return paidDetails === known ? attempt : { ...attempt, paidDetails };
}

/** Told late, or once more with more in it: it is kept, and says nothing about money. */
function receiveDetails(payment: PaymentState, attempt: AttemptState, told: PaidDetails): Transition {
  const learned = learn(attempt, told);
  return learned === attempt ? unchanged(payment, attempt, 'ignored') : applied(payment, learned);
}

function reportDuplicate(fact: PaidFact): readonly Effect[] {
  const about = fact.tradeNo ?? '';
  return [
    { event: 'payment.duplicate', about },
    { event: 'payment.attention', about },
  ];
}

function receiveInstructions(
  payment: PaymentState,
  attempt: AttemptState,
  fact: Extract<Fact, { type: 'instructions' }>,
): Transition {
  if (fact.amount !== undefined && fact.amount !== payment.amount) return rejected(payment, attempt, 'amount');
  if (!isAlive(attempt)) return unchanged(payment, attempt, 'ignored');
  return applied(payment, {
    ...attempt,
    status: attempt.status === 'unknown' ? 'open' : attempt.status,
    instructions: keepCodeUrl(attempt.instructions, fact.instructions),
    tradeNo: fact.tradeNo ?? attempt.tradeNo,
  });
}

/** Not everything that tells of a store code names the gateway's page about it. */
function keepCodeUrl(known: Instructions | null, told: Instructions): Instructions {
  const isSame = known?.type === 'cvs' && told.type === 'cvs' && known.paymentCode === told.paymentCode;
  if (!isSame || known.paymentCodeUrl === undefined || told.paymentCodeUrl !== undefined) return told;
  return { ...told, paymentCodeUrl: known.paymentCodeUrl };
}

function receiveEnd(payment: PaymentState, attempt: AttemptState, reason: EndReason): Transition {
  // A payment can outlive its last attempt, while the payer may still choose again; then its own time ends it.
  const outlived = attempt.status === 'ended' && reason === 'EXPIRED' && payment.status === 'pending';
  if (!isAlive(attempt) && !outlived) return unchanged(payment, attempt, 'ignored');
  const ended = { ...attempt, status: 'ended' as const, ...(outlived ? {} : { endReason: reason }) };
  const status = deriveEnd(payment, reason);
  const effects: readonly Effect[] =
    status === payment.status ? [] : [{ event: status === 'expired' ? 'payment.expired' : 'payment.failed' }];
  return applied(payment, ended, {
    status,
    dropFlags: attempt.status === 'under_review' ? ['under_review'] : [],
    effects,
    ...(status === payment.status ? {} : { reason }),
  });
}

/** A payment ends only when no attempt can still be paid and the payer cannot choose again, or when it was cancelled. */
function deriveEnd(payment: PaymentState, reason: EndReason): PaymentStatus {
  if (payment.status !== 'pending' || payment.othersAlive) return payment.status;
  if (reason === 'EXPIRED') return payment.staysOpen ? 'pending' : 'expired';
  return payment.mayChooseAgain && reason !== 'CANCELLED' ? 'pending' : 'failed';
}

interface Change {
  readonly status?: PaymentStatus;
  readonly flags?: readonly Flag[];
  readonly dropFlags?: readonly Flag[];
  readonly effects?: readonly Effect[];
  readonly reason?: EndReason;
}

function applied(payment: PaymentState, attempt: Transition['attempt'], change: Change = {}): Transition {
  const kept = payment.flags.filter((flag) => !change.dropFlags?.includes(flag));
  return {
    verdict: 'applied',
    attempt,
    payment: {
      status: change.status ?? payment.status,
      flags: union(kept, change.flags ?? []),
      ...(change.reason ? { reason: change.reason } : {}),
    },
    effects: change.effects ?? [],
  };
}

function unchanged(payment: PaymentState, attempt: AttemptState, verdict: 'ignored' | 'noted'): Transition {
  return { verdict, attempt, payment: { status: payment.status, flags: payment.flags }, effects: [] };
}

function rejected(payment: PaymentState, attempt: AttemptState, reason: 'amount' | 'currency'): Transition {
  const first = !payment.flags.includes('mismatch');
  return {
    verdict: 'rejected',
    reason,
    attempt,
    payment: { status: payment.status, flags: union(payment.flags, ['mismatch', 'attention']) },
    effects: first ? [{ event: 'payment.attention', about: reason }] : [],
  };
}

function flagged(payment: PaymentState, flags: readonly Flag[]): PaymentState {
  return { ...payment, flags: union(payment.flags, flags) };
}

function union(flags: readonly Flag[], more: readonly Flag[]): readonly Flag[] {
  return [...flags, ...more.filter((flag) => !flags.includes(flag))];
}
