import { type Static, type TSchema, t } from 'elysia';
import type { EndReason, Environment, Flag, PaymentStatus } from '../../core/payment.ts';
import { address, anyObject, instant, named, nullable, text, texts, words } from './build.ts';
import { detailFields } from './details.ts';

/** Lists every word of a union, so that a new one cannot be forgotten here. */
function listWords<T extends string>(list: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(list) as T[];
}

const STATUSES = listWords<PaymentStatus>({ pending: true, paid: true, failed: true, expired: true });
const ENVIRONMENTS = listWords<Environment>({ stage: true, sandbox: true, production: true, simulator: true });
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

/** Fields that answers about a payment and notifications share. */
export const sharedFields = {
  payment_no: t.String({ pattern: '^PAY\\d{12,}[A-Z]{8}$', description: 'PayCore’s number of the payment.' }),
  merchant_order_no: text('Your order number.'),
  gateway: nullable(text('Id of the gateway; null while the payer has not chosen at the All-in-One checkout.')),
  method: text('How it is paid; `all` while the payer may still choose at the gateway.'),
  amount: t.Number({ description: 'In the unit of the route the payment was made by: whole TWD at ECPay.' }),
  amount_decimal: t.String({
    pattern: '^-?\\d+(\\.\\d+)?$',
    description: 'The amount in major units as text, with all decimals of the currency.',
  }),
  currency: text('ISO 4217 code.'),
  status: words(STATUSES, { description: '`paid` is final; money that comes late still leads there.' }),
  refunded_amount: t.Number({ description: 'Paid back for good, in the unit of `amount`.' }),
  paid_at: nullable(instant('When the payer paid, as the gateway tells it.')),
  flags: t.Unsafe<readonly Flag[]>({
    type: 'array',
    items: { type: 'string', enum: FLAGS },
    description:
      'What is odd about the payment: `late` paid after it had ended, `duplicate` paid twice, `mismatch` the gateway named another amount, `simulated` nobody paid, `under_review` the gateway is looking at it, `attention` a person should.',
  }),
  livemode: t.Boolean({ description: 'True for real money: a live key and the gateway’s production system.' }),
  environment: words(ENVIRONMENTS, { description: 'The gateway’s system that was used.' }),
  gateway_trade_no: nullable(text('The gateway’s number of the current try.')),
  ...detailFields,
  payer_account: nullable(text('As you sent it.')),
  metadata: texts('As you sent it.'),
} as const;

/** `data` of every answer about a payment. */
export const paymentSchema = named(
  'Payment',
  t.Object(
    {
      ...sharedFields,
      mode: text('Which of the gateway’s services is used, e.g. `aio` or `background` at ECPay.'),
      reason: t.Optional(words(REASONS, { description: 'Why it failed or expired; missing otherwise.' })),
      payment_url: address('The page for the payer. The token in it is needed.'),
      payment_info: anyObject(
        'What the payer needs in order to pay: account, store code or barcodes. Empty until there is any.',
      ),
      gateway_order_no: nullable(text('PayCore’s number of the current try at the gateway.')),
      created_at: instant('When the payment was made.'),
    },
    { description: 'The payment.' },
  ),
);

export type PaymentData = Static<typeof paymentSchema>;

export const redirectFormSchema = named(
  'RedirectForm',
  t.Object(
    {
      action: address('The gateway’s address.'),
      method: t.Literal('POST', { description: 'How the form is sent.' }),
      fields: texts('Hidden inputs, signed: change none of them.'),
    },
    {
      description:
        'A form for the payer’s browser to post. The payment page posts it as well, so `payment_url` is enough.',
    },
  ),
);

/** What an answer to a create has besides the payment. */
export const createdField: TSchema = t.Boolean({ description: 'False when the order had this payment already.' });
