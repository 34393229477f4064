import { type Detail, makeDetail } from './errors.ts';
import { findMoneyFault } from './money.ts';
import { anyObject, type Checked, shape, single, text, webAddress } from './schema.ts';

/** The requests of PayPal's schema files, as far as a checkout with one purchase unit needs them. */

const identifier = text({ max: 127 });

const money = shape(
  {
    currency_code: text({ min: 3, max: 3 }),
    value: text({ max: 32, pattern: /^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$/ }),
  },
  {},
);

/** What a sale without line items, shipping and platform fees needs. */
const purchaseUnit = shape(
  { amount: money },
  {
    reference_id: text({ max: 256 }),
    description: text({ max: 127, isInBytes: true }),
    custom_id: identifier,
    invoice_id: identifier,
    soft_descriptor: text({ max: 22 }),
  },
);

const context = {
  brand_name: text({ max: 127, pattern: /^.*$/ }),
  locale: text({ min: 2, max: 10, pattern: /^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/ }),
  shipping_preference: text({ max: 24, choices: ['GET_FROM_FILE', 'NO_SHIPPING', 'SET_PROVIDED_ADDRESS'] }),
  user_action: text({ max: 8, choices: ['CONTINUE', 'PAY_NOW'] }),
  return_url: webAddress,
  cancel_url: webAddress,
};

const experienceContext = shape(
  {},
  {
    ...context,
    landing_page: text({ max: 13, choices: ['LOGIN', 'GUEST_CHECKOUT', 'NO_PREFERENCE'] }),
    payment_method_preference: text({ max: 255, choices: ['UNRESTRICTED', 'IMMEDIATE_PAYMENT_REQUIRED'] }),
  },
);

/** The older place of the same settings, with a landing page of its own naming. */
const applicationContext = shape(
  {},
  { ...context, landing_page: text({ max: 13, choices: ['LOGIN', 'BILLING', 'NO_PREFERENCE'] }) },
);
export type CheckoutContext = Checked<typeof applicationContext>;

export const orderRequest = shape(
  { intent: text({ max: 9, choices: ['CAPTURE', 'AUTHORIZE'] }), purchase_units: single(purchaseUnit) },
  {
    payment_source: shape({ paypal: shape({}, { experience_context: experienceContext }) }, {}),
    application_context: applicationContext,
  },
);
export type OrderRequest = Checked<typeof orderRequest>;

export const captureRequest = shape({}, {});

export const refundRequest = shape(
  {},
  { amount: money, custom_id: identifier, invoice_id: identifier, note_to_payer: text({ max: 255 }) },
);
export type RefundRequest = Checked<typeof refundRequest>;

const token = /^(?!\d+$)\w+\S+/;
const alphanumeric = /^[a-zA-Z0-9]+$/;

export const verifyRequest = shape(
  {
    auth_algo: text({ max: 100, pattern: alphanumeric }),
    cert_url: text({ max: 500, pattern: /^https?:\/\/\S+$/ }),
    transmission_id: text({ max: 50, pattern: token }),
    transmission_sig: text({ max: 500, pattern: token }),
    transmission_time: text({
      max: 100,
      pattern: /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/,
    }),
    webhook_id: text({ max: 50, pattern: alphanumeric }),
    webhook_event: anyObject,
  },
  {},
);

/** What the schema lets through and PayPal refuses all the same (422). */
export function findBusinessFaults(request: OrderRequest): readonly Detail[] {
  const amountFault = findMoneyFault(request.purchase_units[0].amount, '/purchase_units/0/amount');
  const isTwice = request.payment_source !== undefined && request.application_context !== undefined;
  const place = (field: string) => ({ field, location: 'body' }) as const;
  return [
    ...(request.intent === 'CAPTURE' ? [] : [makeDetail('UNSUPPORTED_INTENT', place('/intent'))]),
    ...(amountFault ? [amountFault] : []),
    ...(isTwice ? [makeDetail('INCOMPATIBLE_PARAMETER_VALUE', place('/application_context'))] : []),
  ];
}
