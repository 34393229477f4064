import type { ErrorRef } from '../../core/errors.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import { failWith, RECEIVED } from '../callback-answers.ts';
import type { CallbackDriver, CallbackSubject, Hints, Located, Message, RawCallback } from '../gateway.ts';
import { loadPackage } from './client.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { createdAt, EVENTS, intentIdOf, readEvent, subjectOf } from './event.ts';
import { isOfMode } from './intent.ts';
import { decodeText, type Fields, objectOf, readObject, textOf } from './json.ts';

/** Stripe's events. Sources: Stripe documentation, "Webhooks" and "Resolve webhook signature verification errors". */

const TEXTS = {
  signature: 'Stripe webhook signature is invalid.',
  late: 'Stripe webhook is too old.',
  unreadable: 'Stripe webhook cannot be read.',
  intent: 'Stripe PaymentIntent mismatch.',
  livemode: 'Stripe livemode mismatch.',
  amount: 'Stripe amount mismatch.',
} as const;

/** Older deliveries may be copies that somebody kept. */
const TOLERANCE_SECONDS = 300;
const HEADER = 'stripe-signature';

/** One address gets every event of the account: most are about nothing of ours. */
function locate(raw: RawCallback): Located {
  const event = readObject(raw.body);
  if (!event) return { type: 'refused', message: TEXTS.unreadable };
  const hints = findHints(event);
  if (Object.keys(hints).length === 0) return { type: 'dropped' };
  return { type: 'clear', message: { kind: 'event', hints, fields: event, raw } };
}

function findHints(event: Fields): Hints {
  const subject = subjectOf(event);
  const metadata = objectOf(subject.metadata);
  const tradeNo = intentIdOf(subject);
  const orderNo = textOf(metadata.gateway_order_no);
  const paymentNo = [metadata.payment_no, objectOf(event.resource).payment_no].map(textOf).find(isPaymentNo);
  return {
    ...(tradeNo === null ? {} : { tradeNo }),
    ...(orderNo === '' ? {} : { orderNo }),
    ...(paymentNo === undefined ? {} : { paymentNo }),
  };
}

function isPaymentNo(text: string): boolean {
  return PAYMENT_NO.test(text);
}

const verify: CallbackDriver['verify'] = async (message, secrets, subject) => {
  const secret = secrets.webhook_secret ?? '';
  // Anybody could have sent it; but what Stripe says when it is asked may be believed. Stripe itself signs everything.
  const confirm = message.raw?.headers.has(HEADER) ? 'answer' : 'paid';
  if (secret === '') return { ok: false, proved: false, confirm, message: TEXTS.signature };
  const flaw = await findFlaw(message.raw, secret, subject.ctx.now);
  if (flaw !== null) return { ok: false, proved: false, message: flaw };
  const misfit = findMisfit(message, subject);
  return misfit === null ? { ok: true } : { ok: false, proved: true, message: misfit };
};

/** What is wrong with the signature; null: it is right. */
async function findFlaw(raw: RawCallback | undefined, secret: string, now: number): Promise<string | null> {
  if (!raw) return TEXTS.signature;
  const { webhooks } = await loadPackage();
  try {
    const header = raw.headers.get(HEADER) ?? '';
    await webhooks.constructEventAsync(decodeText(raw.body), header, secret, TOLERANCE_SECONDS, undefined, now);
    return null;
  } catch (error) {
    // The age is looked at last: what is too old is signed.
    return /outside the tolerance zone/.test(String((error as Error).message)) ? TEXTS.late : TEXTS.signature;
  }
}

/** A genuine event that was found by our number must be about our intent, if we know which one that is. */
function findMisfit({ hints, fields }: Message, { payment, attempt }: CallbackSubject): string | null {
  const paymentNo = textOf(objectOf(subjectOf(fields).metadata).payment_no);
  const isOther = attempt.gatewayTradeNo !== null && attempt.gatewayTradeNo !== hints.tradeNo;
  if (isOther || (paymentNo !== '' && paymentNo !== payment.paymentNo)) return TEXTS.intent;
  return isOfMode(fields, payment.environment) ? null : TEXTS.livemode;
}

/** Codes of the API beside the texts; everything else is WEBHOOK_REFUSED. */
const CODES: ReadonlyMap<string, ErrorRef> = new Map<string, ErrorRef>([
  [TEXTS.signature, errors.STRIPE_WEBHOOK_SIGNATURE_INVALID],
  [TEXTS.late, errors.STRIPE_WEBHOOK_SIGNATURE_INVALID],
  [TEXTS.unreadable, 'INVALID_JSON'],
]);

export const callback: CallbackDriver = {
  locate,
  verify,
  parse: ({ fields }) => readEvent(fields),
  saidAt: ({ fields }) => createdAt(fields),
  hides: ['client_secret', 'receipt_email', 'email', 'phone', 'address', 'fingerprint', 'receipt_url'],
  texts: { unknown: null, amount: TEXTS.amount },
  describePayload: ({ fields }) => ({
    event: textOf(fields.id),
    event_type: textOf(fields.type),
  }),
  accept: () => RECEIVED,
  refuse: (message) => failWith(400, CODES.get(message) ?? 'WEBHOOK_REFUSED', message),
  retry: failWith(503, 'STORAGE_UNAVAILABLE', 'Database unavailable, please send again.'),
  docs: {
    ...docs,
    refusals: {
      [TEXTS.signature]: 'signature',
      [TEXTS.late]: 'late',
      [TEXTS.unreadable]: 'unreadable',
      [TEXTS.intent]: 'order',
      [TEXTS.livemode]: 'mode',
    },
  },
  setup: {
    names: ['Endpoint URL'],
    entered: {
      where: 'Developers › Webhooks › Add destination',
      url: 'https://dashboard.stripe.com/webhooks',
      events: EVENTS,
      credential: 'webhook_secret',
    },
  },
};
