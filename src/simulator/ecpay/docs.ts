import type { StandDoc } from '../stand.ts';

/** For `GET /simulator/api`. */
export const docs: readonly StandDoc[] = [
  {
    route: 'GET /simulator/orders/{MerchantTradeNo}',
    body: {
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
    },
    answers: 'order, in these words of its own',
  },
  {
    route: 'POST /simulator/orders/{MerchantTradeNo}/pay',
    body: {
      simulated: 'boolean (SimulatePaid=1)',
      method: 'for an order with ChoosePayment=ALL',
      installment: '0-30, card only',
      flexible: 'boolean, self-paid instalments',
    },
    answers: 'order, after the callbacks',
  },
  {
    route: 'POST /simulator/orders/{MerchantTradeNo}/decline',
    body: { code: 'digits', message: 'text' },
    answers: 'order',
  },
  {
    route: 'POST /simulator/orders/{MerchantTradeNo}/issue',
    body: { method: 'ATM | CVS | BARCODE, for ChoosePayment=ALL' },
    answers: 'order, after PaymentInfoURL was called; again when the number exists already',
  },
  {
    route: 'POST /simulator/orders/{MerchantTradeNo}/card',
    body: { stage: 'authorised | closing | closed | released; closed when absent' },
    answers: 'order; where the money of a card is, which decides what DoAction may do',
  },
  {
    route: 'POST /simulator/orders/{MerchantTradeNo}/forge',
    answers: '{kind, at, url, status, answer, acknowledged, error?, order}',
  },
  { route: 'GET /simulator/accounts', answers: '{accounts:[{merchant_id, hash_key, hash_iv}]}' },
  {
    route: 'POST /simulator/accounts',
    body: { merchant_id: '1-10 letters and digits', hash_key: '16 characters', hash_iv: '16 characters' },
    answers: '201 and the account; replaces one of the same number',
  },
];
