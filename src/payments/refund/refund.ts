import type { Actor } from '../../core/actor.ts';
import { type ErrorRef, type ErrorSpec, PayCoreError } from '../../core/errors.ts';
import { deriveRefundNo, makeRefundNo } from '../../core/ids.ts';
import { formatDecimal } from '../../core/money.ts';
import { showAmount } from '../../core/notification.ts';
import type { Payment } from '../../core/payment.ts';
import { isCallUnderWay, type Refund } from '../../core/refund.ts';
import { formatInstant } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { RefundData } from '../../http/schema/refund.ts';
import type { OpenedRefund, RefundObstacle } from '../../store/commands/refunds/open.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { type Calls, patienceOf } from '../calls.ts';
import { explainCooldown } from '../failure.ts';
import type { Pacer } from '../sync/pacer.ts';
import { callForRefund } from './gateway-call.ts';
import { type RefundRequest, readRefundRequest } from './request.ts';
import { findRefundFailure } from './stored-failure.ts';
import { accountOf, listRefundCredentials, type SyncRefunds } from './sync.ts';

/**
 * Paying back. A refund is on disk, and counted against what is left, before the gateway is called; an answer that was
 * lost leaves it `unknown` until the gateway's own list of refunds tells. It is never asked for twice: under one
 * Idempotency-Key the same request finds the refund that it made before, whatever became of the answer.
 */
export interface RefundDone {
  /** False: the same request has made it before. */
  readonly created: boolean;
  readonly data: RefundData;
}

/** Who asks, and under which name the request may come again. */
export interface RefundAsker {
  readonly by: Actor;
  readonly idempotencyKey: string | null;
  /** The newest refund that he knew of when he was asked whether he is sure, by the row's id; 0: none. */
  readonly seen?: number;
}

export function createRefunder(deps: Deps, syncRefunds: SyncRefunds, pacer: Pacer, calls: Calls) {
  /** Throws what `readRefundRequest` throws, REFUND_EXCEEDS_AMOUNT and its kin, or what the gateway said. */
  return async function refundPayment(
    found: PaymentWithAttempt,
    body: Readonly<Record<string, unknown>>,
    asker: RefundAsker,
  ): Promise<RefundDone> {
    const request = await readRefundRequest(deps, found, body);
    const credentials = await listRefundCredentials(deps, request.payment, request.attempt);
    await waitForTurn(pacer, request.payment, credentials);
    await refuseWhileCooling(deps, request.payment, credentials);
    let opened = await openRefund(deps, request, credentials, asker);
    if (isLeftOpen(opened)) opened = await waitForCall(deps, calls, request, opened);
    if (isLeftOpen(opened)) {
      if (request.gateway.listRefunds) await syncRefunds(request.payment.id, 'request');
      // What arrived is found again; what never did is asked for anew.
      opened = await openRefund(deps, request, credentials, asker);
    }
    if (isLeftOpen(opened)) throw stillUnknown(request, opened.refund);
    const refund = opened.created
      ? await callForRefund(deps, pacer, request, opened.refund, credentials)
      : opened.refund;
    return { created: opened.created, data: await serializeRefund(deps, request.payment, refund) };
  };
}

function isLeftOpen({ created, refund }: OpenedRefund): boolean {
  return !created && refund.status === 'unknown';
}

/** The same request may be under way in another process, or another time in this one: its answer is the answer to both. */
async function waitForCall(
  { store, clock }: Deps,
  { waitFor }: Calls,
  { payment }: RefundRequest,
  { refund, created }: OpenedRefund,
): Promise<OpenedRefund> {
  if (!store.isShared || !isCallUnderWay(refund, clock.now())) return { refund, created };
  const look = async () => (await store.findRefund(refund.refundNo)) ?? refund;
  const after = await waitFor(look, (now) => !isCallUnderWay(now, clock.now()), patienceOf('request'));
  if (after?.status === 'failed') throw await findRefundFailure({ store }, payment, after);
  return { refund: after ?? refund, created };
}

/** Some drivers ask before they pay back, and an account that rests would only rest for longer. */
async function refuseWhileCooling(
  deps: Deps,
  payment: Payment,
  credentials: readonly StoredCredential[],
): Promise<void> {
  const now = deps.clock.now();
  const rests = await Promise.all(credentials.map((one) => deps.store.findCooldown(accountOf(one), now)));
  const until = rests.find((one) => one !== null) ?? null;
  if (until !== null) throw explainCooldown(payment.paymentNo, until - now);
}

/** Before anything is on disk: what waits for its turn has not been asked for, and nothing may conclude what became of it. */
async function waitForTurn(pacer: Pacer, { paymentNo }: Payment, [first]: readonly StoredCredential[]): Promise<void> {
  if (!first) return;
  const delay = await pacer.askForTurn(accountOf(first), 'request');
  if (delay !== null) throw explainCooldown(paymentNo, delay);
}

/** Told to a person, who has seen the payment as it was: programs say how much, and are answered by what is left. */
const OVERTAKEN = {
  code: 'REFUND_OVERTAKEN',
  status: 409,
  message: 'Another refund of this payment was made since you looked at it. Look again before you pay back more.',
} as const satisfies ErrorSpec;

const OBSTACLES = {
  not_paid: 'PAYMENT_NOT_PAID',
  exceeds: 'REFUND_EXCEEDS_AMOUNT',
  too_many: 'REFUND_TOO_MANY',
  other_request: 'IDEMPOTENCY_KEY_REUSED',
  overtaken: OVERTAKEN,
} as const satisfies Record<RefundObstacle, ErrorRef>;

async function openRefund(
  deps: Deps,
  { payment, attempt, amount, reason }: RefundRequest,
  [first]: readonly StoredCredential[],
  { by, idempotencyKey, seen }: RefundAsker,
): Promise<OpenedRefund> {
  const opened = await deps.store.openRefund({
    makeRefundNo: numberRefunds(deps, payment, idempotencyKey),
    isRepeatable: idempotencyKey !== null,
    paymentId: payment.id,
    attemptId: attempt.id,
    credentialId: first?.id ?? attempt.credentialId,
    amount,
    reason,
    by,
    ...(seen === undefined ? {} : { seen }),
    now: deps.clock.now(),
  });
  if (typeof opened === 'string') throw new PayCoreError(OBSTACLES[opened]);
  return opened;
}

/** The same key on the same payment gives the same numbers, in this process and after it. */
function numberRefunds(deps: Deps, payment: Payment, idempotencyKey: string | null): (n: number) => string {
  const { paymentNo, createdAt } = payment;
  if (idempotencyKey === null) return () => makeRefundNo(deps.clock.now(), deps.random);
  return (n) => deriveRefundNo(createdAt, deps.vault.fingerprint(`refund ${paymentNo} ${n} ${idempotencyKey}`));
}

function stillUnknown({ payment }: RefundRequest, { refundNo }: Refund): PayCoreError {
  const details = { payment_no: payment.paymentNo, refund_no: refundNo };
  return new PayCoreError('PAYMENT_GATEWAY_TIMEOUT', { details });
}

/** A refund in an answer; `amount` in the unit of the payment's route. */
export async function serializeRefund(
  deps: Pick<Deps, 'store'>,
  payment: Payment,
  refund: Refund,
): Promise<RefundData> {
  const attempt = await deps.store.findAttempt(refund.attemptId);
  return {
    refund_no: refund.refundNo,
    payment_no: payment.paymentNo,
    amount: showAmount({ ...payment, amount: refund.amount }),
    amount_decimal: formatDecimal(refund.amount, payment.currency),
    currency: payment.currency,
    status: refund.status,
    reason: refund.reason,
    source: refund.source,
    gateway_trade_no: attempt?.gatewayTradeNo ?? null,
    gateway_refund_no: refund.gatewayRefundNo,
    message: refund.message,
    created_at: formatInstant(refund.createdAt),
    updated_at: formatInstant(refund.updatedAt),
  };
}
