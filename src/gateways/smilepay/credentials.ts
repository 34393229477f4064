import type { CredentialSchema } from '../gateway.ts';
import { errors } from './errors.ts';

export const credentials: CredentialSchema = {
  invalid: errors.SMILEPAY_CREDENTIAL_INVALID,
  // Whoever asks for "stage" here has the right keys and the wrong expectation.
  environmentInvalid: 'GATEWAY_HAS_NO_TEST_MODE',
  merchantField: 'dcvc',
  environments: { production: 'production', prod: 'production', live: 'production' },
  source: { text: { 'zh-tw': '速買配商家後台 → 背景取號API', en: 'SmilePay’s back office → 背景取號API' }, urls: {} },
  fields: [
    {
      name: 'dcvc',
      aliases: ['Dcvc'],
      required: true,
      pattern: /^[A-Za-z0-9_-]{1,20}$/,
      expected: '1 to 20 letters, digits, _ and -',
      description: 'SmilePay merchant code. Dcvc is also accepted.',
      example: '2109',
      label: { 'zh-tw': '商家代號（Dcvc）', en: 'Merchant code (Dcvc)' },
      hint: { 'zh-tw': '1 到 20 個英數字', en: '1 to 20 letters and digits' },
    },
    {
      name: 'rvg2c',
      aliases: ['Rvg2c'],
      required: true,
      pattern: /^[A-Za-z0-9]{1,10}$/,
      expected: '1 to 10 letters and digits',
      description: 'SmilePay parameter code, nearly always 1.',
      example: '1',
      label: { 'zh-tw': '參數碼（Rvg2c）', en: 'Parameter code (Rvg2c)' },
      hint: { 'zh-tw': '幾乎都是 1', en: 'Nearly always 1' },
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
      label: { 'zh-tw': '檢查碼（Verify_key）', en: 'Check code (Verify_key)' },
      hint: { 'zh-tw': '「背景取號API」頁上的檢查碼，不含空白', en: 'From the page 背景取號API, without spaces' },
    },
    {
      name: 'validation_token',
      aliases: [],
      required: false,
      pattern: /^[\x21-\x7e]{1,200}$/,
      expected: '1 to 200 characters without spaces',
      description: 'Optional secret of your own. When it is stored, every callback has to bring it back.',
      example: 'optional-token',
      label: { 'zh-tw': '自訂驗證字串', en: 'Secret of your own' },
      hint: {
        'zh-tw': '可不填；填了之後，每次通知都要帶回同一個字串',
        en: 'May stay empty; when it is set, every callback has to bring it back',
      },
    },
    {
      name: 'default_cvs_type',
      aliases: [],
      required: false,
      pattern: /^(ibon|fami|famiport|family|barcode)$/,
      expected: 'one of ibon, fami, famiport, family, barcode',
      description: 'Kind of store code when a request names no cvs_type; ibon when this is left out too.',
      example: 'ibon',
      label: { 'zh-tw': '預設超商', en: 'Usual store' },
      hint: {
        'zh-tw': 'ibon、fami、famiport、family 或 barcode；留空就是 ibon',
        en: 'ibon, fami, famiport, family or barcode; ibon when empty',
      },
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
      label: { 'zh-tw': '商家驗證參數', en: 'Merchant verification parameter' },
      hint: {
        'zh-tw': '「基本資料管理」頁上的 1 到 4 位數字，可不填',
        en: '1 to 4 digits from the page 基本資料管理; may stay empty',
      },
    },
  ],
};
