import { type Field, textField as text } from '../../core/fields.ts';
import type { CallbackDocs } from '../gateway.ts';
import { TEXTS } from './texts.ts';

const FORM: readonly Field[] = [
  text('Classif', 'B ATM, C barcode, E ibon, F FamiPort. Anything else is noted, and is no payment.', true),
  text('Data_id', '`gateway_order_no` of the payment.', true),
  text('Od_sob', 'Item; taken for the order number when Data_id is missing.'),
  text('Smseid', 'SmilePay’s number, `gateway_trade_no`.', true),
  text('Purchamt', 'Whole TWD that was ordered; must be the amount of the payment.'),
  text('Amount', 'Whole TWD that was received; must be the amount of the payment.', true),
  text('Moneytype', 'TW.'),
  text('Process_date', 'Day of the payment, Taipei time: 2026/6/23.'),
  text('Process_time', 'Time of day, with 上午 or 下午 before twelve-hour ones. In Big5 or UTF-8.'),
  text('Payment_no', 'Account or code that was paid; a comma behind it is ignored.'),
  text('Mid_smilepay', 'Check code; looked at when the credentials have a mid.'),
  text('Response_id', 'Means something for cards only, and is ignored.'),
];

const CATALOGUE: readonly Field[] = [
  text('Dcvc', 'Merchant code; must be the one of the credentials.', true),
  text('Data_id', '`merchant_order_no` or `gateway_order_no` of the payment.', true),
  text('SmilePayNO', 'SmilePay’s number, `gateway_trade_no`; looked up first.'),
  { name: 'Amount', type: 'amount', required: true, description: 'Whole TWD; must be the amount of the payment.' },
  text('Status', '1 paid. Anything else is noted, and is no payment.', true),
  text('AtmBankNo', 'Bank of an issued account.'),
  text('AtmNo', 'Issued account.'),
  text('PayEndDate', 'Last moment to pay, Taipei time.'),
  text('validation_token', 'The one of the credentials; proves the callback.'),
];

/** What SmilePay posts, and the same in the names of its answer to a request for a number. */
export const docs: CallbackDocs = {
  title: 'Callback of SmilePay (Roturl)',
  checkedWith: ['dcvc', 'validation_token'],
  notes: [
    'An amount that does not fit is written to `paycore.log` as "SmilePay amount mismatch detail", with `expected_amount`, `received_amount`, `matched_by`, `payload_data_id` and `payload_smilepay_no`.',
  ],
  description:
    'The Roturl of a payment carries what proves its callbacks. One that brings no proof makes PayCore ask SmilePay, and counts when SmilePay says that the payment is paid. The form is acknowledged with `<Roturlstatus>OK</Roturlstatus>`, the other shape with `OK`.',
  query: [
    text('Dcvc', 'Merchant code, from the Roturl.'),
    text('t', 'Names and proves the payment, from the Roturl.'),
    text('vt', 'Made from validation_token, when the credentials have one; then it has to come back.'),
  ],
  bodies: [
    {
      type: 'application/x-www-form-urlencoded',
      title: 'Roturl',
      fields: FORM,
      example: new URLSearchParams({
        Classif: 'B',
        Od_sob: 'PayCore 測試商品',
        Data_id: 'ORDER202606220001',
        Process_date: '2026/6/23',
        Process_time: '下午 06:30:00',
        Response_id: '0',
        Moneytype: 'TW',
        Purchamt: '980',
        Amount: '980',
        Smseid: '062223689453',
        Mid_smilepay: '270',
        Payment_no: '8011773423689453,',
      }).toString(),
    },
    {
      type: 'application/json',
      title: 'Names of the answer, for simulations',
      fields: CATALOGUE,
      example: {
        Dcvc: '2109',
        Data_id: 'ORDER202606220001',
        SmilePayNO: '062223689453',
        Amount: 980,
        Status: '1',
        AtmBankNo: '809',
        AtmNo: '8011773423689453',
        PayEndDate: '2026/06/28 23:59:59',
      },
    },
  ],
  refusals: {
    [TEXTS.merchant]: 'account',
    [TEXTS.validation]: 'signature',
    [TEXTS.mid]: 'signature',
    [TEXTS.unconfirmed]: 'unconfirmed',
    [TEXTS.unreadable]: 'unreadable',
  },
};
