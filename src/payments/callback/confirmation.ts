import type { Deps } from '../../deps.ts';
import type { CallbackCall } from '../../store/commands/callback-calls.ts';
import type { CallbackRecord } from '../../store/commands/callbacks.ts';
import { patienceOf } from '../calls.ts';
import type { SyncAttempt, SyncResult } from '../sync/attempt.ts';
import type { Arrived, Received } from './arrival.ts';
import type { CallNotes } from './calls.ts';
import type { Found } from './finder.ts';
import { logMismatch } from './refusal.ts';

/**
 * Asks the gateway what is true, for a callback whose word alone does not count. One that proved nothing comes from
 * anybody: whoever brought it is shown no payment.
 */
export async function confirmByQuery(
  { deps, syncAttempt, notes }: { readonly deps: Deps; readonly syncAttempt: SyncAttempt; readonly notes: CallNotes },
  arrived: Arrived,
  found: Found,
  record: CallbackRecord,
  { wanted, isProved }: { readonly wanted: 'paid' | 'answer'; readonly isProved: boolean },
): Promise<Received | null> {
  const { gateway } = arrived;
  const { payment, attempt, message } = found;
  const call = notes.of(arrived, payment);
  // Nothing new can be learnt from bytes that led to the payment.
  if (attempt.status === 'paid' && (await deps.store.hasCallback(attempt.id, record.digest))) {
    await note(deps, notes, call, null);
    return { answer: gateway.callback.accept(message), payment: isProved ? payment : null };
  }
  // What anybody may send waits for nothing, and keeps nobody waiting.
  const result = await (isProved
    ? syncAttempt.anew(payment, attempt, 'request', patienceOf('callback'))
    : syncAttempt(payment, attempt, 'page'));
  if (result.result === 'mismatch') {
    const { amount } = gateway.callback.texts;
    logMismatch(deps, gateway, found, []);
    await note(deps, notes, call, amount);
    return { answer: gateway.callback.refuse(amount), payment: null };
  }
  // Another that asked since this one was read may have found the money, and left this one without an answer of its own.
  if (!isConfirmed(result, wanted) && (await deps.store.findAttempt(attempt.id))?.status !== 'paid') return null;
  const mayBeRefund = attempt.status === 'paid' && gateway.listRefunds !== undefined;
  await deps.store.keepCallback(attempt, record, { now: deps.clock.now(), isProved, mayBeRefund, call });
  notes.done(call, 'accepted');
  if (mayBeRefund) deps.wake();
  const after = (await deps.store.findPaymentById(payment.id)) ?? payment;
  return { answer: gateway.callback.accept(message), payment: isProved ? after : null };
}

/** Where nothing else is written. */
async function note(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  notes: CallNotes,
  call: CallbackCall,
  refusal: string | null,
): Promise<void> {
  const end = refusal === null ? 'accepted' : 'refused';
  if (!call.due.includes(end)) return;
  await store.noteCallbackCall(call, refusal, clock.now());
  notes.done(call, end);
}

function isConfirmed({ result }: SyncResult, wanted: 'paid' | 'answer'): boolean {
  if (wanted === 'paid') return result === 'paid';
  return ['paid', 'unpaid', 'not_found', 'over'].includes(result);
}
