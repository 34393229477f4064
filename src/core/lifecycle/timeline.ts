import type { Fact } from '../attempt.ts';
import { given, type PaidDetails } from '../paid-details.ts';
import type { Hearing, Subject } from './state.ts';
import type { Transition } from './transition.ts';

/** What a fact, and what came of it, is on the payment's timeline. */

export interface Happening {
  readonly type:
    | 'gateway.request'
    | 'callback.accepted'
    | 'callback.refused'
    | 'sync'
    | 'attempt.ended'
    | 'payment.paid'
    | 'payment.failed'
    | 'payment.expired';
  readonly data: Readonly<Record<string, unknown>>;
}

const STATUS_EVENTS = { paid: 'payment.paid', failed: 'payment.failed', expired: 'payment.expired' } as const;

export function describeChange(
  { payment, attempt }: Pick<Subject, 'payment' | 'attempt'>,
  fact: Fact,
  result: Transition,
  hearing: Hearing,
): readonly Happening[] {
  const happenings: Happening[] = [];
  const by = hearing.by ? { by: hearing.by } : {};
  if (hearing.source !== null && !isOldNews(hearing, result)) {
    const refused = result.verdict === 'rejected' && hearing.source === 'callback.accepted';
    happenings.push({
      type: refused ? 'callback.refused' : hearing.source,
      data: { ...describeFact(fact), verdict: result.verdict, ...(result.reason ? { reason: result.reason } : {}) },
    });
  }
  if (result.attempt.status === 'ended' && attempt.status !== 'ended') {
    happenings.push({ type: 'attempt.ended', data: { reason: result.attempt.endReason ?? null, ...by } });
  }
  if (result.payment.status !== payment.status && result.payment.status !== 'pending') {
    const { status, flags, reason } = result.payment;
    happenings.push({ type: STATUS_EVENTS[status], data: { flags, ...(reason ? { reason } : {}), ...by } });
  }
  return happenings;
}

/** What a gateway says again each time it is asked would fill the timeline, which is no longer than its limit. */
function isOldNews({ source }: Hearing, { verdict }: Transition): boolean {
  return source === 'sync' && verdict === 'ignored';
}

/** Amounts in minor units, like those beside them. */
function tellDetails({ channel, card, fee, net, tradedAt }: PaidDetails = {}): Readonly<Record<string, unknown>> {
  return given({ channel, card, fee, net, traded_at: tradedAt });
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
        ...tellDetails(fact.details),
        channel: fact.channel ?? null,
      };
    case 'details':
      return { fact: 'details', ...tellDetails(fact.details) };
    case 'instructions':
      return { fact: 'instructions', type: fact.instructions.type, expire_at: fact.instructions.expireAt };
    case 'declined':
    case 'refunded':
    case 'disputed':
    case 'note':
      return { fact: fact.type, code: fact.code, message: fact.message };
    case 'ended':
      return {
        ...{ fact: 'ended', reason: fact.reason, code: fact.code ?? null, message: fact.message ?? null },
        ...given({ error_code: fact.errorCode }),
      };
    case 'continued':
    case 'under_review':
      return { fact: fact.type };
  }
}
