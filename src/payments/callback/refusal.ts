import type { Fact } from '../../core/attempt.ts';
import { minorToMajor } from '../../core/money.ts';
import { DAY, MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import { clientKey, createRateLimiter } from '../../security/ratelimit.ts';
import { createRepeats } from '../../security/repeats.ts';
import type { CallbackRecord } from '../../store/commands/callbacks.ts';
import { webhookIds } from '../facts.ts';
import type { Arrived, Received } from './arrival.ts';
import type { CallNotes } from './calls.ts';
import type { Found } from './finder.ts';

/**
 * So many refused callbacks of one address are kept, within a minute and within a day; the rest is refused without a trace
 * in the database, which has room for a thousand in all.
 */
const UNMATCHED_A_MINUTE = 30;
const UNMATCHED_A_DAY = 100;

/** So many refusals of one address are told in the log a minute; the rest is counted. */
const TOLD_A_MINUTE = 5;

/** What does not count is answered, and kept: by itself, or with the attempt that it is about. */
export function createRefuser(deps: Deps, notes: CallNotes) {
  const now = () => deps.clock.now();
  const minutes = createRateLimiter({ limit: UNMATCHED_A_MINUTE, windowMs: MINUTE, now });
  const days = createRateLimiter({ limit: UNMATCHED_A_DAY, windowMs: DAY, now });
  const told = createRepeats({ atFirst: TOLD_A_MINUTE, now });

  /** `found`: the payment that it speaks of, without having proved that it may. */
  const refuseUnmatched = async (arrived: Arrived, reason: string, found: Found | null = null): Promise<Received> => {
    const { gateway, raw, address } = arrived;
    const call = notes.of(arrived, found?.payment ?? null);
    const caller = clientKey(address);
    const count = (repeated: number) => deps.log.warn('callbacks refused', { address, repeated });
    if (told.maySay(caller, count)) deps.log.warn('callback refused', { gateway: gateway.id, reason, address });
    if (minutes.take(caller).allowed && days.take(caller).allowed) {
      const { contentType, body } = raw;
      const about = found ? { about: { paymentNo: found.payment.paymentNo, projectId: found.payment.projectId } } : {};
      const kept = { gateway: gateway.id, address, reason, contentType, body, now: now() };
      await deps.store.addUnmatchedCallback({ ...kept, ...about, call });
    } else if (call.due.includes('refused')) {
      await deps.store.noteCallbackCall(call, reason, now());
    }
    notes.done(call, 'refused');
    return { answer: gateway.callback.refuse(reason), payment: null };
  };

  const refuseMismatch = async (arrived: Arrived, found: Found, record: CallbackRecord, reason: string) => {
    const { gateway } = arrived;
    const call = notes.of(arrived, found.payment);
    const telling = { now: now(), makeWebhookId: webhookIds(deps) };
    await deps.store.flagMismatch({ attemptId: found.attempt.id, reason, callback: record, call, ...telling });
    notes.done(call, 'refused');
    deps.wake();
    return { answer: gateway.callback.refuse(reason), payment: null };
  };

  return { refuseUnmatched, refuseMismatch };
}

export type Refuser = ReturnType<typeof createRefuser>;

/** What a merchant needs to see why the amounts differ. */
export function logMismatch(deps: Deps, gateway: Gateway, found: Found, facts: readonly Fact[]): void {
  const { amount, currency, paymentNo } = found.payment;
  const received = facts.find((fact) => fact.type === 'paid' || fact.type === 'instructions')?.amount;
  const { amount: text } = gateway.callback.texts;
  deps.log.warn(`${text.replace(/\.$/, '')} detail`, {
    payment_no: paymentNo,
    gateway: gateway.id,
    expected_amount: minorToMajor(amount, currency),
    received_amount: received === undefined ? null : minorToMajor(received, currency),
    matched_by: found.matchedBy,
    ...gateway.callback.describePayload?.(found.message),
  });
}
