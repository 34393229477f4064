import type { Fact } from '../../core/attempt.ts';
import {
  believe,
  decideAfterFacts,
  decideAfterLast,
  decideAnswer,
  decideOver,
  decideUnanswered,
  isConcluded,
  readLate,
  type SyncDecision,
} from '../../core/lifecycle/sync.ts';
import type { Deps } from '../../deps.ts';
import type { QueryResult } from '../../gateways/gateway.ts';
import type { FactsOutcome } from '../../store/commands/apply-facts.ts';
import { reportFacts, webhookIds } from '../facts.ts';
import { loadSubject, makeContext, makeQueryInput } from '../subject.ts';
import { cancelAtGateway } from './query.ts';
import { type SyncResult, type SyncSubject, stateOf } from './result.ts';

/** Carries out what the rules make of a gateway's answer about an attempt, or of having none. */

export async function applySyncResult(deps: Deps, subject: SyncSubject, answer: QueryResult): Promise<SyncResult> {
  const decision = decideAnswer(stateOf(deps, subject), answer, deps.clock.now());
  const outcome = await carryOut(deps, subject, decision);
  if (decision.result !== null) return { asked: true, result: decision.result };
  // Something was heard while the question was on its way: it is put again, and at once.
  if (outcome?.reason === 'overtaken') return { asked: true, result: 'unpaid' };
  const after = follow(subject, outcome);
  if (isConcluded(subject.attempt)) return { asked: true, result: readLate(after.attempt) };
  const next = decideAfterFacts(stateOf(deps, after), outcome?.verdict ?? null, deps.clock.now());
  return next === 'last' ? expire(deps, after) : conclude(deps, after, next);
}

/** The time is over. Where the gateway can, it ends the order first, so that nobody pays what the shop was told is gone. */
async function expire(deps: Deps, subject: SyncSubject): Promise<SyncResult> {
  const call = await loadSubject(deps, subject.payment, subject.attempt);
  const input = makeQueryInput(call);
  const ctx = makeContext(deps, call.payment, call.attempt);
  const last = input.tradeNo === null ? [] : await cancelAtGateway(call, input, ctx);
  const { facts, review } = believe(subject, last);
  const outcome = await carryOut(deps, subject, { facts, review, plan: null, result: null });
  const after = follow(subject, outcome);
  return conclude(deps, after, decideAfterLast(stateOf(deps, after), outcome?.verdict ?? null, deps.clock.now()));
}

async function conclude(deps: Deps, subject: SyncSubject, decision: SyncDecision): Promise<SyncResult> {
  await carryOut(deps, subject, decision);
  return { asked: true, result: decision.result ?? 'unpaid' };
}

function follow(subject: SyncSubject, outcome: FactsOutcome | null): SyncSubject {
  return outcome ? { ...subject, payment: outcome.payment, attempt: outcome.attempt } : subject;
}

/** What has ended for good is in the schedule only to end a payment that outlived its attempts. */
export async function concludeOver(deps: Deps, subject: SyncSubject, now: number): Promise<SyncResult> {
  const { facts, checkAt } = decideOver(stateOf(deps, subject), now);
  if (facts.length > 0) await apply(deps, subject, facts);
  // The payment may have ended, or been paid, by another attempt long ago: then nothing has changed.
  await deps.store.planLastSync(subject.attempt.id, checkAt);
  deps.wake();
  return { asked: false, result: 'over' };
}

/** The question was not answered: ask again later, but not for ever. */
export async function postpone(deps: Deps, subject: SyncSubject, error: unknown): Promise<SyncResult> {
  const result = await tellUnanswered(deps, subject, error);
  await carryOut(deps, subject, decideUnanswered(stateOf(deps, subject), deps.clock.now()));
  return result;
}

export async function tellUnanswered(deps: Deps, subject: SyncSubject, error: unknown): Promise<SyncResult> {
  const { payment, attempt } = subject;
  const now = deps.clock.now();
  deps.log.warn('gateway could not be asked', { payment_no: payment.paymentNo, gateway: payment.gateway, error });
  // A payer may reload his page all day: of what he causes nothing is left but a line in the log.
  if (subject.trigger !== 'page') {
    await deps.store.recordEvent({
      paymentId: payment.id,
      attemptId: attempt.id,
      type: 'sync',
      data: { result: 'failed', message: error instanceof Error ? error.message : '' },
      at: now,
    });
  }
  return { asked: true, result: 'failed', error };
}

/** Facts first, then what a person has to know, then when to ask again. */
export async function carryOut(
  deps: Deps,
  subject: SyncSubject,
  { facts, review, plan }: SyncDecision,
): Promise<FactsOutcome | null> {
  const { payment, attempt } = subject;
  const outcome = facts.length > 0 ? await apply(deps, subject, facts) : null;
  if (review !== null) {
    const telling = { now: deps.clock.now(), makeWebhookId: webhookIds(deps) };
    if (await deps.store.flagForReview(payment.id, review, telling)) deps.wake();
  }
  if (plan) {
    await deps.store.planSync({ attemptId: attempt.id, ...plan, known: attempt.checkAt }, deps.clock.now());
    deps.wake();
  }
  return outcome;
}

function apply(deps: Deps, { attempt, method, saidAt }: SyncSubject, facts: readonly Fact[]): Promise<FactsOutcome> {
  return reportFacts(deps, {
    attemptId: attempt.id,
    facts,
    source: 'sync',
    mayChooseAgain: method.mayChooseAgain,
    saidAt,
    askedWhen: attempt,
  });
}
