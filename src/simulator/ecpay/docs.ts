import { doc, type StandDoc } from '../stand.ts';

const ORDER = '/simulator/orders/{MerchantTradeNo}';

export const docs: readonly StandDoc[] = [
  doc(`GET ${ORDER}`, 'order, in these words of its own', {
    merchant_trade_no: 'string',
    merchant_id: 'string; ?merchant_id= when two accounts use the same MerchantTradeNo',
    trade_no: 'string, ECPay’s number',
    amount: 'integer, TWD',
    kind: 'aio | background | ecpg',
    method: 'ChoosePayment, narrowed once the payer chose from ALL',
    payment_type: 'as ECPay reports it',
    status: 'created | issued | paid | declined | expired',
    simulated: 'boolean',
    card_stage:
      'authorised | closing | closed | released; of a card paid for real, closed by itself at 20:15 Taipei time',
    refunded: 'TWD paid back, beside card_stage',
    info: 'numbers in ECPay’s names: BankCode vAccount | PaymentNo PaymentURL | Barcode1-3, ExpireDate; or ThreeDURL | UnionPayURL',
    fields: 'the request as the shop sent it',
    custom_field: 'CustomField1 (aio) or CustomField (background, ecpg)',
    callbacks: 'as for every gateway',
    retry_at: 'when the next callback is due; absent when none is',
  }),
  doc(`POST ${ORDER}/pay`, 'order, after the callbacks', {
    simulated: 'boolean (SimulatePaid=1)',
    method: 'for an order with ChoosePayment=ALL',
    installment: '0-30, card only',
    flexible: 'boolean, self-paid instalments',
  }),
  doc(`POST ${ORDER}/decline`, 'order', { code: 'digits', message: 'text' }),
  doc(`POST ${ORDER}/issue`, 'order, after PaymentInfoURL was called; again when the number exists already', {
    method: 'ATM | CVS | BARCODE, for ChoosePayment=ALL',
  }),
  doc(`POST ${ORDER}/card`, 'order; where the money of a card is, which decides what DoAction may do', {
    stage: 'authorised | closing | closed | released; closed when absent',
  }),
  doc(`POST ${ORDER}/forge`, '{kind, at, url, status, answer, acknowledged, error?, order}'),
  doc('GET /simulator/accounts', '{accounts:[{merchant_id, hash_key, hash_iv}]}'),
  doc('POST /simulator/accounts', '201 and the account; replaces one of the same number', {
    merchant_id: '1-10 letters and digits',
    hash_key: '16 characters',
    hash_iv: '16 characters',
  }),
];
