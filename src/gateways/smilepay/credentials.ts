import type { CredentialSchema } from '../gateway.ts';
import { errors } from './errors.ts';

export const credentials: CredentialSchema = {
  invalid: errors.SMILEPAY_CREDENTIAL_INVALID,
  // Whoever asks for "stage" here has the right keys and the wrong expectation.
  environmentInvalid: 'GATEWAY_HAS_NO_TEST_MODE',
  merchantField: 'dcvc',
  environments: { production: 'production', prod: 'production', live: 'production' },
  fields: [
    {
      name: 'dcvc',
      aliases: ['Dcvc'],
      required: true,
      pattern: /^[A-Za-z0-9_-]{1,20}$/,
      expected: '1 to 20 letters, digits, _ and -',
      description: 'SmilePay merchant code. Dcvc is also accepted.',
      example: '2109',
    },
    {
      name: 'rvg2c',
      aliases: ['Rvg2c'],
      required: true,
      pattern: /^[A-Za-z0-9]{1,10}$/,
      expected: '1 to 10 letters and digits',
      description: 'SmilePay parameter code, nearly always 1.',
      example: '1',
      isPublic: true,
    },
    {
      name: 'verify_key',
      aliases: ['Verify_key'],
      required: true,
      // 32 capital hex digits today; SmilePay itself says when it is not the merchant’s.
      pattern: /^[\x21-\x7e]{1,100}$/,
      expected: '1 to 100 characters without spaces',
      description: 'SmilePay check code (檢查碼), from the page 背景取號API of its back office.',
      example: '0123456789ABCDEF0123456789ABCDEF',
    },
    {
      name: 'validation_token',
      aliases: [],
      required: false,
      pattern: /^[\x21-\x7e]{1,200}$/,
      expected: '1 to 200 characters without spaces',
      description: 'Optional secret of your own. When it is stored, every callback has to bring it back.',
      example: 'optional-token',
    },
    {
      name: 'default_cvs_type',
      aliases: [],
      required: false,
      pattern: /^(ibon|fami|famiport|family|barcode)$/,
      expected: 'one of ibon, fami, famiport, family, barcode',
      description: 'Kind of store code when a request names no cvs_type; ibon when this is left out too.',
      example: 'ibon',
      isPublic: true,
    },
    {
      name: 'mid',
      aliases: ['rot_check', 'merchant_param'],
      required: false,
      pattern: /^\d{1,4}$/,
      expected: '1 to 4 digits',
      description:
        'Merchant verification parameter (商家驗證參數). When it is stored, Mid_smilepay is checked as well.',
      example: '1234',
    },
  ],
};
