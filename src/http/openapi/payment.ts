import type { EndReason, Environment, Flag, PaymentStatus } from '../../core/payment.ts';
import { describeObject } from './schema.ts';
import type { Schema } from './types.ts';

/** Lists every word of a union, so that a new one cannot be forgotten here. */
function listWords<T extends string>(words: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(words) as T[];
}

export const STATUSES = listWords<PaymentStatus>({ pending: true, paid: true, failed: true, expired: true });
const ENVIRONMENTS = listWords<Environment>({ stage: true, sandbox: true, production: true });
const FLAGS = listWords<Flag>({
  late: true,
  duplicate: true,
  mismatch: true,
  simulated: true,
  under_review: true,
  attention: true,
});
const REASONS = listWords<EndReason>({
  GATEWAY_REFUSED: true,
  GATEWAY_UNREACHABLE: true,
  CANCELLED: true,
  GONE: true,
  EXPIRED: true,
  SUPERSEDED: true,
});

const instant: Schema = { type: 'string', format: 'date-time' };
const maybeInstant: Schema = { type: ['string', 'null'], format: 'date-time' };

/** Fields that answers about a payment and notifications share. */
export const sharedFields = {
  payment_no: { type: 'string', pattern: '^PAY\\d{12,}[A-Z]{8}$', description: 'PayCore’s number of the payment.' },
  merchant_order_no: { type: 'string', description: 'Your order number.' },
  gateway: {
    type: ['string', 'null'],
    description: 'Id of the gateway; null while the payer has not chosen at the All-in-One checkout.',
  },
  method: { type: 'string', description: 'How it is paid; `all` while the payer may still choose at the gateway.' },
  amount: { type: 'number', description: 'In the unit of the route the payment was made by: whole TWD at ECPay.' },
  amount_decimal: {
    type: 'string',
    pattern: '^-?\\d+(\\.\\d+)?$',
    description: 'The amount in major units as text, with all decimals of the currency.',
  },
  currency: { type: 'string', description: 'ISO 4217 code.' },
  status: { type: 'string', enum: STATUSES, description: '`paid` is final; money that comes late still leads there.' },
  refunded_amount: { type: 'number', description: 'Paid back for good, in the unit of `amount`.' },
  paid_at: { ...maybeInstant, description: 'When the payer paid, as the gateway tells it.' },
  flags: {
    type: 'array',
    items: { type: 'string', enum: FLAGS },
    description:
      'What is odd about the payment: `late` paid after it had ended, `duplicate` paid twice, `mismatch` the gateway named another amount, `simulated` nobody paid, `under_review` the gateway is looking at it, `attention` a person should.',
  },
  livemode: { type: 'boolean', description: 'True for real money: a live key and the gateway’s production system.' },
  environment: { type: 'string', enum: ENVIRONMENTS, description: 'The gateway’s system that was used.' },
  gateway_trade_no: { type: ['string', 'null'], description: 'The gateway’s number of the current try.' },
  payer_account: { type: ['string', 'null'], description: 'As you sent it.' },
  metadata: { type: 'object', additionalProperties: { type: 'string' }, description: 'As you sent it.' },
} as const satisfies Readonly<Record<string, Schema>>;

const fields: Readonly<Record<string, Schema>> = {
  ...sharedFields,
  mode: {
    type: 'string',
    description: 'Which of the gateway’s services is used, e.g. `aio` or `background` at ECPay.',
  },
  reason: { type: 'string', enum: REASONS, description: 'Why it failed or expired; missing otherwise.' },
  payment_url: { type: 'string', format: 'uri', description: 'The page for the payer. The token in it is needed.' },
  payment_info: {
    type: 'object',
    description: 'What the payer needs in order to pay: account, store code or barcodes. Empty until there is any.',
  },
  gateway_order_no: { type: ['string', 'null'], description: 'PayCore’s number of the current try at the gateway.' },
  created_at: instant,
};

/** `data` of every answer about a payment. */
export const paymentSchema: Schema = describeObject(
  fields,
  Object.keys(fields).filter((name) => name !== 'reason'),
);

export const redirectFormSchema: Schema = {
  ...describeObject({
    action: { type: 'string', format: 'uri', description: 'The gateway’s address.' },
    method: { const: 'POST' },
    fields: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Hidden inputs, signed: change none of them.',
    },
  }),
  description: 'A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough.',
};
