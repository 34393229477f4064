import { type Static, t } from 'elysia';
import { instant, named, nullable, text, words } from './build.ts';
import { sharedFields } from './payment.ts';

export const refundSchema = named(
  'Refund',
  t.Object(
    {
      refund_no: text('PayCore’s number of the refund.'),
      payment_no: sharedFields.payment_no,
      amount: t.Number({ description: 'In the unit of the route the payment came by.' }),
      amount_decimal: sharedFields.amount_decimal,
      currency: sharedFields.currency,
      status: words(['unknown', 'pending', 'succeeded', 'failed'], {
        description:
          '`unknown`: the gateway’s answer was lost and is being asked for; never send it again because of that.',
      }),
      reason: text('As you sent it.'),
      source: words(['api', 'gateway'], {
        description: '`gateway`: somebody paid back at the gateway’s own desk, or the payer’s bank did.',
      }),
      gateway_trade_no: nullable(text('The gateway’s number of the money that went back.')),
      gateway_refund_no: nullable(text('The gateway’s number of the refund, where it has one of its own.')),
      message: text('What the gateway said last, or why its answer is not known.'),
      created_at: instant('When it was asked for.'),
      updated_at: instant('When its status changed last.'),
    },
    { description: 'The refund.' },
  ),
);

export type RefundData = Static<typeof refundSchema>;
