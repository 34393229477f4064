import { t } from 'elysia';
import type { describeDetails } from '../../core/paid-details.ts';
import { nullable, text } from './build.ts';

/** How a payment was paid, as far as its gateway told; null while it has not. */

type Details = ReturnType<typeof describeDetails>;

const number = (description: string) => t.Number({ description });

const installments = t.Object(
  {
    count: t.Integer({ description: 'How many.' }),
    first: t.Optional(number('The first one, in the unit of `amount`.')),
    each: t.Optional(number('Each of the others.')),
  },
  { description: 'When it is paid by instalments.' },
);

const bonus = t.Object(
  {
    points_used: t.Integer({ description: 'Points that were used.' }),
    points_left: t.Optional(t.Integer({ description: 'Points that are left.' })),
    discount: t.Optional(number('What they paid, in the unit of `amount`.')),
    charged: t.Optional(number('What the card was charged.')),
  },
  { description: 'When points of the card’s bank paid a part.' },
);

const card = t.Object(
  {
    first6: nullable(text('First six digits.')),
    last4: nullable(text('Last four digits.')),
    bank: nullable(text('The bank that issued it.')),
    brand: t.Optional(text('E.g. `visa`.')),
    country: t.Optional(text('Of the bank, ISO 3166.')),
    eci: t.Optional(text('Electronic commerce indicator: what 3-D Secure came to.')),
    auth_code: t.Optional(text('Authorisation code of the bank.')),
    installments: t.Optional(installments),
    bonus: t.Optional(bonus),
  },
  { description: 'The card it was paid with; null when it was paid otherwise, or the gateway told nothing of it.' },
);

export const detailFields = {
  card: t.Unsafe<Details['card']>(nullable(card)),
  channel: nullable(text('The gateway’s own name of the way it was paid, e.g. `CVS_FAMILY`.')),
  fee: nullable(number('What the gateway kept, in the unit of the route and in `fee_currency`.')),
  fee_decimal: nullable(text('The same in major units, as text.')),
  net: nullable(number('What is left for you, in the unit of the route and in `fee_currency`.')),
  net_decimal: nullable(text('The same in major units, as text.')),
  fee_currency: nullable(text('Of fee and net: another one than `currency` where the gateway pays out in another.')),
} as const;
