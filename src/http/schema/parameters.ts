import { t } from 'elysia';
import { LOCALES } from '../../core/locale.ts';
import { named, words } from './build.ts';

/** Parameters that several routes take. */

export const paymentNo = named(
  'paymentNo',
  t.String({ description: '`payment_no` of the payment.', examples: ['PAY202606220001ABCDEFGH'] }),
);

export const idempotencyKey = t.Optional(
  named(
    'Idempotency-Key',
    t.String({
      description:
        'Makes the request safe to repeat: within a day the same key with the same body gets the first answer again, and nothing is done twice. Server errors, 409 and 429 are not kept.',
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
    }),
  ),
);

export const pageToken = t.Optional(
  named('pageToken', t.String({ description: 'The `token` of `payment_url`, in place of an API key.' })),
);

export const locale = t.Optional(
  named('locale', words(LOCALES, { description: 'Language of the page that the payer comes back to.' })),
);

export const pageLocale = named('pageLocale', words(LOCALES, { description: 'Language of the page.' }));

const zone = { maxLength: 64, examples: ['Asia/Taipei'] };

export const timezone = t.Optional(
  named(
    'timezone',
    t.String({ ...zone, description: 'IANA time zone for days and months; the shop’s own when left out.' }),
  ),
);

export const timezoneHeader = t.Optional(
  named('X-PayCore-Timezone', t.String({ ...zone, description: 'The same as a header; the query wins.' })),
);
