import { count, eq } from 'drizzle-orm';
import type { Actor } from '../../core/actor.ts';
import type { Attempt } from '../../core/attempt.ts';
import { MAX_ATTEMPTS } from '../../core/attempt.ts';
import { makePaymentNo, type Random } from '../../core/ids.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { taipeiDay } from '../../core/time.ts';
import { countPayment } from '../counters.ts';
import type { Row } from '../kit.ts';
import { findMoving, type PaymentWithAttempt, withAttempt } from '../queries/payments.ts';
import { ANY_OF_ORDER, ORDER_HOLDER, type OrderKey } from '../queries/subject.ts';
import { statement } from '../statement.ts';
import { findRow, insertRow, lockRow, patchRow, tryInsertRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { recordEvent } from './events.ts';
import { addOrderTerms } from './search-terms.ts';

/** Opening payments and attempts. What happens to them afterwards is in `apply-facts.ts`. */

export interface NewPayment
  extends Pick<
    Payment,
    | 'projectId'
    | 'livemode'
    | 'keyKind'
    | 'merchantOrderNo'
    | 'gateway'
    | 'method'
    | 'mode'
    | 'environment'
    | 'amount'
    | 'currency'
    | 'unit'
    | 'order'
    | 'credentialId'
    | 'isCheckout'
    | 'closeAt'
  > {
  readonly now: number;
  /** What the timeline tells of its making besides. */
  readonly origin?: { readonly by: Actor; readonly link_no?: string };
  /** The payment link it is begun through, and the page that was sent off. */
  readonly linkId?: number;
  readonly formKey?: string | null;
}

export interface NewAttempt {
  readonly gatewayOrderNo: string;
  /** Taken instead while no other attempt at this gateway carries it. */
  readonly preferredOrderNo?: string;
  readonly locale: Locale;
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  readonly credentialId: number;
  /** `unknown` when a gateway is about to be called: that is what the attempt is if we die during the call. */
  readonly status: 'open' | 'unknown';
  readonly deadline: number;
  readonly checkAt: number;
}

export type OpenedPayment = PaymentWithAttempt & { readonly created: boolean };

/** Inserts a payment, with its first attempt where the method is known, unless the order already has one that is pending or paid. */
export async function openPayment(
  tx: Tx,
  input: NewPayment,
  attempt: NewAttempt | null,
  random: Random,
): Promise<OpenedPayment> {
  await lockOrder(tx, input);
  const earlier = await tx.get(ANY_OF_ORDER, input);
  const holder = earlier && (await findOrderHolder(tx, input));
  if (holder) return { ...(await withAttempt(tx, holder)), created: false };
  const { now, origin, ...given } = input;
  const paymentNo = makePaymentNo(now, await tx.nextNumber(taipeiDay(now)), random);
  const payment = await tryInsertRow(tx, 'payments', {
    ...given,
    paymentNo,
    status: 'pending',
    flags: [],
    followsAnother: earlier !== null,
    createdAt: now,
    updatedAt: now,
  });
  if (!payment) throw new Error(`payment ${paymentNo} of order ${input.merchantOrderNo} could not be opened`);
  countPayment(tx, payment);
  await addOrderTerms(tx, payment, payment.order);
  await recordEvent(tx, {
    paymentId: payment.id,
    attemptId: null,
    type: 'payment.created',
    data: { mode: input.mode, ...origin },
    at: now,
  });
  if (!attempt) return { payment, attempt: null, created: true };
  return { ...(await addAttempt(tx, payment, attempt, now)), created: true };
}

/** Whoever decides who owns an order decides alone. */
export function lockOrder(tx: Tx, { projectId, keyKind, livemode, merchantOrderNo }: OrderKey): Promise<void> {
  return tx.lock(`order ${projectId} ${keyKind} ${livemode} ${merchantOrderNo}`);
}

/** The payment that owns an order: the paid one before the pending one. Failed and expired ones own nothing. */
function findOrderHolder(tx: Tx, { projectId, keyKind, livemode, merchantOrderNo }: OrderKey) {
  return tx.get(ORDER_HOLDER, { projectId, keyKind, livemode, merchantOrderNo });
}

const COUNT_ATTEMPTS = statement(({ db, t }, p: { paymentId: number }) =>
  db.select({ found: count() }).from(t.attempts).where(eq(t.attempts.paymentId, p.paymentId)),
);

/**
 * Opens a further attempt and makes it the current one. Null when the payment or its order is over, or has too many, or
 * money may be moving. `seen`: the revision on which it was decided; null as well when the payment is not like that any more.
 */
export async function openAttempt(
  tx: Tx,
  paymentId: number,
  attempt: NewAttempt,
  now: number,
  seen: number | null = null,
): Promise<Attempt | null> {
  const payment = await lockRow(tx, 'payments', { id: paymentId });
  if (payment?.status !== 'pending' || (await findMoving(tx, paymentId))) return null;
  if (seen !== null && payment.revision !== seen) return null;
  const opened = (await tx.get(COUNT_ATTEMPTS, { paymentId }))?.found ?? 0;
  if (opened >= MAX_ATTEMPTS) return null;
  if (await isOrderHeldElsewhere(tx, payment)) return null;
  return (await addAttempt(tx, payment, attempt, now)).attempt;
}

/** Late money for an earlier payment may have paid the order meanwhile, or be about to. */
export async function isOrderHeldElsewhere(tx: Tx, payment: OrderKey & { readonly id: number }): Promise<boolean> {
  await lockOrder(tx, payment);
  const holder = await findOrderHolder(tx, payment);
  return holder !== null && holder.id !== payment.id;
}

async function addAttempt(
  tx: Tx,
  payment: Row<'payments'>,
  input: NewAttempt,
  now: number,
): Promise<{ readonly payment: Row<'payments'>; readonly attempt: Attempt }> {
  const { preferredOrderNo, ...given } = input;
  const row = { ...given, paymentId: payment.id, createdAt: now, updatedAt: now };
  // The wish is granted to one of those who come at once: the others find it taken.
  const wished = preferredOrderNo === undefined ? null : { ...row, gatewayOrderNo: preferredOrderNo };
  const attempt = (wished && (await tryInsertRow(tx, 'attempts', wished))) ?? (await insertRow(tx, 'attempts', row));
  const { gateway, method, mode, credentialId, gatewayOrderNo } = attempt;
  const isMoved = credentialId !== payment.credentialId;
  const credential = isMoved ? await findRow(tx, 'credentials', { id: credentialId }) : null;
  const change = {
    attemptId: attempt.id,
    ...(gateway === payment.gateway ? {} : { gateway }),
    ...(method === payment.method ? {} : { method }),
    ...(mode === payment.mode ? {} : { mode }),
    ...(isMoved ? { credentialId } : {}),
    ...(credential ? { environment: credential.environment } : {}),
    revision: payment.revision + 1,
    updatedAt: now,
  };
  await patchRow(tx, 'payments', payment.id, change);
  await recordEvent(tx, {
    paymentId: payment.id,
    attemptId: attempt.id,
    type: 'attempt.opened',
    data: { gateway_order_no: gatewayOrderNo },
    at: now,
  });
  return { payment: { ...payment, ...change }, attempt };
}
