import { and, count, eq } from 'drizzle-orm';
import type { Attempt } from '../../core/attempt.ts';
import type { CallbackOutcome } from '../schema/values.ts';
import { statement } from '../statement.ts';
import { lockRow, patchRow } from '../table.ts';
import type { Reader, Tx } from '../tx.ts';
import { type CallbackCall, noteCall } from './callback-calls.ts';
import { recordEvent } from './events.ts';
import { requestRefundSync } from './refunds/plan.ts';

/** Callbacks as they came, one row for the same bytes: the event that they caused. */

export interface CallbackRecord {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
}

interface Known {
  readonly id: number;
  readonly outcome: CallbackOutcome | null;
  readonly seen: number;
}

const KNOWN = statement(({ db, t }, p: { attemptId: number; digest: Uint8Array }) =>
  db
    .select({ id: t.events.id, outcome: t.events.outcome, seen: t.events.seen })
    .from(t.events)
    .where(and(eq(t.events.attemptId, p.attemptId), eq(t.events.digest, p.digest))),
);

/**
 * The row of these very bytes, when they came before; each time is counted. Bytes that were rejected are judged again,
 * since the credentials that prove them may have been put right meanwhile; any others change nothing a second time.
 */
export async function countAgain(tx: Tx, attemptId: number, digest: Uint8Array): Promise<Known | null> {
  const known = await tx.get(KNOWN, { attemptId, digest });
  if (known) await patchRow(tx, 'events', known.id, { seen: known.seen + 1 });
  return known;
}

/** These very bytes came before and were taken. */
export async function hasCallback(on: Reader, attemptId: number, digest: Uint8Array): Promise<boolean> {
  const known = await on.get(KNOWN, { attemptId, digest });
  return known !== null && known.outcome !== 'rejected';
}

/** Anybody can send what proves nothing: so many of an attempt are kept, and so much of each. */
const MAX_UNPROVED = 10;
const MAX_UNPROVED_BYTES = 16 * 1024;

const COUNT_ASKED = statement(({ db, t }, p: { attemptId: number }) =>
  db
    .select({ found: count() })
    .from(t.events)
    .where(and(eq(t.events.attemptId, p.attemptId), eq(t.events.outcome, 'asked'))),
);

export interface AskedCallback {
  readonly now: number;
  readonly isProved: boolean;
  /** The payment was paid before it came, and the gateway can be asked what went back. */
  readonly mayBeRefund: boolean;
  readonly call?: CallbackCall;
}

/** A callback that made us ask the gateway, which then was the one to say what is true. */
export async function keepAskedCallback(
  tx: Tx,
  { id: attemptId, paymentId }: Pick<Attempt, 'id' | 'paymentId'>,
  callback: CallbackRecord,
  { now, isProved, mayBeRefund, call }: AskedCallback,
): Promise<void> {
  // The same bytes that come twice at once must not both be new.
  await lockRow(tx, 'payments', { id: paymentId });
  if (call) await noteCall(tx, call, null, now);
  // What it said is not known: after the payment, it may have been that money went back.
  if (mayBeRefund) await requestRefundSync(tx, paymentId, now);
  if ((await countAgain(tx, attemptId, callback.digest)) !== null) return;
  if (!isProved && ((await tx.get(COUNT_ASKED, { attemptId }))?.found ?? 0) >= MAX_UNPROVED) return;
  const body = isProved ? callback.body : callback.body.subarray(0, MAX_UNPROVED_BYTES);
  const data = { fact: 'asked' };
  const kept = { ...callback, body, outcome: 'asked' } as const;
  await recordEvent(tx, { paymentId, attemptId, type: 'callback.accepted', data, at: now, ...kept });
}
