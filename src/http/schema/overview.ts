import { type Static, t } from 'elysia';
import { instant, named, nullable, text } from './build.ts';
import { sharedFields } from './payment.ts';

const figure = nullable(t.Number());
const count = t.Unsafe<number | null>({ type: ['integer', 'null'] });
const sums = { today_amount: figure, month_amount: figure, today_count: count, month_count: count };
const sumsSchema = t.Object(sums);

const recentPayment = named(
  'RecentPayment',
  t.Object({
    payment_no: text(),
    merchant_order_no: text(),
    gateway: sharedFields.gateway,
    method: sharedFields.method,
    amount: sharedFields.amount,
    amount_decimal: sharedFields.amount_decimal,
    currency: sharedFields.currency,
    status: sharedFields.status,
    paid_at: sharedFields.paid_at,
    created_at: instant(),
  }),
);

export const overviewSchema = named(
  'Overview',
  t.Object({
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
    counts: t.Object({ pending: count, paid: count, failed: count, expired: count }),
    recent_transactions: t.Array(recentPayment, {
      description: 'The newest ten. Without a key the order numbers are masked.',
    }),
  }),
);

export type OverviewData = Static<typeof overviewSchema>;
