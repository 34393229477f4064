import { PayCoreError } from '../core/errors.ts';
import { formatInstant, SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { PaymentWithAttempt } from '../store/payments.ts';
import { presentPayment } from './present.ts';
import { explainLook, type Look, type Settler } from './settle.ts';

/** A payment's page may have been left and come back to several times; money can come through any of its attempts. */
const MAX_ATTEMPTS_ASKED = 5;

/**
 * Asks the gateway about every attempt that can still be paid, or about the current one when none can.
 * Throws gateway_sync_not_supported, GATEWAY_RESTING, PAYMENT_GATEWAY_ERROR or PAYMENT_GATEWAY_TIMEOUT.
 */
export async function syncPayment(
  deps: Deps,
  look: Settler,
  found: PaymentWithAttempt,
): Promise<Record<string, unknown>> {
  const { payment, attempt } = found;
  const alive = deps.store.listAliveAttempts(payment.id, MAX_ATTEMPTS_ASKED);
  const subjects = alive.length > 0 ? alive : attempt ? [attempt] : [];
  if (subjects.length === 0) throw new PayCoreError('gateway_sync_not_supported');
  const looks: Look[] = [];
  for (const subject of subjects) looks.push(await look(payment, subject, 'waiting'));
  const best = chooseResult(looks);
  const problem = explainLook(best, payment.paymentNo, deps.clock.now());
  if (problem) throw problem;
  const after = deps.store.findPayment(payment.paymentNo) ?? found;
  return {
    ...presentPayment(deps, after.payment, after.attempt),
    sync: { asked: best.asked, result: best.result, at: formatInstant(deps.clock.now()) },
  };
}

const ORDER: readonly Look['result'][] = ['paid', 'unpaid', 'not_found', 'resting', 'failed', 'over', 'unsupported'];

/** The most telling of several answers. */
function chooseResult(looks: readonly Look[]): Look {
  const sorted = [...looks].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  return sorted[0] ?? { asked: false, result: 'unsupported' };
}

const VIEW_SPACING = 10 * SECOND;
const MAX_REMEMBERED = 10_000;

/** Looks at a payment because somebody opened its page: at most every ten seconds, and nobody waits for it. */
export function createViewRefresh(deps: Deps, look: Settler): (found: PaymentWithAttempt) => void {
  const last = new Map<number, number>();

  return ({ payment, attempt }) => {
    const now = deps.clock.now();
    const since = now - Math.max(last.get(payment.id) ?? 0, attempt?.createdAt ?? now);
    if (payment.status !== 'pending' || !attempt || since < VIEW_SPACING) return;
    if (last.size > MAX_REMEMBERED) last.clear();
    last.set(payment.id, now);
    look(payment, attempt, 'viewed').catch((error) => deps.log.error('page refresh failed', { error }));
  };
}
