import { and, eq, inArray, ne } from 'drizzle-orm';
import type { Fact } from '../../core/attempt.ts';
import { ALIVE, isMoneyMoving } from '../../core/attempt.ts';
import type { Trouble } from '../../core/attention.ts';
import {
  type Changes,
  applyFacts as decide,
  differenceOf,
  needsOf,
  refuseMerchant,
} from '../../core/lifecycle/changes.ts';
import type { Hearing, LedgerPayment, Subject } from '../../core/lifecycle/state.ts';
import type { Happening } from '../../core/lifecycle/timeline.ts';
import type { Payment } from '../../core/payment.ts';
import { alertsOfTroubles } from '../../core/payment-alerts.ts';
import { recountPayment } from '../counters.ts';
import type { Row } from '../kit.ts';
import type { FoundAttempt } from '../queries/payments.ts';
import { OTHER_ALIVE, PAID_ELSEWHERE, PAYMENT_OF_ATTEMPT, REVISION, SCHEDULE } from '../queries/subject.ts';
import { statement } from '../statement.ts';
import { findRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { raiseAlerts } from './alerts/raise.ts';
import { type CallbackCall, noteCall } from './callback-calls.ts';
import { type CallbackRecord, countAgain } from './callbacks.ts';
import { type NewEvent, recordEvents } from './events.ts';
import { countLinkPayment } from './links/keep.ts';
import { notifyShop, type Telling } from './notifications.ts';
import { lockOrder } from './open-payment.ts';
import { addAttemptTerms } from './search-terms.ts';
import { closeAtOutcome, raiseTroubles } from './troubles.ts';

/**
 * Applies what a gateway told us: the callback as it came, the changed rows, the timeline and the notifications that
 * follow, all in one transaction. What follows is decided in `core/lifecycle`.
 */
export interface FactsInput extends Hearing, Telling {
  readonly attemptId: number;
  readonly facts: readonly Fact[];
  /** Raw bytes of the callback the facts came from. */
  readonly callback?: CallbackRecord;
  /** Both as they were read a moment ago, the payment first; they are read again only where they have changed since. */
  readonly known?: FoundAttempt;
  /** When the gateway called last is written down along with it; `refusal`: what it is told when its facts do not fit. */
  readonly call?: CallbackCall & { readonly refusal: string };
}

export interface FactsOutcome extends Pick<Changes, 'verdict' | 'reason' | 'payment' | 'attempt'> {
  /** Something waits to be done or sent. */
  readonly notified: boolean;
}

export async function applyFacts(tx: Tx, input: FactsInput): Promise<FactsOutcome> {
  const { attemptId, facts, callback } = input;
  const subject = await loadSubject(tx, input);
  const known = callback ? await countAgain(tx, attemptId, callback.digest) : null;
  if (known && known.outcome !== 'rejected') {
    if (input.call) await noteCall(tx, input.call, null, input.now);
    return { verdict: 'ignored', payment: subject.payment, attempt: subject.attempt, notified: false };
  }
  const changes = decide(subject, facts, input, known && 'rejected');
  const { verdict, reason, attempt, asksForRefunds, asksAgain } = changes;
  const payment = await savePayment(tx, subject.payment, changes, input.now);
  const attemptChange = differenceOf(subject.attempt, attempt);
  if (attemptChange) await patchRow(tx, 'attempts', attemptId, { ...attemptChange, ...endLook(attemptChange) });
  await addAttemptTerms(tx, payment, subject.attempt, attempt);
  await recordEvents(tx, describe(changes, input, known === null));
  if (known && verdict !== known.outcome) await patchRow(tx, 'events', known.id, { outcome: verdict });
  await keepTroubles(tx, subject, changes, input.now);
  const told = await notifyShop(tx, payment, attempt, changes.effects, input);
  if (input.call) await noteCall(tx, input.call, verdict === 'rejected' ? input.call.refusal : null, input.now);
  return { verdict, ...(reason ? { reason } : {}), payment, attempt, notified: told || asksForRefunds || asksAgain };
}

/** A new plan is no look's lease any more. */
function endLook({ checkAt }: Pick<Partial<Row<'attempts'>>, 'checkAt'>): { readonly lookedBy?: null } {
  return checkAt === undefined ? {} : { lookedBy: null };
}

/** What a person has to look into now, and what he need not any more. */
async function keepTroubles(
  tx: Tx,
  before: Subject,
  { payment, attempt, troubles }: Changes,
  now: number,
): Promise<void> {
  if (troubles.length > 0) await tellOfTroubles(tx, payment, troubles, now);
  const isMoved = attempt.status !== before.attempt.status && !isMoneyMoving(attempt);
  if (isMoved && before.payment.flags.includes('attention')) await closeAtOutcome(tx, payment.id, now);
}

/** In the list of the desk, and outside it. */
async function tellOfTroubles(tx: Tx, payment: Payment, troubles: readonly Trouble[], now: number): Promise<void> {
  await raiseTroubles(tx, payment, troubles, now);
  await raiseAlerts(tx, alertsOfTroubles(payment, troubles), now);
}

type Wanted = Hearing & Pick<FactsInput, 'attemptId' | 'facts' | 'known'>;

async function loadSubject(tx: Tx, input: Wanted): Promise<Subject> {
  const { payment, attempt } = await loadRows(tx, input);
  const needs = needsOf(input.facts, input);
  const { id: paymentId, attemptId: shownId } = payment;
  const isOther = needs.shown && shownId !== null && shownId !== attempt.id;
  return {
    payment,
    attempt,
    othersAlive: needs.othersAlive && (await tx.get(OTHER_ALIVE, { paymentId, id: attempt.id })) !== null,
    orderPaidElsewhere: needs.orderPaidElsewhere && (await isPaidElsewhere(tx, payment)),
    shown: isOther ? await findRow(tx, 'attempts', { id: shownId }) : null,
  };
}

/** Locked: the payment before its attempt. */
async function loadRows(tx: Tx, { attemptId, known }: Wanted): Promise<FoundAttempt> {
  if (known) {
    const now = await tx.get(REVISION, { id: known.payment.id });
    const isSame = now?.revision === known.payment.revision;
    const schedule = isSame ? await tx.get(SCHEDULE, { id: attemptId }) : null;
    if (schedule) return { ...known, attempt: { ...known.attempt, ...schedule } };
  }
  const payment = await tx.get(PAYMENT_OF_ATTEMPT, { attemptId });
  const attempt = payment && (await lockRow(tx, 'attempts', { id: attemptId }));
  if (!payment || !attempt) throw new Error(`attempt ${attemptId} does not exist`);
  return { payment, attempt };
}

/** Two payments of one order that are paid at the same moment must not both overlook the other. */
async function isPaidElsewhere(tx: Tx, payment: LedgerPayment): Promise<boolean> {
  // As long as it holds its order no other can be opened, and before it there was none.
  if (payment.holdsOrder && !payment.followsAnother) return false;
  await lockOrder(tx, payment);
  return (await tx.get(PAID_ELSEWHERE, payment)) !== null;
}

async function savePayment(tx: Tx, before: LedgerPayment, changes: Changes, now: number): Promise<LedgerPayment> {
  const { credentialId } = changes.payment;
  const isMoved = credentialId !== null && credentialId !== before.credentialId;
  const credential = isMoved ? await findRow(tx, 'credentials', { id: credentialId }) : null;
  const after = credential ? { ...changes.payment, environment: credential.environment } : changes.payment;
  const refunds = changes.asksForRefunds ? { refundCheckAt: now, refundTries: 0, refundLookedBy: null } : {};
  await patchRow(tx, 'payments', after.id, { ...differenceOf(before, after), ...refunds });
  recountPayment(tx, after, before.status);
  if (changes.endsOthers) await endOthers(tx, after, changes.attempt.id, now);
  if (after.linkId !== null && after.status === 'paid' && before.status !== 'paid') {
    await countLinkPayment(tx, after.linkId, after.amount);
  }
  return after;
}

interface OthersEnd {
  readonly paymentId: number;
  readonly but: number;
  readonly now: number;
}

const END_OTHERS = statement(({ db, t }, p: OthersEnd) =>
  db
    .update(t.attempts)
    .set({
      ...{ status: 'ended', endReason: 'SUPERSEDED', movingSince: null },
      ...{ checkAt: p.now, lookedBy: null, syncTries: 0, updatedAt: p.now },
    })
    .where(and(eq(t.attempts.paymentId, p.paymentId), ne(t.attempts.id, p.but), inArray(t.attempts.status, [...ALIVE])))
    .returning({ id: t.attempts.id }),
);

async function endOthers(tx: Tx, { id: paymentId }: Payment, but: number, now: number): Promise<void> {
  // RETURNING promises no order.
  const ended = (await tx.all(END_OTHERS, { paymentId, but, now })).toSorted((a, b) => a.id - b.id);
  const data = { reason: 'SUPERSEDED' };
  await recordEvents(
    tx,
    ended.map(({ id }): NewEvent => ({ paymentId, attemptId: id, type: 'attempt.ended', data, at: now })),
  );
}

/** The timeline of a change; the callback stands with the first event, which is the one that it caused. */
function describe(changes: Changes, { callback, now }: FactsInput, isNew: boolean): readonly NewEvent[] {
  const { payment, attempt, happenings, verdict } = changes;
  const told: readonly Happening[] =
    happenings.length === 0 && callback && isNew ? [{ type: 'callback.accepted', data: { verdict } }] : happenings;
  return told.map(({ type, data }, index) => ({
    paymentId: payment.id,
    attemptId: attempt.id,
    type,
    data,
    at: now,
    ...(callback && isNew && index === 0 ? { ...callback, outcome: verdict } : {}),
  }));
}

export interface MismatchInput extends Telling {
  readonly attemptId: number;
  readonly reason: string;
  readonly callback: CallbackRecord;
  readonly call?: CallbackCall;
}

/** A callback whose signature is right and whose merchant is wrong: kept, flagged, refused by the caller. */
export async function flagMismatch(tx: Tx, input: MismatchInput): Promise<void> {
  const { attemptId, callback, call, now } = input;
  const { payment, attempt } = await loadRows(tx, { attemptId, facts: [], now, source: null, mayChooseAgain: false });
  if (call) await noteCall(tx, call, input.reason, now);
  if ((await countAgain(tx, attemptId, callback.digest)) !== null) return;
  const refused = refuseMerchant(payment, input.reason, now);
  await patchRow(tx, 'payments', payment.id, differenceOf(payment, refused.payment as LedgerPayment) ?? {});
  const trouble = { kind: 'mismatch', about: 'merchant', data: { reason: 'merchant' } } as const;
  await tellOfTroubles(tx, payment, [trouble], now);
  await notifyShop(tx, refused.payment, attempt, [refused.effect], input);
  const { type, data } = refused.happening;
  const kept = { ...callback, outcome: 'rejected' } as const;
  await recordEvents(tx, [{ paymentId: payment.id, attemptId, type, data, at: now, ...kept }]);
}
