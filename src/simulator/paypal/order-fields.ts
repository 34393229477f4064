import { isRecord } from '../http.ts';
import { type Detail, makeDetail } from './errors.ts';
import { findMoneyFault, MONEY_VALUE, type Money } from './money.ts';
import { type Check, list, shape, text, webAddress } from './schema.ts';

const ID_LENGTH = 127;
const identifier = text({ max: ID_LENGTH });

export const money: Check = shape({
  currency_code: text({ min: 3, max: 3 }),
  value: text({ max: 32, pattern: MONEY_VALUE }),
});

/** Of a purchase unit, what a sale without line items, shipping and platform fees needs. */
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

/** PayPal takes ten purchase units; a stand-in for a payment page needs one. */
const orderRequest = shape(
  { intent: text({ max: 9, choices: ['CAPTURE', 'AUTHORIZE'] }), purchase_units: list(purchaseUnit, 1, 1) },
  {
    payment_source: shape({ paypal: shape({}, { experience_context: experienceContext }) }),
    application_context: applicationContext,
  },
);

export interface PurchaseUnit {
  readonly amount: Money;
  readonly reference_id?: string;
  readonly description?: string;
  readonly custom_id?: string;
  readonly invoice_id?: string;
  readonly soft_descriptor?: string;
}

export interface CheckoutContext {
  readonly brand_name?: string;
  readonly locale?: string;
  readonly return_url?: string;
  readonly cancel_url?: string;
}

/** An order request whose form is right. */
export interface OrderRequest {
  readonly intent: 'CAPTURE' | 'AUTHORIZE';
  readonly purchase_units: readonly [PurchaseUnit];
  readonly payment_source?: { readonly paypal: { readonly experience_context?: CheckoutContext } };
  readonly application_context?: CheckoutContext;
}

function isOrderRequest(value: unknown): value is OrderRequest {
  return isRecord(value) && orderRequest(value, '').length === 0;
}

/** The request, or what breaks the schema (400). */
export function readOrderRequest(value: unknown): OrderRequest | readonly Detail[] {
  return isOrderRequest(value) ? value : orderRequest(value, '');
}

/** What the schema lets through and PayPal refuses all the same (422). */
export function findBusinessFaults(request: OrderRequest): readonly Detail[] {
  const { amount } = request.purchase_units[0];
  const fault = findMoneyFault(amount);
  const both = request.payment_source !== undefined && request.application_context !== undefined;
  return [
    ...(request.intent === 'CAPTURE' ? [] : [makeDetail('UNSUPPORTED_INTENT', { field: '/intent', location: 'body' })]),
    ...(fault
      ? [
          makeDetail(fault.issue, {
            field: `/purchase_units/0/amount/${fault.field}`,
            value: amount[fault.field],
            location: 'body',
          }),
        ]
      : []),
    ...(both ? [makeDetail('INCOMPATIBLE_PARAMETER_VALUE', { field: '/application_context', location: 'body' })] : []),
  ];
}
