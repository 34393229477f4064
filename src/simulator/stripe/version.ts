import { refuse } from './failure.ts';
import type { Fields, Values } from './schema.ts';

/** What webhooks are written in, whatever version a request asked for: the account's default at Stripe. */
export const ACCOUNT_VERSION = '2026-08-26.dahlia';

const SHAPE = /^20\d\d-\d\d-\d\d(?:\.[a-z_]{1,30})?$/;
/** Stripe API changelog: from dahlia of that day on. */
const ALLOWED_TYPES_SINCE = '2026-07-29';
/** Stripe API changelog, endive: payment_method_types can no longer be written. */
const TYPES_GONE_SINCE = '2026-09-30';

function dayOf(version: string): string {
  return version.slice(0, 10);
}

/** Stripe falls back to the account's default, which no client can know: here the header has to be there. */
export function readVersion(header: string | null): string {
  if (header === null) refuse('Send the Stripe-Version header, so that your account’s default does not matter.');
  if (!SHAPE.test(header)) refuse(`Invalid Stripe API version: ${header.slice(0, 40)}`);
  return header;
}

/** The parameters that exist in that version. */
export function fieldsIn(version: string, fields: Fields): Fields {
  if (dayOf(version) >= ALLOWED_TYPES_SINCE) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'allowed_payment_method_types'));
}

export function checkVersion(version: string, values: Values): void {
  if (dayOf(version) < TYPES_GONE_SINCE || values.payment_method_types === undefined) return;
  refuse('payment_method_types can no longer be set on PaymentIntents. Use allowed_payment_method_types instead.', {
    code: 'payment_method_types_no_longer_supported',
    param: 'payment_method_types',
  });
}
