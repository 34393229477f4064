import { fpxBanks, kindNames } from './kinds.ts';
import { choice, each, flag, group, integer, list, metadata, text, undoneFields, type Values } from './schema.ts';

/** Parameters of the calls, from the Stripe API reference (2026-08-26.dahlia) and the browser calls of Stripe.js. */

const words = text();
const address = group(each(words, 'city', 'country', 'line1', 'line2', 'postal_code', 'state'));
const billingDetails = group({ address, email: text(800), ...each(words, 'name', 'phone', 'tax_id') });

const methodFields = {
  type: words,
  billing_details: billingDetails,
  allow_redisplay: choice('always', 'limited', 'unspecified'),
  metadata,
  radar_options: group({ session: words }),
  ...each(group({}), 'alipay', 'wechat_pay', 'grabpay', 'paynow', 'promptpay'),
  fpx: group({ bank: choice(...fpxBanks), account_holder_type: choice('company', 'individual') }, ['bank']),
};
const methodData = group(methodFields, ['type']);
const future = { setup_future_usage: choice('none') };
const noFuture = group(future);
const methodOptions = group({
  card: group({
    request_three_d_secure: choice('any', 'automatic', 'challenge'),
    ...future,
    ...undoneFields(
      'capture_method cvc_token installments mandate_options moto network request_extended_authorization ' +
        'request_incremental_authorization request_multicapture request_overcapture require_cvc_recollection ' +
        'statement_descriptor_suffix_kana statement_descriptor_suffix_kanji three_d_secure',
    ),
  }),
  wechat_pay: group({ client: choice('android', 'ios', 'web'), app_id: words, ...future }, ['client']),
  ...each(noFuture, 'alipay', 'grabpay', 'paynow', 'promptpay', 'fpx'),
});

const shipping = group({ address, ...each(words, 'name', 'carrier', 'phone', 'tracking_number') }, ['address', 'name']);

export type Billing = ReturnType<typeof billingDetails>;
export type MethodOptions = ReturnType<typeof methodOptions>;

/** What Stripe.js sends as well. */
const browserPayingFields = {
  payment_method: words,
  payment_method_data: methodData,
  return_url: words,
  receipt_email: text(800),
  shipping,
  use_stripe_sdk: flag,
};

const payingFields = {
  ...browserPayingFields,
  payment_method_options: methodOptions,
  error_on_requires_action: flag,
  expand: list(words),
  ...undoneFields(
    'amount_details confirmation_token hooks mandate mandate_data off_session payment_details radar_options ' +
      'setup_future_usage',
  ),
};

export const createFields = {
  ...payingFields,
  amount: integer,
  currency: words,
  confirm: flag,
  ...each(list(words), 'payment_method_types', 'allowed_payment_method_types', 'excluded_payment_method_types'),
  automatic_payment_methods: group({ enabled: flag, allow_redirects: choice('always', 'never') }, ['enabled']),
  capture_method: choice('automatic', 'automatic_async', 'manual'),
  confirmation_method: choice('automatic', 'manual'),
  description: text(1000),
  metadata,
  ...each(text(22), 'statement_descriptor', 'statement_descriptor_suffix'),
  ...undoneFields(
    'application_fee_amount customer customer_account on_behalf_of payment_method_configuration transfer_data ' +
      'transfer_group',
  ),
};
export type CreateValues = Values<typeof createFields, 'amount' | 'currency'>;

export const confirmFields = {
  ...payingFields,
  ...undoneFields(
    'allowed_payment_method_types amount_to_confirm capture_method excluded_payment_method_types payment_method_types',
  ),
};

/** What Stripe.js adds in place of headers, so that the browser asks no permission first. */
export const browserRetrieveFields = each(words, 'key', 'client_secret', '_stripe_version');

export const browserConfirmFields = {
  ...browserRetrieveFields,
  ...browserPayingFields,
  expected_payment_method_type: choice(...kindNames),
};
export type ConfirmValues = Values<typeof confirmFields & typeof browserConfirmFields>;

export const retrieveFields = { client_secret: words, expand: list(words) };

/** Card numbers come from browsers only; to a server the field is unknown. */
export const browserMethodFields = {
  key: words,
  _stripe_version: words,
  ...methodFields,
  card: group({ number: text(30), exp_month: integer, exp_year: integer, cvc: text(4) }, [
    'number',
    'exp_month',
    'exp_year',
  ]),
};
export type MethodValues = Values<typeof browserMethodFields, 'type'>;

export const cancelReasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;
export const cancelFields = { cancellation_reason: choice(...cancelReasons), expand: list(words) };
export const refundReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;
export const refundFields = {
  payment_intent: words,
  charge: words,
  amount: integer,
  reason: choice(...refundReasons),
  metadata,
  ...undoneFields('expand currency customer instructions_email origin refund_application_fee reverse_transfer'),
};

export const refundListFields = {
  payment_intent: words,
  limit: integer,
  ...undoneFields('expand charge created ending_before starting_after'),
};

export const lookFields = undoneFields('expand');
