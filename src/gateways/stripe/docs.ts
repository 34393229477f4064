import type { Field } from '../../core/fields.ts';
import type { CallbackDocs } from '../gateway.ts';

const FIELDS: readonly Field[] = [
  { name: 'id', type: 'string', description: 'Stripe’s number of the event.', example: 'evt_1SN5Qe2eZvKYlo2C' },
  {
    name: 'type',
    type: 'string',
    required: true,
    description:
      'payment_intent.succeeded pays, payment_intent.payment_failed lets the payer try again, payment_intent.canceled ends the try; everything else is only written down.',
    example: 'payment_intent.succeeded',
  },
  { name: 'created', type: 'integer', description: 'Seconds since 1970; when the payment was made.' },
  { name: 'livemode', type: 'boolean', description: 'Must be that of the payment’s keys.' },
  {
    name: 'data',
    type: 'object',
    required: true,
    description:
      'Holds `object`: a PaymentIntent, or something that names one in `payment_intent` (charge, refund, dispute). Its number is `gateway_trade_no`.',
  },
];

const EXAMPLE = {
  id: 'evt_1SN5Qe2eZvKYlo2C',
  object: 'event',
  api_version: '2026-08-26.dahlia',
  created: 1_782_115_197,
  type: 'payment_intent.succeeded',
  livemode: false,
  data: {
    object: {
      id: 'pi_3SN5Qd2eZvKYlo2C1x9VbT4R',
      object: 'payment_intent',
      amount: 98_000,
      amount_received: 98_000,
      currency: 'twd',
      status: 'succeeded',
      metadata: {
        payment_no: 'PAY202606220001ABCDEFGH',
        gateway_order_no: 'PC260622K7Q2M9XW4ZT1',
        merchant_order_no: 'ORDER202606220001',
      },
    },
  },
};

export const docs: Omit<CallbackDocs, 'refusals'> = {
  title: 'Webhook of Stripe',
  checkedWith: ['webhook_secret'],
  description:
    'Stripe sends every event of the account here, and those about nothing of PayCore’s are acknowledged and forgotten. With a webhook_secret the signature has to be right and at most five minutes old. Without one an event only makes PayCore ask Stripe what became of the payment.',
  bodies: [{ type: 'application/json', title: 'Event', fields: FIELDS, example: EXAMPLE }],
  headers: [
    {
      name: 'Stripe-Signature',
      type: 'string',
      description: 'Time and HMAC-SHA256 of `{time}.{body}` with the webhook_secret.',
      example: 't=1782115200,v1=5d77f9cae9bf3cf551a0dd1e4737c439ff3bc50919fc6a86603e757db4c103e9',
    },
  ],
};
