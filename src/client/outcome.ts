import { ConnectionError, OutcomeUnknownError, PayCoreError } from './errors.ts';
import { asObject, bareCode } from './failure.ts';
import { nameOf, type Sendable } from './reply.ts';

/** What is known of a POST after several tries: one that may have been carried out is not undone by a later refusal. */

/** How Node and Bun say that there was nobody to send to. Others say it in words alone; then it stays open. */
const NOBODY_THERE: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/** These are said before anything is looked at; they say nothing about a try before. */
const SAID_AT_THE_DOOR: readonly number[] = [401, 408, 429];

/** The try that left the outcome open; rather one that names what may exist. */
export function keepOpen(open: PayCoreError | null, error: PayCoreError): PayCoreError | null {
  if (error.idempotencyKey === null || !leavesOpen(error)) return open;
  return open && namesAny(open) ? open : error;
}

/** What a call ends with whose last try ended so: never an error that hides what an earlier try left open. */
export function tellOutcome(request: Sendable, open: PayCoreError | null, last: unknown): unknown {
  if (!open || !(last instanceof PayCoreError) || settles(last)) return last;
  if (last instanceof OutcomeUnknownError && (namesAny(last) || !namesAny(open))) return last;
  return new OutcomeUnknownError({
    code: 'OUTCOME_UNKNOWN',
    message: `${nameOf(request)} may have been carried out: an earlier try ended with ${open.code}, and the last, with ${last.code}, did not settle it. Make the same call again with idempotencyKey: error.idempotencyKey.`,
    status: last.status,
    paymentNo: open.paymentNo ?? last.paymentNo ?? undefined,
    refundNo: open.refundNo ?? last.refundNo ?? undefined,
    requestId: last.requestId ?? undefined,
    retryAfter: last.retryAfter ?? undefined,
    idempotencyKey: request.idempotencyKey,
    cause: last,
  });
}

function leavesOpen(error: PayCoreError): boolean {
  if (error instanceof ConnectionError) return !wasNobodyThere(error.cause);
  return error instanceof OutcomeUnknownError;
}

/** Refused by PayCore itself: the same request would have been refused the time before, or was found again. */
function settles({ status, code }: PayCoreError): boolean {
  return status >= 400 && status < 500 && !SAID_AT_THE_DOOR.includes(status) && code !== bareCode(status);
}

function namesAny({ paymentNo, refundNo }: PayCoreError): boolean {
  return (paymentNo ?? refundNo) !== null;
}

/** Node wraps it. */
function wasNobodyThere(cause: unknown): boolean {
  const error = asObject(cause);
  return error !== undefined && (NOBODY_THERE.includes(error.code) || wasNobodyThere(error.cause));
}
