import { defineErrors } from '../../core/errors.ts';

/** What only SmilePay is answered with, besides the codes that all gateways share. */
export const errors = defineErrors({
  SMILEPAY_CREDENTIAL_INVALID: [
    422,
    'SmilePay credentials are missing or malformed: dcvc, rvg2c and verify_key are required.',
  ],
  SMILEPAY_REQUEST_REJECTED: [422, 'SmilePay did not issue a payment number.'],
  SMILEPAY_BARCODE_SERVICE_NOT_ENABLED: [
    422,
    'SmilePay barcode payment is not enabled for this merchant. Have it switched on at SmilePay, or use another method.',
  ],
});
