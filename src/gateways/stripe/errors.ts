import { defineErrors } from '../../core/errors.ts';

/** What only Stripe is answered with, besides the codes that all gateways share. */
export const errors = defineErrors({
  STRIPE_SECRET_KEY_INVALID: [
    422,
    'Stripe secret_key must start with sk_test_ or sk_live_, and a test API key takes sk_test_ only.',
  ],
  STRIPE_PUBLISHABLE_KEY_INVALID: [
    422,
    'Stripe publishable_key must start with pk_test_ or pk_live_ and be of the same mode as the secret_key.',
  ],
  STRIPE_WEBHOOK_SECRET_INVALID: [422, 'Stripe webhook_secret must start with whsec_.'],
  STRIPE_AUTH_FAILED: [422, 'Stripe did not accept the secret_key.'],
  STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED: [422, 'This Stripe payment method does not take this currency.'],
  STRIPE_PAYMENT_INTENT_CREATE_FAILED: [422, 'Stripe did not create the payment.'],
  STRIPE_WEBHOOK_SIGNATURE_INVALID: [400, 'Stripe webhook signature is invalid.'],
});
