import { defineErrors } from '../../core/errors.ts';

/** What only PayPal is answered with, besides the codes that all gateways share. */
export const errors = defineErrors({
  PAYPAL_CLIENT_ID_REQUIRED: [422, 'PayPal client_id is required.'],
  PAYPAL_CLIENT_SECRET_REQUIRED: [422, 'PayPal client_secret is required.'],
  PAYPAL_ENVIRONMENT_INVALID: [422, 'PayPal environment must be sandbox, live or production.'],
  PAYPAL_REQUEST_REJECTED: [422, 'PayPal rejected the request.'],
  PAYPAL_WEBHOOK_VERIFY_FAILED: [400, 'PayPal webhook verification failed.'],
});
