import type { Attempt } from '../core/attempt.ts';
import { CALL_LIMIT } from '../core/checks.ts';
import { PayCoreError } from '../core/errors.ts';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { GatewayForbidden } from '../gateways/gateway.ts';
import { findMethodOf } from '../gateways/index.ts';
import type { RestKey } from '../store/checks.ts';
import { loadSubject } from './call.ts';
import {
  conclude,
  concludeOver,
  concludeUnasked,
  isOverAlready,
  postpone,
  putOff,
  rest,
  waitForLeft,
} from './conclude.ts';
import type { Look, LookAt, Occasion, Subject } from './look.ts';
import { createPacer } from './pacer.ts';
import { chooseQuestion, isLeft } from './question.ts';

export type { Look, LookAt, Occasion } from './look.ts';

/**
 * Looking at an attempt: ask the gateway what became of it, apply what it says, and decide what follows when it says
 * "unpaid" or nothing at all. One look at a time for one attempt; whoever asks meanwhile gets the same answer.
 *
 * Nothing expires before its deadline and grace are over and a last question was answered.
 */

/** ECPay shuts out a merchant that asks too often for half an hour (developer documentation, page 2890). */
export const REST_MS = 30 * MINUTE;

export function createSettler(deps: Deps) {
  const pacer = createPacer(deps);
  /** Looks by attempt and occasion, and those that are asking right now by attempt. */
  const waiting = new Map<string, Promise<Look>>();
  const asking = new Map<number, Promise<Look>>();

  const lookOnce = async (payment: Payment, attempt: Attempt, occasion: Occasion): Promise<Look> => {
    const subject: Subject = { payment, attempt, ...findMethodOf(attempt), occasion };
    const known = answerUnasked(deps, subject);
    if (known) return known;
    const stored = await deps.store.findCredential(attempt.credentialId);
    if (!stored) return concludeUnasked(deps, subject);
    const account: RestKey = {
      gateway: attempt.gateway,
      environment: stored.environment,
      merchantId: stored.merchantId,
    };
    const restsUntil = await deps.store.findRest(account, deps.clock.now());
    if (restsUntil !== null) return rest(deps, subject, restsUntil);
    const key = Object.values(account).join(' ');
    const later = pacer.findLater(key, occasion);
    if (later !== null) return putOff(deps, subject, later);
    await pacer.takeTurn(key, occasion);
    // While this one waited for its turn, another may have begun to ask. Who asks is known before anything is read.
    const running = asking.get(attempt.id);
    if (running) return running;
    const look = askUnlessResting(deps, subject, account).finally(() => asking.delete(attempt.id));
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

/** While this one waited for its turn, the gateway may have had enough. */
async function askUnlessResting(deps: Deps, subject: Subject, account: RestKey): Promise<Look> {
  const restsUntil = await deps.store.findRest(account, deps.clock.now());
  return restsUntil === null ? askAndConclude(deps, subject, account) : rest(deps, subject, restsUntil);
}

async function askAndConclude(deps: Deps, subject: Subject, account: RestKey): Promise<Look> {
  const call = await loadSubject(deps, subject.payment, subject.attempt);
  const question = chooseQuestion(deps, call, subject.occasion);
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
