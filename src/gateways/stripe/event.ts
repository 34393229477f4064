import type { Fact } from '../../core/attempt.ts';
import { SECOND } from '../../core/time.ts';
import { describeReturned, showMoney } from './charge.ts';
import { readPaidCharge } from './details.ts';
import { INTENT_ID, readCanceled, readDeclined, readPaid } from './intent.ts';
import { type Fields, integerOf, objectOf, textOf } from './json.ts';

/**
 * Events, in whatever API version the account or endpoint has: only what has been the same in all of them is read.
 * Source: Stripe API reference, "The Event object" and "Types of events".
 */

/** What the event is about. */
export function subjectOf(event: Fields): Fields {
  return objectOf(objectOf(event.data).object);
}

/** To the second; null when it does not say. */
export function createdAt(event: Fields): number | null {
  const seconds = integerOf(event.created);
  return seconds === null ? null : seconds * SECOND;
}

/** The PaymentIntent of an event about it, its charge, a refund or a dispute; null when it has none. */
export function intentIdOf(subject: Fields): string | null {
  const { id, payment_intent: named } = subject;
  return [id, named, objectOf(named).id].map(textOf).find((text) => INTENT_ID.test(text)) ?? null;
}

type Reader = (subject: Fields, event: Fields) => Fact | null;

const READERS: Readonly<Record<string, Reader>> = {
  'payment_intent.succeeded': (intent, event) =>
    intent.status === 'succeeded' ? readPaid(intent, integerOf(event.created)) : null,
  'payment_intent.processing': (intent) => (intent.status === 'processing' ? { type: 'under_review' } : null),
  // The intent lives on: the payer may try again.
  'payment_intent.payment_failed': (intent) => readDeclined(intent),
  'payment_intent.canceled': (intent) => (intent.status === 'canceled' ? readCanceled(intent) : null),
  'charge.succeeded': readCharge,
  'charge.updated': readCharge,
  'charge.refunded': readReturn,
  'charge.refund.updated': readReturn,
  'refund.created': readReturn,
  'refund.updated': readReturn,
  'refund.failed': readReturn,
  'charge.dispute.created': (dispute, event) => ({ ...describeEvent(event, dispute), type: 'disputed' }),
};

/** Those that say something about an order; Stripe sends what its endpoint asks for. */
export const EVENTS: readonly string[] = Object.keys(READERS);

/** Nothing about money: that is told by the intent. */
function readCharge(charge: Fields): Fact | null {
  const details = readPaidCharge(charge);
  return Object.keys(details).length === 0 ? null : { type: 'details', details };
}

function readReturn(subject: Fields, event: Fields): Fact {
  return { ...describeEvent(event, subject), type: 'refunded' };
}

function describeEvent(event: Fields, subject: Fields): { readonly code: string; readonly message: string } {
  const code = textOf(event.type);
  return { code, message: describeSubject(code, subject) };
}

/** Everything else that Stripe tells about an order of ours is only written down. */
export function readEvent(event: Fields): readonly Fact[] {
  const type = textOf(event.type);
  const subject = subjectOf(event);
  const fact = Object.hasOwn(READERS, type) ? READERS[type]?.(subject, event) : null;
  return [fact ?? { ...describeEvent(event, subject), type: 'note' }];
}

/** What a merchant wants to see in the timeline: how much was paid back, what a dispute is about. */
function describeSubject(type: string, subject: Fields): string {
  const { amount, currency, object } = subject;
  const status = textOf(subject.status);
  if (type === 'charge.refunded') return describeReturned(subject);
  if (object === 'refund') return `${showMoney(amount, currency)}, ${status}`;
  if (object === 'dispute') return `${showMoney(amount, currency)}, ${textOf(subject.reason)}, ${status}`;
  return status;
}
