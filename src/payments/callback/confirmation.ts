import type { Deps } from '../../deps.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import type { CallbackRecord } from '../../store/commands/callbacks.ts';
import type { SyncAttempt, SyncResult } from '../sync/attempt.ts';
import type { Received } from './arrival.ts';
import type { Found } from './finder.ts';
import { logMismatch } from './refusal.ts';

/**
 * Asks the gateway what is true, for a callback whose word alone does not count. One that proved nothing comes from
 * anybody: whoever brought it is shown no payment.
 */
export async function confirmByQuery(
  { deps, syncAttempt }: { readonly deps: Deps; readonly syncAttempt: SyncAttempt },
  gateway: Gateway,
  found: Found,
  record: CallbackRecord,
  { wanted, isProved }: { readonly wanted: 'paid' | 'answer'; readonly isProved: boolean },
): Promise<Received | null> {
  const { payment, attempt, message } = found;
  // Nothing new can be learnt from bytes that led to the payment.
  if (attempt.status === 'paid' && (await deps.store.hasCallback(attempt.id, record.digest)))
    return { answer: gateway.callback.accept(message), payment: isProved ? payment : null };
  // What anybody may send waits for nothing, and keeps nobody waiting.
  const result = await (isProved
    ? syncAttempt.anew(payment, attempt, 'request')
    : syncAttempt(payment, attempt, 'page'));
  if (result.result === 'mismatch') {
    logMismatch(deps, gateway, found, []);
    return { answer: gateway.callback.refuse(gateway.callback.texts.amount), payment: null };
  }
  if (!isConfirmed(result, wanted)) return null;
  const mayBeRefund = attempt.status === 'paid' && gateway.listRefunds !== undefined;
  await deps.store.keepCallback(attempt, record, { now: deps.clock.now(), isProved, mayBeRefund });
  if (mayBeRefund) deps.wake();
  const after = (await deps.store.findPaymentById(payment.id)) ?? payment;
  return { answer: gateway.callback.accept(message), payment: isProved ? after : null };
}

function isConfirmed({ result }: SyncResult, wanted: 'paid' | 'answer'): boolean {
  if (wanted === 'paid') return result === 'paid';
  return ['paid', 'unpaid', 'not_found', 'over'].includes(result);
}
