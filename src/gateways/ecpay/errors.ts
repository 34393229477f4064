import { defineErrors } from '../../core/errors.ts';

/** What only ECPay is answered with, besides the codes that all gateways share. */
export const errors = defineErrors({
  ECPAY_CREDENTIAL_INVALID: [
    422,
    'ECPay credentials are missing or malformed: merchant_id, hash_key (16 characters) and hash_iv (16 characters) are required.',
    { fields: { 'gateway_credentials.hash_key': ['The hash_key field is required: 16 characters.'] } },
  ],
  ECPAY_BACKGROUND_CODE_FAILED: [
    422,
    'ECPay did not issue a payment code.',
    { gateway: { code: '10100050', message: 'Parameter Error. TotalAmount' } },
  ],
  ECPAY_PAYMENT_FAILED: [
    422,
    'ECPay did not accept the payment.',
    { gateway: { code: '10100058', message: 'Pay Fail' } },
  ],
});
