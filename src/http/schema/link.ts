import { type Static, t } from 'elysia';
import { LINK_STATES } from '../../core/link.ts';
import { address, instant, named, nullable, text, texts, words } from './build.ts';

const amount = (description: string) => nullable(t.Number({ description }));

export const linkSchema = named(
  'PaymentLink',
  t.Object(
    {
      link_no: t.String({ pattern: '^LNK[A-Za-z0-9]{22}$', description: 'PayCore’s number of the link.' }),
      link_url: address('What you hand out. Whoever knows it can pay.'),
      title: text('What the page of the link shows first.'),
      status: words(LINK_STATES, {
        description:
          '`open`: it can be paid through. `used`: single use, and paid. `closed`: by you. `expired`: by time.',
      }),
      livemode: t.Boolean({ description: 'False for links of a test key: nothing paid through them is real money.' }),
      amount: amount('In whole units of the currency; null: the payer enters it.'),
      amount_decimal: nullable(text('The same as text, with all decimals of the currency.')),
      min_amount: amount('Least that the payer may enter; null: the least there is.'),
      max_amount: amount('Most that the payer may enter; null: the most there is.'),
      currency: text('ISO 4217 code.'),
      single_use: t.Boolean({ description: 'It ends with the first payment that is paid.' }),
      paid_count: t.Integer({ description: 'Payments of it that were paid.' }),
      paid_amount: t.Number({ description: 'What was paid through it, before refunds, in whole units.' }),
      item_name: nullable(text('As you sent it.')),
      success_url: nullable(address('As you sent it.')),
      cancel_url: nullable(address('As you sent it.')),
      payok_url: nullable(address('As you sent it.')),
      metadata: texts('As you sent it.'),
      expires_at: nullable(instant('From then on nobody can begin to pay; null: never.')),
      closed_at: nullable(instant('When you closed it.')),
      created_at: instant('When it was made.'),
    },
    { description: 'The link.' },
  ),
);

export type LinkData = Static<typeof linkSchema>;
