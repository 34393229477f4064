import { type Field, textField as text } from '../../core/fields.ts';
import type { CallbackDocs } from '../gateway.ts';
import { sealData } from './cipher.ts';
import { credentials } from './credentials.ts';
import { signFields } from './signature.ts';

const FORM: readonly Field[] = [
  text('MerchantID', 'Merchant the message is for; must be the one the payment was made with.', true),
  text('MerchantTradeNo', '`gateway_order_no` of the payment; without it, CustomField1 tells which payment it is.'),
  text(
    'RtnCode',
    '1 paid. With ExpireDate: 2 an ATM account, 10100073 a store code or barcodes were issued, and nothing is paid.',
    true,
  ),
  text('RtnMsg', 'The same in words.'),
  text('TradeNo', 'ECPay’s number, `gateway_trade_no`.'),
  text('TradeAmt', 'Whole TWD; must be the amount of the payment.'),
  text('PaymentDate', 'When it was paid, Taipei time.'),
  text('PaymentType', 'How it was paid.'),
  text('SimulatePaid', '1 when somebody pressed "simulate" in ECPay’s back office.'),
  text('CustomField1', '`payment_no`.'),
  text('ExpireDate', 'Last day or moment to pay; only beside an issued number.'),
  text('BankCode', 'Bank of an issued account.'),
  text('vAccount', 'Issued account.'),
  text('PaymentNo', 'Issued store code.'),
  text('Barcode1', 'First issued barcode.'),
  text('Barcode2', 'Second issued barcode.'),
  text('Barcode3', 'Third issued barcode.'),
  text('CheckMacValue', 'ECPay’s signature over all other fields.', true),
];

const SEALED: readonly Field[] = [
  text('MerchantID', 'Merchant whose keys open Data.', true),
  { name: 'RpHeader', type: 'object', description: 'Holds ECPay’s Timestamp.' },
  { name: 'RqHeader', type: 'object', description: 'The same, under the name that requests have.' },
  { name: 'TransCode', type: 'integer', description: '1 when Data was made; says nothing about the payment.' },
  text('TransMsg', 'The same in words.'),
  text(
    'Data',
    'Result of a background number, AES-128-CBC under HashKey and HashIV, base64. Blanks in place of + are mended.',
    true,
  ),
];

/** The example account, as the credential table shows it. */
const SECRETS = Object.fromEntries(credentials.fields.map((field) => [field.name, field.example]));

const ORDER = {
  MerchantTradeNo: 'PC260622K7Q2M9XW4ZT1',
  TradeNo: '2606221530127264',
  PaymentDate: '2026/06/23 18:30:00',
  TradeDate: '2026/06/22 15:30:00',
};
const PAYMENT_NO = 'PAY202606220001ABCDEFGH';

const PAID_FORM = {
  MerchantID: SECRETS.merchant_id ?? '',
  ...ORDER,
  RtnCode: '1',
  RtnMsg: '交易成功',
  TradeAmt: '980',
  PaymentType: 'Credit_CreditCard',
  SimulatePaid: '0',
  CustomField1: PAYMENT_NO,
};

const PAID_DATA = {
  RtnCode: 1,
  RtnMsg: 'Success',
  MerchantID: SECRETS.merchant_id,
  OrderInfo: { ...ORDER, TradeAmt: 980, PaymentType: 'ATM_CHINATRUST', TradeStatus: '1' },
  CustomField: PAYMENT_NO,
};

/** What ECPay posts, signed and sealed with the keys of the example account. */
export const docs: CallbackDocs = {
  title: 'Callback of ECPay (ReturnURL, PaymentInfoURL, background numbers)',
  checkedWith: ['merchant_id', 'hash_key', 'hash_iv'],
  description:
    'ReturnURL and PaymentInfoURL of ECPay’s cashier bring signed forms; results of background numbers come as sealed JSON. An issued number never counts as paid.',
  refusals: {
    'ECPay MerchantID mismatch.': 'account',
    'ECPay CheckMacValue verification failed.': 'signature',
    'ECPay callback reports TransCode': 'reported',
    'ECPay callback cannot be read.': 'unreadable',
  },
  bodies: [
    {
      type: 'application/x-www-form-urlencoded',
      title: 'Result, or issued number',
      fields: FORM,
      // Signed when the document is asked for, not at every start.
      get example() {
        return new URLSearchParams({ ...PAID_FORM, CheckMacValue: signFields(PAID_FORM, SECRETS) }).toString();
      },
    },
    {
      type: 'application/json',
      title: 'Result of a background number',
      fields: SEALED,
      get example() {
        return {
          MerchantID: SECRETS.merchant_id ?? '',
          RpHeader: { Timestamp: 1_782_210_600 },
          TransCode: 1,
          TransMsg: 'Success',
          Data: sealData(PAID_DATA, SECRETS),
        };
      },
    },
  ],
};
