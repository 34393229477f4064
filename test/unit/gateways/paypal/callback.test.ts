import { describe, expect, test } from 'bun:test';
import type { Payment } from '../../../../src/core/payment.ts';
import type { Located, Message } from '../../../../src/gateways/gateway.ts';
import { callback } from '../../../../src/gateways/paypal/callback.ts';
import { CAPTURE_ID, captureBody, type Json, ORDER_ID, orderBody, PAYMENT_NO, webhook } from './support.ts';

const event = (event_type: unknown, resource: unknown, change: Json = {}): Json => ({
  id: 'WH-2WR32451HC0233532-67976317FL4543714',
  create_time: '2026-06-22T07:34:58.123Z',
  event_type,
  summary: 'In words.',
  resource,
  ...change,
});
const locate = (body: string | object | Uint8Array): Located => callback.locate(webhook(body));
const hintsOf = (body: object) => {
  const located = locate(body);
  return located.type === 'clear' ? located.message.hints : located.type;
};
const loneCapture = (change: Json = {}) =>
  captureBody({ supplementary_data: { related_ids: { order_id: ORDER_ID } }, ...change });
const both = { tradeNo: ORDER_ID, paymentNo: PAYMENT_NO };

describe('whose a webhook is', () => {
  const named: [string, object, object][] = [
    ['an approved order', event('CHECKOUT.ORDER.APPROVED', orderBody('APPROVED')), both],
    ['a completed order', event('CHECKOUT.ORDER.COMPLETED', orderBody('COMPLETED')), both],
    ['a completed capture', event('PAYMENT.CAPTURE.COMPLETED', loneCapture()), both],
    ['a pending capture', event('PAYMENT.CAPTURE.PENDING', loneCapture({ status: 'PENDING' })), both],
    ['a denied capture', event('PAYMENT.CAPTURE.DENIED', loneCapture({ status: 'DECLINED' })), both],
    ['a capture without its order', event('PAYMENT.CAPTURE.COMPLETED', captureBody()), { paymentNo: PAYMENT_NO }],
    [
      'a capture without our number',
      event('PAYMENT.CAPTURE.COMPLETED', loneCapture({ custom_id: undefined, invoice_id: undefined })),
      { tradeNo: ORDER_ID },
    ],
    [
      'a capture with our number as invoice only',
      event('PAYMENT.CAPTURE.COMPLETED', captureBody({ custom_id: undefined })),
      { paymentNo: PAYMENT_NO },
    ],
    [
      'a refund, which knows its capture only by a link',
      event('PAYMENT.CAPTURE.REFUNDED', {
        id: '1JU08902781691411',
        custom_id: PAYMENT_NO,
        links: [{ href: `https://api-m.paypal.com/v2/payments/captures/${CAPTURE_ID}`, rel: 'up', method: 'GET' }],
      }),
      { paymentNo: PAYMENT_NO },
    ],
    [
      'an approval that fell through',
      event('CHECKOUT.PAYMENT-APPROVAL.REVERSED', {
        order_id: ORDER_ID,
        purchase_units: [{ reference_id: 'default', custom_id: PAYMENT_NO }],
      }),
      both,
    ],
    [
      'a dispute',
      event('CUSTOMER.DISPUTE.CREATED', {
        dispute_id: 'PP-D-1',
        disputed_transactions: [{ seller_transaction_id: CAPTURE_ID, custom: PAYMENT_NO, invoice_number: 'x' }],
      }),
      { paymentNo: PAYMENT_NO },
    ],
    ['the example of the catalogue', event('example.event', { payment_no: PAYMENT_NO }), { paymentNo: PAYMENT_NO }],
  ];
  for (const [what, body, hints] of named) {
    test(`is told by ${what}`, () => expect(hintsOf(body)).toEqual(hints));
  }

  test('is not told by a capture’s own number', () => {
    expect(hintsOf(event('PAYMENT.CAPTURE.COMPLETED', { id: CAPTURE_ID }))).toBe('dropped');
  });

  const foreign: [string, object][] = [
    ['no number', event('PAYMENT.CAPTURE.COMPLETED', {})],
    ['a number of another system', event('PAYMENT.CAPTURE.COMPLETED', { custom_id: 'cart-5', invoice_id: 'INV-5' })],
    ['no resource', event('PAYMENT.CAPTURE.COMPLETED', undefined)],
    ['a resource that is a list', event('PAYMENT.CAPTURE.COMPLETED', [{ custom_id: PAYMENT_NO }])],
    ['an order number that is no number', event('CHECKOUT.ORDER.APPROVED', { id: '../../orders' })],
    ['numbers that are objects', event('CHECKOUT.ORDER.APPROVED', { id: {}, custom_id: [PAYMENT_NO] })],
    ['a purchase unit that is null', event('CHECKOUT.ORDER.APPROVED', { purchase_units: [null, 5] })],
    ['a subscription', event('BILLING.SUBSCRIPTION.ACTIVATED', { id: 'I-BW452GLLEP1G' })],
  ];
  for (const [what, body] of foreign) {
    test(`with ${what} is nobody’s: dropped`, () => expect(hintsOf(body)).toBe('dropped'));
  }

  const broken: [string, string | Uint8Array | object][] = [
    ['nothing', ''],
    ['half', '{"event_type":"CHECKOUT.ORDER.APPROVED"'],
    ['two objects', `${JSON.stringify(event('A', {}))}{}`],
    ['an object and more fields', `${JSON.stringify(event('A', {}))},"webhook_id":"X"`],
    ['a list', [event('CHECKOUT.ORDER.APPROVED', orderBody('APPROVED'))]],
    ['a number', '5'],
    ['null', 'null'],
    ['a form', 'event_type=CHECKOUT.ORDER.APPROVED'],
    ['no event_type', event(undefined, orderBody('APPROVED'))],
    ['an event_type that is an object', event({}, orderBody('APPROVED'))],
    ['a long event_type', event('X'.repeat(101), orderBody('APPROVED'))],
    ['an event_type with a line break', event('A\nB', orderBody('APPROVED'))],
    [
      'a text that is not UTF-8',
      Buffer.from(JSON.stringify(event('CHECKOUT.ORDER.APPROVED', { id: ORDER_ID, note: '\u00ff' })), 'latin1'),
    ],
    ['a byte order mark', `\ufeff${JSON.stringify(event('CHECKOUT.ORDER.APPROVED', orderBody('APPROVED')))}`],
    ['very deep JSON', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ];
  for (const [what, body] of broken) {
    test(`cannot be read from ${what}: refused`, () =>
      expect(locate(body)).toEqual({ type: 'refused', message: 'PayPal webhook cannot be read.' }));
  }
});

describe('what a webhook says', () => {
  const parse = (kind: string, change: Json = {}) =>
    callback.parse({ kind, hints: {}, fields: event(kind, {}, change) } as Message, {} as Payment);

  for (const kind of [
    'CHECKOUT.ORDER.APPROVED',
    'CHECKOUT.ORDER.COMPLETED',
    'CHECKOUT.PAYMENT-APPROVAL.REVERSED',
    'PAYMENT.CAPTURE.COMPLETED',
    'PAYMENT.CAPTURE.PENDING',
    'PAYMENT.CAPTURE.DENIED',
    'PAYMENT.CAPTURE.DECLINED',
  ]) {
    test(`with ${kind} is a reason to ask PayPal`, () => expect(parse(kind)).toBe('ask'));
  }

  for (const [kind, type] of [
    ['PAYMENT.CAPTURE.REFUNDED', 'refunded'],
    ['PAYMENT.REFUND.FAILED', 'refunded'],
    ['PAYMENT.CAPTURE.REVERSED', 'disputed'],
    ['CUSTOMER.DISPUTE.CREATED', 'disputed'],
    ['CUSTOMER.DISPUTE.RESOLVED', 'note'],
  ] as const) {
    test(`with ${kind} is a fact by itself: ${type}`, () =>
      expect(parse(kind)).toEqual([{ type, code: kind, message: 'In words.' }]));
  }

  test('is noted without words where it has none', () => {
    expect(parse('PAYMENT.CAPTURE.REFUNDED', { summary: {} })).toMatchObject([{ message: '' }]);
  });
});

describe('PayPal is told', () => {
  const error = (message: string, error_code: string) =>
    JSON.stringify({ success: false, message, error: { error_code } });

  test('that a webhook was received, also one that was dropped', () => {
    for (const message of [null, {} as Message]) {
      expect(callback.accept(message)).toEqual({
        status: 200,
        contentType: 'application/json',
        body: '{"success":true,"message":"Webhook received"}',
      });
    }
  });

  test('why a webhook was refused, with the code of the catalogue when it is not proved', () => {
    for (const [message, code] of [
      ['PayPal webhook verification failed.', 'PAYPAL_WEBHOOK_VERIFY_FAILED'],
      ['PayPal webhook not confirmed.', 'PAYPAL_WEBHOOK_VERIFY_FAILED'],
      ['PayPal webhook cannot be read.', 'WEBHOOK_REFUSED'],
      ['The callback is too large or was cut off.', 'WEBHOOK_REFUSED'],
    ] as const) {
      const refused = { status: 400, contentType: 'application/json', body: error(message, code) };
      expect(callback.refuse(message)).toEqual(refused);
    }
  });

  test('to come again when the database cannot be written', () => {
    expect(callback.retry).toMatchObject({ status: 503, contentType: 'application/json' });
    expect(JSON.parse(callback.retry.body).error.error_code).toBe('STORAGE_UNAVAILABLE');
  });
});
