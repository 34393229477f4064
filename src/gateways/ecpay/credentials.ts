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
  source: {
    text: {
      'zh-tw': '綠界廠商後台 → 系統開發管理 → 系統介接設定',
      en: 'ECPay’s vendor desk (廠商後台) → 系統開發管理 → 系統介接設定',
    },
    urls: { production: 'https://vendor.ecpay.com.tw', stage: 'https://vendor-stage.ecpay.com.tw' },
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
      label: { 'zh-tw': '特店編號（MerchantID）', en: 'MerchantID' },
      hint: { 'zh-tw': '1 到 10 個英數字', en: '1 to 10 letters and digits' },
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
      label: { 'zh-tw': 'HashKey', en: 'HashKey' },
      hint: { 'zh-tw': '16 個字元', en: '16 characters' },
    },
    {
      name: 'hash_iv',
      aliases: ['HashIV'],
      required: true,
      pattern: /^[\x21-\x7e]{16}$/,
      expected: '16 characters',
      description: 'ECPay HashIV.',
      example: 'v77hoKGq4kWxNNIS',
      label: { 'zh-tw': 'HashIV', en: 'HashIV' },
      hint: { 'zh-tw': '16 個字元', en: '16 characters' },
    },
    {
      name: 'platform_id',
      aliases: ['PlatformID'],
      required: false,
      pattern: /^[A-Za-z0-9]{1,10}$/,
      expected: '1 to 10 letters and digits',
      description: 'Optional ECPay PlatformID, for contracted platform merchants.',
      example: '',
      label: { 'zh-tw': '平台商編號（PlatformID）', en: 'PlatformID' },
      hint: {
        'zh-tw': '簽約的平台商才需要，一般商家留空',
        en: 'Only for contracted platform merchants; others leave it empty',
      },
      isPublic: true,
    },
  ],
};
