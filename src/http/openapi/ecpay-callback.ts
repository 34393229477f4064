import { minorToMajor } from '../../core/money.ts';
import { formatTaipeiSlashed } from '../../core/time.ts';
import { sealData } from '../../gateways/ecpay/cipher.ts';
import { signFields } from '../../gateways/ecpay/signature.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import type { CallbackBody } from './callbacks.ts';
import { exampleSecrets } from './credentials.ts';
import { examplePayment, GATEWAY_ORDER_NO, GATEWAY_TRADE_NO, markPaid } from './example.ts';
import { describeObject } from './schema.ts';
import type { Content, Schema } from './types.ts';

const text = (description: string): Schema => ({ type: 'string', description });

const FORM: Schema = {
  ...describeObject(
    {
      MerchantID: text('Merchant the message is for; must be the one the payment was made with.'),
      MerchantTradeNo: text('`gateway_order_no` of the payment.'),
      RtnCode: text(
        '1 paid. With ExpireDate: 2 an ATM account, 10100073 a store code or barcodes were issued, and nothing is paid.',
      ),
      RtnMsg: text('The same in words.'),
      TradeNo: text('ECPay’s number, `gateway_trade_no`.'),
      TradeAmt: text('Whole TWD; must be the amount of the payment.'),
      PaymentDate: text('When it was paid, Taipei time.'),
      PaymentType: text('How it was paid.'),
      SimulatePaid: text('1 when somebody pressed "simulate" in ECPay’s back office.'),
      CustomField1: text('`payment_no`.'),
      ExpireDate: text('Last day or moment to pay; only beside an issued number.'),
      BankCode: text('Bank of an issued account.'),
      vAccount: text('Issued account.'),
      PaymentNo: text('Issued store code.'),
      Barcode1: text('First issued barcode.'),
      Barcode2: text('Second issued barcode.'),
      Barcode3: text('Third issued barcode.'),
      CheckMacValue: text('ECPay’s signature over all other fields.'),
    },
    ['MerchantID', 'MerchantTradeNo', 'RtnCode', 'CheckMacValue'],
  ),
  additionalProperties: { type: 'string' },
};

const SEALED: Schema = describeObject(
  {
    MerchantID: text('Merchant whose keys open Data.'),
    RpHeader: { type: 'object', description: 'Holds ECPay’s Timestamp.' },
    TransCode: { type: 'integer', description: '1 when Data was made; says nothing about the payment.' },
    TransMsg: text('The same in words.'),
    Data: text(
      'Result of a background number, AES-128-CBC under HashKey and HashIV, base64. Blanks in place of + are mended.',
    ),
  },
  ['MerchantID', 'Data'],
);

const DATES = { paid: Date.UTC(2026, 5, 23, 10, 30), created: Date.UTC(2026, 5, 22, 7, 30) };

/** What ECPay posts, signed and sealed with the keys of the example account. */
export function describeEcpayBody(gateway: Gateway): CallbackBody {
  return {
    content: describeContent(gateway),
    refusals: [
      'ECPay MerchantID mismatch.',
      'ECPay CheckMacValue verification failed.',
      'ECPay callback cannot be read.',
    ],
    description:
      'ReturnURL and PaymentInfoURL of ECPay’s cashier bring signed forms; results of background numbers come as sealed JSON. An issued number never counts as paid.',
  };
}

function describeContent(gateway: Gateway): Content {
  const [method] = gateway.methods;
  if (!method) return {};
  const secrets = exampleSecrets(gateway);
  const payment = markPaid(examplePayment({ gateway, method }));
  const amount = minorToMajor(payment.amount, payment.currency);
  const common = { MerchantTradeNo: GATEWAY_ORDER_NO, TradeNo: GATEWAY_TRADE_NO };
  const dates = { PaymentDate: formatTaipeiSlashed(DATES.paid), TradeDate: formatTaipeiSlashed(DATES.created) };
  const fields = {
    MerchantID: secrets.merchant_id ?? '',
    ...common,
    ...dates,
    RtnCode: '1',
    RtnMsg: '交易成功',
    TradeAmt: String(amount),
    PaymentType: 'Credit_CreditCard',
    SimulatePaid: '0',
    CustomField1: payment.paymentNo,
  };
  const data = {
    RtnCode: 1,
    RtnMsg: 'Success',
    MerchantID: secrets.merchant_id,
    OrderInfo: { ...common, ...dates, TradeAmt: amount, PaymentType: 'ATM_CHINATRUST', TradeStatus: '1' },
    CustomField: payment.paymentNo,
  };
  return {
    'application/x-www-form-urlencoded': {
      schema: FORM,
      example: { ...fields, CheckMacValue: signFields(fields, secrets) },
    },
    'application/json': {
      schema: SEALED,
      example: {
        MerchantID: secrets.merchant_id,
        RpHeader: { Timestamp: Math.floor(DATES.paid / 1000) },
        TransCode: 1,
        TransMsg: 'Success',
        Data: sealData(data, secrets),
      },
    },
  };
}
