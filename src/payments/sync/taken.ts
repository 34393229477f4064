import { type Attempt, isMoneyMoving } from '../../core/attempt.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import { isConcluded, type SyncResultType } from '../../core/lifecycle/sync.ts';
import type { Deps } from '../../deps.ts';
import type { Calls, Patience } from '../calls.ts';
import type { SyncResult, SyncSubject } from './result.ts';

/** Money that another process is taking while this one looks at the attempt. */

/** Another process is taking what the payer has approved. In our own page nobody waits for that: a bank may take its time. */
export function isTaken({ store, gateways }: Deps, attempt: Attempt): boolean {
  return store.isShared && isMoneyMoving(attempt) && gateways.methodOf(attempt).method.inSite !== true;
}

/**
 * Another process may have been taking the money: what came of it is the answer, as it would be were it this one. `again`:
 * it came to nothing, and whoever asked has a question of his own.
 */
export async function awaitOther(
  deps: Deps,
  calls: Calls,
  subject: SyncSubject,
  result: SyncResult,
  patience: Patience,
): Promise<SyncResult | 'again'> {
  const { attempt, trigger } = subject;
  const mayBeTaken = result.isDenied || (result.result === 'unknown' && !result.asked);
  // The schedule has few places to wait in, and comes again by itself.
  if (!deps.store.isShared || !mayBeTaken || trigger === 'schedule') return result;
  const now = (await deps.store.findAttempt(attempt.id)) ?? attempt;
  const after = isTaken(deps, now) ? await calls.waitForCall(now, patience) : now;
  if (isCalling(after, deps.clock.now()) || !hasMoved(attempt, after)) return result;
  if (trigger === 'request' && !isConcluded(after)) return 'again';
  return { asked: result.asked, result: OUTCOMES[after.status] };
}

function hasMoved(before: Attempt, { status, movingSince, declines }: Attempt): boolean {
  return before.status !== status || before.movingSince !== movingSince || before.declines !== declines;
}

/** What is known of an attempt without asking. */
const OUTCOMES = {
  open: 'unpaid',
  unknown: 'unknown',
  under_review: 'unpaid',
  paid: 'paid',
  ended: 'unpaid',
} as const satisfies Record<Attempt['status'], SyncResultType>;

export async function readAgain({ store }: Deps, subject: SyncSubject): Promise<SyncSubject> {
  const attempt = (await store.findAttempt(subject.attempt.id)) ?? subject.attempt;
  return { ...subject, attempt, payment: (await store.findPaymentById(attempt.paymentId)) ?? subject.payment };
}
