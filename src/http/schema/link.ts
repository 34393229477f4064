import { type Static, t } from 'elysia';
import { LINK_STATES } from '../../core/link.ts';
import { address, instant, named, nullable, text, texts, words } from './build.ts';

const amount = (description?: string) => nullable(t.Number(description === undefined ? {} : { description }));

export const linkSchema = named(
  'PaymentLink',
  t.Object({
    link_no: t.String({ pattern: '^LNK[A-Za-z0-9]{22}$', description: 'PayCore’s number of the link.' }),
    link_url: address('What you hand out. Whoever knows it can pay.'),
    title: text(),
    status: words(LINK_STATES, {
      description:
        '`open`: it can be paid through. `used`: single use, and paid. `closed`: by you. `expired`: by time.',
    }),
    livemode: t.Boolean({ description: 'False for links of a test key: nothing paid through them is real money.' }),
    amount: amount('In whole units of the currency; null: the payer enters it.'),
    amount_decimal: nullable(text('The same as text, with all decimals of the currency.')),
    min_amount: amount(),
    max_amount: amount(),
    currency: text('ISO 4217 code.'),
    single_use: t.Boolean(),
    paid_count: t.Integer({ description: 'Payments of it that were paid.' }),
    paid_amount: t.Number({ description: 'What was paid through it, before refunds, in whole units.' }),
    item_name: nullable(text()),
    success_url: nullable(address('As you sent it.')),
    cancel_url: nullable(address('As you sent it.')),
    payok_url: nullable(address('As you sent it.')),
    metadata: texts('As you sent it.'),
    expires_at: nullable(instant()),
    closed_at: nullable(instant()),
    created_at: instant(),
  }),
);

export type LinkData = Static<typeof linkSchema>;
