import type { Database } from 'bun:sqlite';
import type { Attempt, Fact } from '../core/attempt.ts';
import type { Payment } from '../core/payment.ts';
import type { Transition } from '../core/transition.ts';
import { addEvent } from './events.ts';
import type { FactsInput } from './facts.ts';

const STATUS_EVENTS = { paid: 'payment.paid', failed: 'payment.failed', expired: 'payment.expired' } as const;

export interface Happening {
  /** As they were before. */
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly fact: Fact;
  readonly result: Transition;
  readonly input: FactsInput;
}

/** Puts a fact on the payment's timeline, with what came of it. */
export function recordFact(db: Database, { payment, attempt, fact, result, input }: Happening): void {
  const at = input.now;
  const common = { paymentId: payment.id, attemptId: attempt.id, at };
  const by = input.by ? { by: input.by } : {};
  const refused = result.verdict === 'rejected' && input.source === 'callback.accepted';
  if (input.source !== null && !isOldNews(input, result)) {
    addEvent(db, {
      ...common,
      type: refused ? 'callback.refused' : input.source,
      data: { ...describeFact(fact), verdict: result.verdict, ...(result.reason ? { reason: result.reason } : {}) },
    });
  }
  if (result.attempt.status === 'ended' && attempt.status !== 'ended') {
    addEvent(db, { ...common, type: 'attempt.ended', data: { reason: result.attempt.endReason ?? null, ...by } });
  }
  if (result.payment.status !== payment.status && result.payment.status !== 'pending') {
    const { status, flags, reason } = result.payment;
    addEvent(db, { ...common, type: STATUS_EVENTS[status], data: { flags, ...(reason ? { reason } : {}), ...by } });
  }
}

/** What a gateway says again each time it is asked would fill the timeline, which is no longer than its limit. */
function isOldNews({ source }: FactsInput, { verdict }: Transition): boolean {
  return source === 'sync' && verdict === 'ignored';
}

function describeFact(fact: Fact): Readonly<Record<string, unknown>> {
  switch (fact.type) {
    case 'paid':
      return {
        fact: 'paid',
        amount: fact.amount,
        currency: fact.currency,
        trade_no: fact.tradeNo ?? null,
        simulated: fact.simulated,
        channel: fact.channel ?? null,
      };
    case 'instructions':
      return { fact: 'instructions', type: fact.instructions.type, expire_at: fact.instructions.expireAt };
    case 'declined':
    case 'refunded':
    case 'disputed':
    case 'note':
      return { fact: fact.type, code: fact.code, message: fact.message };
    case 'ended':
      return { fact: 'ended', reason: fact.reason, code: fact.code ?? null, message: fact.message ?? null };
    case 'continued':
    case 'under_review':
      return { fact: fact.type };
  }
}
