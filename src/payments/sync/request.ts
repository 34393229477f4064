import type { Actor } from '../../core/actor.ts';
import { isAlive, MAX_ATTEMPTS } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Payment } from '../../core/payment.ts';
import { formatInstant, SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { PaymentData } from '../../http/schema/payment.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { createAllowance } from '../allowances.ts';
import { serializePayment } from '../serialize.ts';
import { explainSync, type SyncAttempt, type SyncResult } from './attempt.ts';

export interface SyncedPayment extends PaymentData {
  readonly sync: Pick<SyncResult, 'asked' | 'result'> & { readonly at: string };
}

/**
 * Asks the gateway about every attempt that money may have come through: those that can still be paid, or all of them
 * when none can. Throws gateway_sync_not_supported, GATEWAY_RESTING, PAYMENT_GATEWAY_ERROR or PAYMENT_GATEWAY_TIMEOUT.
 */
export async function syncPayment(
  deps: Deps,
  syncAttempt: SyncAttempt,
  found: PaymentWithAttempt,
  by: Actor,
): Promise<SyncedPayment> {
  const { payment } = found;
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  const alive = attempts.filter(isAlive);
  const subjects = alive.length > 0 ? alive : attempts;
  if (subjects.length === 0) throw new PayCoreError('gateway_sync_not_supported');
  const best = chooseResult(await Promise.all(subjects.map((subject) => syncAttempt(payment, subject, 'request'))));
  await noteAsking(deps, payment, best, by);
  const problem = explainSync(best, payment.paymentNo, deps.clock.now());
  if (problem) throw problem;
  const after = (await deps.store.findPayment(payment.paymentNo)) ?? found;
  return {
    ...serializePayment(deps, after.payment, after.attempt),
    sync: { asked: best.asked, result: best.result, at: formatInstant(deps.clock.now()) },
  };
}

/** Answers that say nothing new are on no timeline; that a person has asked, and heard what, is worth a line. */
async function noteAsking(deps: Deps, { id }: Payment, { asked, result }: SyncResult, by: Actor): Promise<void> {
  if (by.type !== 'person') return;
  const event = { paymentId: id, attemptId: null, type: 'admin.sync', at: deps.clock.now() } as const;
  await deps.store.recordEvent({ ...event, data: { asked, result, by } });
}

const ORDER: readonly SyncResult['result'][] = [
  'paid',
  'mismatch',
  'unknown',
  'unpaid',
  'not_found',
  'cooldown',
  'busy',
  'failed',
  'over',
  'unsupported',
];

/** The most telling of several answers. */
function chooseResult(looks: readonly SyncResult[]): SyncResult {
  const sorted = [...looks].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  return sorted[0] ?? { asked: false, result: 'unsupported' };
}

const VIEW_SPACING = 10 * SECOND;

/** Looks at a payment because somebody opened its page: at most every ten seconds, and nobody waits for it. */
export function createViewRefresh(deps: Deps, syncAttempt: SyncAttempt): (found: PaymentWithAttempt) => void {
  const looks = createAllowance(deps, 'page look', { burst: 1, everyMs: VIEW_SPACING });

  return ({ payment, attempt }) => {
    if (payment.status !== 'pending' || !attempt) return;
    // Just made: nobody can have paid it. By a clock that was put back since, it is not made yet.
    const age = deps.clock.now() - attempt.createdAt;
    if (age >= 0 && age < VIEW_SPACING) return;
    const look = async () => {
      if ((await looks.take(payment.id)) === 0) await syncAttempt(payment, attempt, 'page');
    };
    look().catch((error) => deps.log.error('page refresh failed', { error }));
  };
}
