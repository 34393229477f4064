import { faultKinds } from './faults.ts';
import { forgeKinds } from './forge.ts';
import { gatewayList, stands } from './stands.ts';

/** What `GET /simulator/api` answers: the JSON API in a form that a program and a person can read. */
export const apiListing = {
  about:
    'Stand-in for ECPay and, under `others`, for the other gateways. No real money. JSON in, JSON out; errors are {"error":{"code","message"}}.',
  order: {
    merchant_trade_no: 'string',
    merchant_id: 'string',
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
      route: 'POST /simulator/orders/{MerchantTradeNo}/card',
      body: { stage: 'authorised | closing | closed | released; closed when absent' },
      answers: 'order; where the money of a card is, which decides what DoAction may do',
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
    {
      route: 'POST /simulator/faults',
      body: {
        route: `* | ${gatewayList.map((gateway) => gateway.name).join(' | ')}; * = every route the kind can happen to`,
        kind: faultKinds.join(' | '),
        times: '1 when absent, 0 = until cleared',
        seconds: 'slow 5 (the work is done at once, the answer late), trickle 60 for the whole answer, clock 660 ahead',
        status: 'unavailable: 400-599, standard 503',
        code: 'refuse, duplicate: RtnCode',
        message: 'refuse, duplicate: RtnMsg',
      },
      answers: '201 and {id, route, kind, times, fired, active, …}; the first one that fits a call happens to it',
    },
    { route: 'GET /simulator/faults', answers: '{faults:[…], kinds, routes}; fired = how often it happened' },
    { route: 'DELETE /simulator/faults', answers: '{cleared}; also POST /simulator/faults/clear' },
    {
      route: 'GET /simulator/requests?limit=100&route=&merchant_trade_no=',
      answers:
        '{requests:[{at, route, merchant_id, merchant_trade_no, fault?, status}]} newest gateway calls first, the last 1000; status null: still running, or the connection broke',
    },
    { route: 'GET /simulator/limits', answers: '{queries_per_minute, rest_seconds, resting:[{merchant_id, until}]}' },
    {
      route: 'POST /simulator/limits',
      body: { queries_per_minute: '0-100000, 0 = no limit', rest_seconds: '1-86400' },
      answers: 'the limits; every rest ends. One merchant’s queries above it get 403',
    },
    {
      route: 'POST /simulator/reset',
      answers: '{reset:true}; forgets orders, numbers, added accounts, tokens, faults, requests and changed limits',
    },
  ],
  notes: [
    'Every order route takes ?merchant_id= when two accounts use the same MerchantTradeNo.',
    'A callback that is not answered with status 200 and exactly 1|OK comes again, at most 4 more times.',
  ],
  others: {
    order:
      '{gateway, order_no, trade_no, method, amount, currency, status, paid, created_at, payer_page, info, fields, callbacks}',
    routes:
      'GET /simulator/orders?gateway=, GET /simulator/orders/{number}, POST /simulator/orders/{number}/{action}: number is the shop’s or the gateway’s own; ?gateway= tells two of one number apart',
    common:
      'pay {times, parallel, delay_ms, callback}, decline, expire, repeat {times, parallel, delay_ms}, forge {kind}: they answer with the order',
    gateways: stands.map((stand) => ({
      gateway: stand.id,
      actions: Object.keys(stand.actions),
      forge: stand.forgeKinds,
      routes: stand.docs,
    })),
  },
  gateway: [
    'POST /Cashier/AioCheckOut/V5',
    'POST /Cashier/QueryTradeInfo/V5',
    'POST /Cashier/QueryPaymentInfo',
    'POST /CreditDetail/DoAction',
    'POST /1.0.0/Cashier/GenPaymentCode',
    'POST /1.0.0/Cashier/QueryTrade',
    'POST /1.0.0/Cashier/QueryPaymentInfo',
    'POST /1.0.0/Credit/DoAction',
    'POST /Merchant/GetTokenbyTrade',
    'POST /Merchant/CreatePayment',
    'GET /Scripts/sdk-1.0.0.js (stand-in for ECPay’s script; talks to POST /Merchant/SimulatorPayToken)',
    'GET /PaymentRule/CVSBarCode?PaymentNo=',
  ],
};
