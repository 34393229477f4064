import { forgeKinds } from './forge.ts';

/** What `GET /simulator/api` answers: the JSON API in a form that a program and a person can read. */
export const apiListing = {
  about: 'Stand-in for ECPay. No real money. JSON in, JSON out; errors are {"error":{"code","message"}}.',
  order: {
    merchant_trade_no: 'string',
    merchant_id: 'string',
    trade_no: 'string, ECPay’s number',
    amount: 'integer, TWD',
    kind: 'aio | background',
    method: 'ChoosePayment, narrowed once the payer chose from ALL',
    payment_type: 'as ECPay reports it',
    status: 'created | issued | paid | declined | expired',
    simulated: 'boolean',
    info: 'numbers in ECPay’s names: BankCode vAccount | PaymentNo PaymentURL | Barcode1-3, ExpireDate',
    fields: 'the request as the shop sent it',
    custom_field: 'CustomField1 (aio) or CustomField (background)',
    callbacks: '[{at, kind, url, status, answer, acknowledged, error?}] oldest first, the last 200',
    retry_at: 'when the next callback is due; absent when none is',
  },
  routes: [
    { route: 'GET /simulator/orders?limit=50', answers: '{orders:[order]} newest first, limit 1-500' },
    { route: 'GET /simulator/orders/{MerchantTradeNo}', answers: 'order' },
    {
      route: 'POST /simulator/orders/{MerchantTradeNo}/pay',
      body: {
        simulated: 'boolean (SimulatePaid=1)',
        times: '1-100 callbacks',
        parallel: 'boolean, all at once',
        delay_ms: '0-86400000; answers at once and calls back later',
        callback: 'boolean, false: pay without telling the shop',
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
    { route: 'POST /simulator/orders/{MerchantTradeNo}/expire', answers: 'order; ECPay sends no callback then' },
    {
      route: 'POST /simulator/orders/{MerchantTradeNo}/issue',
      body: { method: 'ATM | CVS | BARCODE, for ChoosePayment=ALL' },
      answers: 'order, after PaymentInfoURL was called; again when the number exists already',
    },
    {
      route: 'POST /simulator/orders/{MerchantTradeNo}/repeat',
      body: { times: '1-100', parallel: 'boolean', delay_ms: '0-86400000' },
      answers: 'order, after the last callback went out again',
    },
    {
      route: 'POST /simulator/orders/{MerchantTradeNo}/forge',
      body: { kind: forgeKinds.join(' | ') },
      answers: '{kind, at, url, status, answer, acknowledged, error?, order}; never comes again, changes no state',
    },
    { route: 'GET /simulator/accounts', answers: '{accounts:[{merchant_id, hash_key, hash_iv}]}' },
    {
      route: 'POST /simulator/accounts',
      body: { merchant_id: '1-10 letters and digits', hash_key: '16 characters', hash_iv: '16 characters' },
      answers: '201 and the account; replaces one of the same number',
    },
    { route: 'POST /simulator/reset', answers: '{reset:true}; forgets orders, numbers and added accounts' },
  ],
  notes: [
    'Every order route takes ?merchant_id= when two accounts use the same MerchantTradeNo.',
    'A callback that is not answered with status 200 and exactly 1|OK comes again, at most 4 more times.',
  ],
  gateway: [
    'POST /Cashier/AioCheckOut/V5',
    'POST /Cashier/QueryTradeInfo/V5',
    'POST /Cashier/QueryPaymentInfo',
    'POST /1.0.0/Cashier/GenPaymentCode',
    'POST /1.0.0/Cashier/QueryTrade',
    'POST /1.0.0/Cashier/QueryPaymentInfo',
    'GET /PaymentRule/CVSBarCode?PaymentNo=',
  ],
} as const;
