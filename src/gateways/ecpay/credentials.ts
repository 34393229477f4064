import type { CredentialSchema } from '../gateway.ts';
import { errors } from './errors.ts';

export const credentials: CredentialSchema = {
  invalid: errors.ECPAY_CREDENTIAL_INVALID,
  merchantField: 'merchant_id',
  platformField: 'platform_id',
  environments: {
    stage: 'stage',
    staging: 'stage',
    test: 'stage',
    testing: 'stage',
    production: 'production',
    prod: 'production',
  },
  fields: [
    {
      name: 'merchant_id',
      aliases: ['MerchantID'],
      required: true,
      pattern: /^[A-Za-z0-9]{1,10}$/,
      expected: '1 to 10 letters and digits',
      description: 'ECPay merchant ID. MerchantID is also accepted.',
      example: '2000132',
    },
    {
      name: 'hash_key',
      aliases: ['HashKey'],
      required: true,
      // The key of AES-128: exactly 16 bytes (ECPay developer documentation, page 22160).
      pattern: /^[\x21-\x7e]{16}$/,
      expected: '16 characters',
      description: 'ECPay HashKey.',
      example: '5294y06JbISpM5x9',
    },
    {
      name: 'hash_iv',
      aliases: ['HashIV'],
      required: true,
      pattern: /^[\x21-\x7e]{16}$/,
      expected: '16 characters',
      description: 'ECPay HashIV.',
      example: 'v77hoKGq4kWxNNIS',
    },
    {
      name: 'platform_id',
      aliases: ['PlatformID'],
      required: false,
      pattern: /^[A-Za-z0-9]{1,10}$/,
      expected: '1 to 10 letters and digits',
      description: 'Optional ECPay PlatformID, for contracted platform merchants.',
      example: '',
      isPublic: true,
    },
  ],
};
