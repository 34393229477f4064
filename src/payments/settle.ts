import type { Attempt, Fact } from '../core/attempt.ts';
import {
  CALL_LIMIT,
  expiryOf,
  isSettlingOver,
  isWaitOver,
  MISSING_LIMIT,
  MISSING_SPACING,
  planNextCheck,
} from '../core/checks.ts';
import { PayCoreError } from '../core/errors.ts';
import { makeTimedId } from '../core/ids.ts';
import type { Payment } from '../core/payment.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { type Gateway, GatewayForbidden, type Method, type QueryResult, type Secrets } from '../gateways/gateway.ts';
import { findMethodOf } from '../gateways/index.ts';
import type { FactsOutcome } from '../store/facts.ts';
import { createPacer } from './pacer.ts';
import { openSecrets } from './secrets.ts';
import { gatewayContext } from './urls.ts';

/**
 * Looking at an attempt: ask the gateway what became of it, apply what it says, and decide what follows when it says
 * "unpaid" or nothing at all. One look at a time for one attempt; whoever asks meanwhile gets the same answer.
 *
 * Nothing expires before its deadline and grace are over and a last question was answered.
 */
export interface Look {
  /** The gateway was asked. */
  readonly asked: boolean;
  readonly result: 'paid' | 'unpaid' | 'not_found' | 'resting' | 'failed' | 'unsupported' | 'over';
  /** With `resting`: when the gateway may be asked again. */
  readonly restsUntil?: number;
  readonly error?: unknown;
}

/** ECPay shuts out a merchant that asks too often for half an hour (developer documentation, page 2890). */
const REST_MS = 30 * MINUTE;

/** Why an attempt is looked at: somebody waits for the answer, somebody opened its page, or its time has come. */
export type Occasion = 'waiting' | 'viewed' | 'scheduled';

export function createSettler(deps: Deps) {
  const pacer = createPacer(deps);
  const underWay = new Map<number, Promise<Look>>();

  return function look(payment: Payment, attempt: Attempt, occasion: Occasion): Promise<Look> {
    const running = underWay.get(attempt.id);
    if (running) return running;
    const result = lookOnce(deps, pacer, payment, attempt, occasion).finally(() => underWay.delete(attempt.id));
    underWay.set(attempt.id, result);
    return result;
  };
}

export type Settler = ReturnType<typeof createSettler>;

interface Subject {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly occasion: Occasion;
}

async function lookOnce(
  deps: Deps,
  pacer: ReturnType<typeof createPacer>,
  payment: Payment,
  attempt: Attempt,
  occasion: Occasion,
): Promise<Look> {
  const subject: Subject = { payment, attempt, ...findMethodOf(payment), occasion };
  // Nothing to ask any more: only the payment's own time may be over.
  if (attempt.status === 'ended' || attempt.status === 'paid') {
    if (isOver(subject, deps.clock.now())) await apply(deps, subject, [end('EXPIRED')]);
    return { asked: false, result: 'over' };
  }
  // The call itself may still be under way: nothing the gateway says now tells how it ends.
  if (attempt.status === 'unknown' && attempt.checks === 0 && deps.clock.now() < attempt.updatedAt + CALL_LIMIT) {
    return { asked: false, result: 'unpaid' };
  }
  const stored = deps.store.findCredential(attempt.credentialId);
  if (!subject.gateway.query || !stored) return concludeUnasked(deps, subject);
  const restsUntil = deps.store.findRest(payment.gateway, stored.merchantId, deps.clock.now());
  if (restsUntil !== null) {
    await plan(deps, attempt, Math.max(restsUntil, attempt.checkAt ?? 0), attempt.checks, attempt.missing);
    return { asked: false, result: 'resting', restsUntil };
  }
  await pacer.takeTurn(`${payment.gateway} ${stored.merchantId}`, occasion);
  try {
    const answer = await ask(deps, subject, subject.gateway.query, openSecrets(deps, stored));
    return await conclude(deps, subject, answer);
  } catch (error) {
    if (!(error instanceof GatewayForbidden)) return postpone(deps, subject, error);
    const until = deps.clock.now() + REST_MS;
    deps.log.warn('gateway asks for a rest', {
      gateway: payment.gateway,
      merchant_id: stored.merchantId,
      minutes: REST_MS / MINUTE,
    });
    await deps.store.startRest(payment.gateway, stored.merchantId, until);
    await plan(deps, attempt, until, attempt.checks, attempt.missing);
    return { asked: true, result: 'resting', restsUntil: until };
  }
}

function ask(
  deps: Deps,
  subject: Subject,
  query: NonNullable<Gateway['query']>,
  secrets: Secrets,
): Promise<QueryResult> {
  const { payment, attempt, method } = subject;
  return query(
    {
      method,
      gatewayOrderNo: attempt.gatewayOrderNo,
      environment: payment.environment,
      secrets,
      hasInstructions: attempt.instructions !== null,
    },
    gatewayContext(deps, payment.gateway, payment.paymentNo, deps.config.locale, deps.clock.now()),
  );
}

async function conclude(deps: Deps, subject: Subject, answer: QueryResult): Promise<Look> {
  const { attempt } = subject;
  const now = deps.clock.now();
  if (answer.type === 'not_found') {
    const missing = attempt.missing + (now - attempt.updatedAt >= MISSING_SPACING ? 1 : 0);
    if (attempt.status === 'unknown' && missing >= MISSING_LIMIT) await apply(deps, subject, [end('GONE')]);
    else if (isOver(subject, now)) await apply(deps, subject, [end('EXPIRED')]);
    else await planFurther(deps, subject, missing);
    return { asked: true, result: 'not_found' };
  }
  // The gateway knows the order: an unknown outcome becomes an open one, even when it is unpaid.
  const facts: readonly Fact[] = attempt.status === 'unknown' ? [{ type: 'continued' }, ...answer.facts] : answer.facts;
  const outcome = facts.length > 0 ? await apply(deps, subject, facts) : null;
  if (outcome?.attempt.status === 'paid') return { asked: true, result: 'paid' };
  const current: Subject = outcome ? { ...subject, ...outcome } : subject;
  if (isOver(current, now)) await apply(deps, current, [end('EXPIRED')]);
  else await planFurther(deps, current, 0);
  return { asked: true, result: 'unpaid' };
}

function end(reason: 'GONE' | 'EXPIRED'): Fact {
  return { type: 'ended', reason };
}

/** How long after its deadline an attempt is waited for depends on what the payer was given. */
export function graceOf(method: Method, attempt: Pick<Attempt, 'instructions'>): number {
  return method.graceMs[attempt.instructions?.type ?? 'none'];
}

function isOver({ attempt, method }: Subject, now: number): boolean {
  return now >= expiryOf(attempt, graceOf(method, attempt));
}

/** A gateway that cannot be asked: an attempt ends at its time without a question. */
async function concludeUnasked(deps: Deps, subject: Subject): Promise<Look> {
  if (isOver(subject, deps.clock.now())) await apply(deps, subject, [end('EXPIRED')]);
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
  if (isWaitOver(attempt, now, graceOf(method, attempt))) {
    await deps.store.raiseAttention(payment.id, now);
    await apply(deps, subject, [end('EXPIRED')]);
  } else await planFurther(deps, subject, attempt.missing);
  return { asked: true, result: 'failed', error };
}

async function apply(deps: Deps, { attempt, method }: Subject, facts: readonly Fact[]): Promise<FactsOutcome> {
  const outcome = await deps.store.applyFacts({
    attemptId: attempt.id,
    facts,
    now: deps.clock.now(),
    source: 'sync',
    mayChooseAgain: method.mayChooseAgain,
    makeWebhookId: () => makeTimedId('msg', deps.clock.now(), deps.random),
  });
  if (outcome.notified) deps.wake();
  return outcome;
}

/** Only a scheduled look moves the schedule on: those that people cause come on top of it. */
async function planFurther(deps: Deps, subject: Subject, missing: number): Promise<void> {
  const { payment, attempt, method, occasion } = subject;
  if (occasion !== 'scheduled') return plan(deps, attempt, attempt.checkAt, attempt.checks, missing);
  const now = deps.clock.now();
  const checkAt = planNextCheck(attempt, now, graceOf(method, attempt));
  if (isSettlingOver(attempt)) await deps.store.raiseAttention(payment.id, now);
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
