import type { Actor } from '../core/actor.ts';
import type { Attempt } from '../core/attempt.ts';
import { isAlive, isMoneyMoving, MAX_ATTEMPTS } from '../core/attempt.ts';
import { PayCoreError } from '../core/errors.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { PaymentWithAttempt } from '../store/queries/payments.ts';
import { type Calls, type Patience, patienceOf } from './calls.ts';
import { cancelAtGateway } from './checkout/start.ts';
import { webhookIds } from './facts.ts';
import type { SyncAttempt } from './sync/attempt.ts';

/** Further tries that a payer may open while gateways are being told; what comes after is ended here only. */
const ROUNDS = 3;

/** What is under way in this process, and in others. */
export interface UnderWay {
  readonly syncAttempt: SyncAttempt;
  readonly calls: Calls;
}

/**
 * The shop does not want the money any more: the payment ends as failed, CANCELLED. Gateways that can end an order are
 * asked to first, and when one of them says that it is paid, it is paid. One that is over already stays as it is and is
 * given back: nobody can pay it, which is what was wanted. While money may be moving nobody can promise that. Throws
 * PAYMENT_ALREADY_PAID or PAYMENT_IN_PROGRESS.
 */
export async function cancelPayment(
  deps: Deps,
  underWay: UnderWay,
  by: Actor,
  { payment }: PaymentWithAttempt,
): Promise<PaymentWithAttempt> {
  requireUnpaid(payment);
  const patience = patienceOf('request');
  await waitForMoney(deps, underWay, payment, patience);
  await cancelAtGateways(deps, payment);
  await deps.store.cancelPayment({
    paymentId: payment.id,
    by,
    now: deps.clock.now(),
    makeWebhookId: webhookIds(deps),
  });
  // The shop may have to be told, and gateways asked once more.
  deps.wake();
  // A question that was under way may have been taking the money; later ones find the payment over.
  const attempts = await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
  await Promise.allSettled(attempts.map(({ id }) => underWay.syncAttempt.findRunning(id)));
  const after = await deps.store.findPayment(payment.paymentNo);
  if (!after) throw new PayCoreError('PAYMENT_NOT_FOUND');
  requireUnpaid(after.payment);
  if (after.payment.status !== 'pending') return after;
  // Money has begun to move while gateways were told, in another process perhaps.
  await waitForCapture(deps, underWay.calls, await deps.store.findMoving(payment.id), patience);
  const last = await deps.store.findPaymentById(payment.id);
  if (last) requireUnpaid(last);
  throw inProgress(payment);
}

/** What is being taken here has its answer soon, and what has lost its answer is asked for. */
async function waitForMoney(
  deps: Deps,
  { syncAttempt, calls }: UnderWay,
  payment: Payment,
  patience: Patience,
): Promise<void> {
  const moving = await waitForCapture(deps, calls, await deps.store.findMoving(payment.id), patience);
  if (!moving) return;
  if (isMoneyMoving(moving)) await syncAttempt(payment, moving, 'request', patience);
  const after = await deps.store.findPaymentById(payment.id);
  if (after) requireUnpaid(after);
  if (await deps.store.findMoving(payment.id)) throw inProgress(payment);
}

/** For a card in our page nobody waits, here or in another process: its bank may take its time. */
async function waitForCapture(
  deps: Deps,
  calls: Calls,
  moving: Attempt | null,
  patience: Patience,
): Promise<Attempt | null> {
  if (!moving || deps.gateways.methodOf(moving).method.inSite) return moving;
  return calls.waitForCall(moving, patience);
}

function inProgress({ paymentNo }: Payment): PayCoreError {
  return new PayCoreError('PAYMENT_IN_PROGRESS', { details: { payment_no: paymentNo } });
}

function requireUnpaid({ status, paymentNo }: Payment): void {
  if (status !== 'paid') return;
  throw new PayCoreError('PAYMENT_ALREADY_PAID', { details: { payment_no: paymentNo } });
}

/** Best effort: a gateway that cannot be reached keeps nobody from cancelling, and money that comes later counts as late. */
async function cancelAtGateways(deps: Deps, payment: Payment): Promise<void> {
  const told = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const open = (await listOpen(deps, payment)).filter(({ id }) => !told.has(id));
    for (const { id } of open) told.add(id);
    await Promise.all(open.map((attempt) => cancelAtGateway(deps, payment, attempt)));
    if (open.length === 0) return;
  }
}

async function listOpen(deps: Deps, payment: Payment): Promise<readonly Attempt[]> {
  const [now, attempts] = await Promise.all([
    deps.store.findPaymentById(payment.id),
    deps.store.listAttempts(payment.id, MAX_ATTEMPTS),
  ]);
  return now?.status === 'pending' ? attempts.filter(isAlive) : [];
}
