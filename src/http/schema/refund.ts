import { type Static, t } from 'elysia';
import { instant, named, nullable, text, words } from './build.ts';

export const refundSchema = named(
  'Refund',
  t.Object({
    refund_no: text(),
    payment_no: text(),
    amount: t.Number({ description: 'In the unit of the route the payment came by.' }),
    amount_decimal: text(),
    currency: text(),
    status: words(['unknown', 'pending', 'succeeded', 'failed'], {
      description:
        '`unknown`: the gateway’s answer was lost and is being asked for; never send it again because of that.',
    }),
    reason: text(),
    source: words(['api', 'gateway'], {
      description: '`gateway`: somebody paid back at the gateway’s own desk, or the payer’s bank did.',
    }),
    gateway_trade_no: nullable(text('The gateway’s number of the money that went back.')),
    gateway_refund_no: nullable(text('The gateway’s number of the refund, where it has one of its own.')),
    message: text('What the gateway said last, or why its answer is not known.'),
    created_at: instant(),
    updated_at: instant(),
  }),
);

export type RefundData = Static<typeof refundSchema>;
