import { defineErrors } from '../../core/errors.ts';

/** What only PLUS is answered with, besides the codes that all gateways share. */
export const errors = defineErrors({
  PLUS_CREDENTIAL_INVALID: [422, 'PLUS appid and secret_key are required.'],
  PLUS_URL_REQUIRED: [422, 'The operator has to set PAYCORE_PLUS_URL to the origin of PLUS before it can be used.'],
  PLUS_REQUEST_REJECTED: [422, 'PLUS did not issue a payment account.'],
});
