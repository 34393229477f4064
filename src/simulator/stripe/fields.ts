import { fpxBanks, kindNames } from './kinds.ts';
import type { Field, Fields } from './schema.ts';

/** Parameters of the calls, from the Stripe API reference (2026-08-26.dahlia) and the browser calls of Stripe.js. */

const text = (max = 5000): Field => ({ kind: 'text', max });
const choice = (...choices: readonly string[]): Field => ({ kind: 'choice', choices });
const group = (fields: Fields, required: readonly string[] = []): Field => ({ kind: 'group', fields, required });
const list = (of: Field): Field => ({ kind: 'list', of });
const integer: Field = { kind: 'integer' };
const flag: Field = { kind: 'flag' };
const metadata: Field = { kind: 'metadata' };
const undone: Field = { kind: 'undone' };

function undoneFields(names: string): Fields {
  return Object.fromEntries(names.split(' ').map((name) => [name, undone]));
}

const address = group({
  city: text(),
  country: text(),
  line1: text(),
  line2: text(),
  postal_code: text(),
  state: text(),
});
const billingDetails = group({ address, email: text(800), name: text(), phone: text(), tax_id: text() });
const empty = group({});
const fpx = group({ bank: choice(...fpxBanks), account_holder_type: choice('company', 'individual') }, ['bank']);

const methodFields: Fields = {
  type: text(),
  billing_details: billingDetails,
  allow_redisplay: choice('always', 'limited', 'unspecified'),
  metadata,
  radar_options: group({ session: text() }),
  alipay: empty,
  wechat_pay: empty,
  grabpay: empty,
  paynow: empty,
  promptpay: empty,
  fpx,
};
const methodData = group(methodFields, ['type']);

const noFuture = group({ setup_future_usage: choice('none') });
const methodOptions = group({
  card: group({
    request_three_d_secure: choice('any', 'automatic', 'challenge'),
    setup_future_usage: choice('none'),
    ...undoneFields(
      'capture_method cvc_token installments mandate_options moto network request_extended_authorization ' +
        'request_incremental_authorization request_multicapture request_overcapture require_cvc_recollection ' +
        'statement_descriptor_suffix_kana statement_descriptor_suffix_kanji three_d_secure',
    ),
  }),
  wechat_pay: group({ client: choice('android', 'ios', 'web'), app_id: text(), setup_future_usage: choice('none') }, [
    'client',
  ]),
  alipay: noFuture,
  grabpay: noFuture,
  paynow: noFuture,
  promptpay: noFuture,
  fpx: noFuture,
});

const shipping = group({ address, name: text(), carrier: text(), phone: text(), tracking_number: text() }, [
  'address',
  'name',
]);

/** Common to making and confirming. */
const payingFields: Fields = {
  payment_method: text(),
  payment_method_data: methodData,
  payment_method_options: methodOptions,
  receipt_email: text(800),
  return_url: text(),
  shipping,
  use_stripe_sdk: flag,
  error_on_requires_action: flag,
  expand: list(text()),
  ...undoneFields(
    'amount_details confirmation_token hooks mandate mandate_data off_session payment_details radar_options ' +
      'setup_future_usage',
  ),
};

export const createFields: Fields = {
  ...payingFields,
  amount: integer,
  currency: text(),
  confirm: flag,
  payment_method_types: list(text()),
  allowed_payment_method_types: list(text()),
  excluded_payment_method_types: list(text()),
  automatic_payment_methods: group({ enabled: flag, allow_redirects: choice('always', 'never') }, ['enabled']),
  capture_method: choice('automatic', 'automatic_async', 'manual'),
  confirmation_method: choice('automatic', 'manual'),
  description: text(1000),
  metadata,
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
  ...undoneFields(
    'application_fee_amount customer customer_account on_behalf_of payment_method_configuration transfer_data ' +
      'transfer_group',
  ),
};

export const confirmFields: Fields = {
  ...payingFields,
  ...undoneFields(
    'allowed_payment_method_types amount_to_confirm capture_method excluded_payment_method_types payment_method_types',
  ),
};

/** What Stripe.js adds in place of headers, so that the browser asks no permission first. */
const browserFields: Fields = { key: text(), client_secret: text(), _stripe_version: text() };

export const browserConfirmFields: Fields = {
  ...browserFields,
  payment_method: text(),
  payment_method_data: methodData,
  return_url: text(),
  receipt_email: text(800),
  shipping,
  expected_payment_method_type: choice(...kindNames),
  use_stripe_sdk: flag,
};

export const browserRetrieveFields: Fields = browserFields;
export const retrieveFields: Fields = { client_secret: text(), expand: list(text()) };

export const browserMethodFields: Fields = {
  key: text(),
  _stripe_version: text(),
  ...methodFields,
  card: group({ number: text(30), exp_month: integer, exp_year: integer, cvc: text(4) }, [
    'number',
    'exp_month',
    'exp_year',
  ]),
};

export const cancelFields: Fields = {
  cancellation_reason: choice('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
  expand: list(text()),
};

export const refundReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export const refundFields: Fields = {
  payment_intent: text(),
  charge: text(),
  amount: integer,
  reason: choice(...refundReasons),
  metadata,
  ...undoneFields('expand currency customer instructions_email origin refund_application_fee reverse_transfer'),
};

/** Of the list of refunds. */
export const refundListFields: Fields = {
  payment_intent: text(),
  limit: integer,
  ...undoneFields('expand charge created ending_before starting_after'),
};

/** Of the calls that only look. */
export const lookFields: Fields = { expand: undone };
