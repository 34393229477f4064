import { type Static, t } from 'elysia';
import { instant, named, nullable, text } from './build.ts';
import { sharedFields } from './payment.ts';

const figure = (description: string) => nullable(t.Number({ description }));
const count = (description: string) => t.Unsafe<number | null>({ type: ['integer', 'null'], description });
const sums = {
  today_amount: figure('Paid today; null where figures are not shown.'),
  month_amount: figure('Paid this month; null where figures are not shown.'),
  today_count: count('Payments that were paid today.'),
  month_count: count('Payments that were paid this month.'),
};
const sumsSchema = t.Object(sums);

const recentPayment = named(
  'RecentPayment',
  t.Object({
    payment_no: text('PayCore’s number of the payment.'),
    merchant_order_no: sharedFields.merchant_order_no,
    gateway: sharedFields.gateway,
    method: sharedFields.method,
    amount: sharedFields.amount,
    amount_decimal: sharedFields.amount_decimal,
    currency: sharedFields.currency,
    status: sharedFields.status,
    paid_at: sharedFields.paid_at,
    created_at: instant('When the payment was made.'),
  }),
);

export const overviewSchema = named(
  'Overview',
  t.Object(
    {
      public: t.Boolean({
        description: 'True when anybody may see these figures: asked without a key on a public home page.',
      }),
      timezone: text('Zone by which days and months were cut.'),
      currency: text('Main currency of the shop: the amounts beside it are in its major units.'),
      ...sums,
      by_currency: t.Unsafe<Readonly<Record<string, Static<typeof sumsSchema>>>>({
        type: 'object',
        additionalProperties: sumsSchema,
        description: 'The same sums by ISO 4217 code.',
      }),
      counts: t.Object(
        {
          pending: count('Waiting to be paid.'),
          paid: count('Paid.'),
          failed: count('Failed or cancelled.'),
          expired: count('Not paid in time.'),
        },
        { description: 'Payments by status.' },
      ),
      recent_transactions: t.Array(recentPayment, {
        description: 'The newest ten. Without a key the order numbers are masked.',
      }),
    },
    { description: 'The figures.' },
  ),
);

export type OverviewData = Static<typeof overviewSchema>;
