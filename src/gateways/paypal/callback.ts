import type { Fact } from '../../core/attempt.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import { failWith, RECEIVED } from '../callback-answers.ts';
import type { CallbackDriver, Hints, Located, Message, RawCallback } from '../gateway.ts';
import { docs } from './callback-docs.ts';
import { errors } from './errors.ts';
import { type Fields, listOf, objectOf, readJsonObject, textOf } from './json.ts';
import { ORDER_ID } from './order.ts';
import { NOT_CONFIRMED, VERIFY_FAILED, verifyEvent } from './verify.ts';

/**
 * PayPal's webhook events (PayPal Webhooks, event names). Even a proved one is not acted on: it may be old, and the order
 * itself says what is true now. One address serves all merchants, so the event first tells whose it is.
 */
const UNREADABLE = 'PayPal webhook cannot be read.';

function locate(raw: RawCallback): Located {
  const event = readJsonObject(raw.body);
  const kind = textOf(event?.event_type);
  if (!event || !/^[\w.-]{1,100}$/.test(kind)) return { type: 'refused', message: UNREADABLE };
  const hints = findHints(kind, objectOf(event.resource));
  if (Object.keys(hints).length === 0) return { type: 'dropped' };
  return { type: 'clear', message: { kind, hints, fields: event, raw } };
}

function findHints(kind: string, resource: Fields): Hints {
  const [unit = {}] = listOf(resource.purchase_units);
  const [disputed = {}] = listOf(resource.disputed_transactions);
  const related = objectOf(objectOf(resource.supplementary_data).related_ids);
  const tradeNo = [
    related.order_id,
    // An approval that falls through names its order so; its resource is no order.
    resource.order_id,
    ...(kind.startsWith('CHECKOUT.ORDER.') ? [resource.id] : []),
  ].find(isOrderId);
  const paymentNo = [resource, unit, { custom_id: disputed.custom, invoice_id: disputed.invoice_number }]
    .flatMap(({ custom_id, invoice_id }) => [custom_id, invoice_id])
    .concat(resource.payment_no)
    .find(isPaymentNo);
  return { ...(tradeNo === undefined ? {} : { tradeNo }), ...(paymentNo === undefined ? {} : { paymentNo }) };
}

function isOrderId(value: unknown): value is string {
  return ORDER_ID.test(textOf(value));
}

function isPaymentNo(value: unknown): value is string {
  return PAYMENT_NO.test(textOf(value));
}

/** What happens to money after it was paid: the order tells nothing about that, so the event itself counts. */
const AFTERWARDS: readonly (readonly [RegExp, 'refunded' | 'disputed' | 'note'])[] = [
  [/^PAYMENT\.(CAPTURE\.REFUNDED|REFUND\..+)$/, 'refunded'],
  [/^(PAYMENT\.CAPTURE\.REVERSED|CUSTOMER\.DISPUTE\.CREATED)$/, 'disputed'],
  [/^CUSTOMER\.DISPUTE\./, 'note'],
];

function parse({ kind, fields }: Message): readonly Fact[] | 'ask' {
  const type = AFTERWARDS.find(([pattern]) => pattern.test(kind))?.[1];
  return type === undefined ? 'ask' : [{ type, code: kind, message: textOf(fields.summary) }];
}

/** What an order is told by, and what becomes of its money afterwards (PayPal Webhooks, event names). */
const EVENTS = [
  'CHECKOUT.ORDER.APPROVED',
  'CHECKOUT.PAYMENT-APPROVAL.REVERSED',
  'PAYMENT.CAPTURE.COMPLETED',
  'PAYMENT.CAPTURE.PENDING',
  'PAYMENT.CAPTURE.DENIED',
  'PAYMENT.CAPTURE.REFUNDED',
  'PAYMENT.CAPTURE.REVERSED',
  'CUSTOMER.DISPUTE.CREATED',
  'CUSTOMER.DISPUTE.RESOLVED',
] as const;

/** Anything else than 2xx makes PayPal come again, up to 25 times in three days. */
const UNPROVED = new Set([VERIFY_FAILED, NOT_CONFIRMED]);

export const callback: CallbackDriver = {
  locate,
  verify: verifyEvent,
  parse,
  hides: ['email_address', 'address', 'phone', 'phone_number', 'payer_id', 'account_id', 'links'],
  texts: { unknown: null, amount: 'PayPal amount mismatch.' },
  accept: () => RECEIVED,
  refuse: (message) =>
    failWith(400, UNPROVED.has(message) ? errors.PAYPAL_WEBHOOK_VERIFY_FAILED : 'WEBHOOK_REFUSED', message),
  retry: failWith(503, 'STORAGE_UNAVAILABLE', 'The database cannot be written at the moment. Send it again.'),
  docs: {
    ...docs,
    refusals: { [VERIFY_FAILED]: 'signature', [NOT_CONFIRMED]: 'unconfirmed', [UNREADABLE]: 'unreadable' },
  },
  setup: {
    names: ['Webhook URL'],
    entered: {
      where: 'Apps & Credentials › app › Webhooks › Add Webhook',
      url: 'https://developer.paypal.com/dashboard/applications/live',
      events: EVENTS,
      credential: 'webhook_id',
    },
  },
};
