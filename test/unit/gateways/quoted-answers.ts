import type { CreateInput, Gateway, GatewayContext } from '../../../src/gateways/gateway.ts';
import { ORDER_NO, PAYMENT_NO, queryInputOf } from '../../support/driver.ts';
import { envelope, json, plain, signed, type Wire, xml } from '../../support/wires.ts';

/** One of every kind of answer that drivers read, good or bad, for a gateway that quotes what it was sent. */

export type Run = (gateway: Gateway, input: CreateInput, ctx: GatewayContext) => Promise<unknown> | undefined;

export interface Call {
  readonly name: string;
  readonly path?: string;
  readonly run: Run;
  /** In the order in which they are asked for. */
  readonly answers: readonly (readonly [Wire, unknown])[];
}

const TRADE_NO = '5O190127TN364715T';
const INTENT = 'pi_3PayCoreTest0001';
const ask = (gateway: Gateway, input: CreateInput, tradeNo: string, change = {}) =>
  gateway.query?.bind(null, queryInputOf(input, tradeNo, change));
const RUNS = {
  create: (gateway, input, ctx) => gateway.create(input, ctx),
  query: (gateway, input, ctx) => ask(gateway, input, tradeNoOf(gateway))?.(ctx),
  queryAnew: (gateway, input, ctx) => ask(gateway, input, tradeNoOf(gateway), { hasInstructions: false })?.(ctx),
  cancel: (gateway, input, ctx) => gateway.cancel?.(queryInputOf(input, tradeNoOf(gateway)), ctx),
  refund: (gateway, input, ctx) =>
    gateway.refund?.({ ...input, tradeNo: tradeNoOf(gateway), amount: 98_000, refundNo: 'RF1' }, ctx),
  listRefunds: (gateway, input, ctx) => gateway.listRefunds?.(queryInputOf(input, tradeNoOf(gateway)), ctx),
  test: (gateway, input, ctx) => gateway.testCredentials?.(input.secrets, input.payment.environment, ctx),
  balance: (gateway, input, ctx) => gateway.actions?.balance?.run(input.secrets, ctx),
  prepare: (gateway, input, ctx) => gateway.inSite?.prepare(input, ctx),
  pay: (gateway, input, ctx) => gateway.inSite?.pay({ ...input, payToken: 'PT' }, ctx),
} as const satisfies Record<string, Run>;

const tradeNoOf = ({ id }: Gateway) => ({ stripe: INTENT, paypal: TRADE_NO })[id] ?? '2606221530000001';

const ORDER = {
  MerchantTradeNo: ORDER_NO,
  TradeNo: '2606221530000001',
  TradeAmt: 980,
  TradeDate: '2026/06/22 15:30:00',
  PaymentType: 'Credit',
  PaymentDate: '2026/06/22 15:31:00',
  ChargeFee: 26,
  TradeStatus: '1',
};
const TRADE = {
  ...{ MerchantID: '3002607', MerchantTradeNo: ORDER_NO, TradeNo: '2606221530000001', TradeAmt: '980' },
  ...{ TradeStatus: '1', PaymentType: 'Credit_CreditCard', PaymentDate: '2026/06/22 15:31:00', card4no: '2222' },
};
const CARD = {
  AuthCode: '777777',
  Card6No: '431195',
  Card4No: '2222',
  IssuingBank: '玉山銀行',
  IssuingBankCode: '808',
};
const CODE = {
  PaymentNo: 'LLL26213917389',
  ExpireDate: '2026/06/29 23:59:59',
  PaymentURL: 'https://payment.ecpay.com.tw/p',
};
const SEALED = { RtnCode: 1, RtnMsg: 'Success', MerchantID: '3002607', OrderInfo: ORDER };
const NO = { ...SEALED, RtnCode: 10100058, RtnMsg: 'Pay Fail' };
const DONE = {
  MerchantID: '3002607',
  MerchantTradeNo: ORDER_NO,
  TradeNo: '2606221530000001',
  RtnCode: '1',
  RtnMsg: 'OK',
};

const TOKEN = [json(), { access_token: 'A21AAtoken', token_type: 'Bearer', expires_in: 32_400 }] as const;
const CAPTURE = {
  id: '3C679366HH908993F',
  status: 'COMPLETED',
  amount: { currency_code: 'TWD', value: '980' },
  custom_id: PAYMENT_NO,
  status_details: { reason: 'PENDING_REVIEW' },
  create_time: '2026-06-22T07:30:00Z',
  seller_receivable_breakdown: { paypal_fee: { currency_code: 'TWD', value: '30' } },
};
const paypalOrder = (status: string, captures: readonly unknown[] = []) => ({
  id: TRADE_NO,
  status,
  purchase_units: [{ custom_id: PAYMENT_NO, amount: CAPTURE.amount, payments: { captures } }],
  payment_source: { paypal: { name: 'x' } },
  links: [{ rel: 'payer-action', href: 'https://www.sandbox.paypal.com/checkoutnow?token=x' }],
});
const PROBLEM = {
  name: 'UNPROCESSABLE_ENTITY',
  message: 'What is wrong.',
  debug_id: 'f35e6a1d2b3c4',
  details: [{ issue: 'TRANSACTION_REFUSED', field: '/amount', description: 'Refused.' }],
};
const TOKEN_PROBLEM = { error: 'invalid_client', error_description: 'Client Authentication failed' };

const intent = (change: object) => ({
  ...{
    id: INTENT,
    object: 'payment_intent',
    amount: 98_000,
    amount_received: 98_000,
    currency: 'twd',
    livemode: false,
  },
  ...{ client_secret: `${INTENT}_secret_Qz8`, payment_method_types: ['card'], next_action: null },
  metadata: { payment_no: PAYMENT_NO, gateway_order_no: ORDER_NO },
  ...change,
});
const CHARGE = {
  ...{ id: 'ch_1', object: 'charge', created: 1_782_115_197, amount_refunded: 100, currency: 'twd', disputed: true },
  payment_method_details: { type: 'card', card: { last4: '4242', brand: 'visa', country: 'US', funding: 'credit' } },
};
const PAID_INTENT = intent({ status: 'succeeded', latest_charge: CHARGE });
const STRIPE_NO = {
  error: { type: 'card_error', code: 'card_declined', decline_code: 'lost_card', param: 'amount', message: 'No.' },
};
const OPEN_INTENT = intent({
  status: 'requires_payment_method',
  last_payment_error: { ...STRIPE_NO.error },
});
const QR_INTENT = intent({
  status: 'requires_action',
  currency: 'sgd',
  next_action: { paynow_display_qr_code: { data: '00020101', hosted_instructions_url: 'https://x.test' } },
});
const REFUND = {
  ...{ id: 're_1', object: 'refund', status: 'failed', payment_intent: INTENT, amount: 98_000, currency: 'twd' },
  ...{ failure_reason: 'lost_or_stolen_card', metadata: { refund_no: 'RF1' } },
};

const NUMBER = {
  ...{ Status: '1', Desc: 'Succeeded', Dcvc: '2109', SmilePayNO: '062223689453', Data_id: ORDER_NO, Amount: '980' },
  ...{ PayEndDate: '2026/06/28 23:59:59', AtmBankNo: '809', AtmNo: '8011773423689453' },
};
const SMILE_NO = { Status: '-2002', Desc: 'Verify_key wrong' };

const ACCOUNT = {
  ...{ code: 0, status: 'ok', message: 'ok', account_code: '98621175887271', bank_code: '822', plat_no: 'PL1' },
  ...{ pay_url: 'https://plus.example/p', expire_at: '2026-06-25 23:59:59' },
};
const PLUS_NO = { code: 4002, status: 'error', message: 'sign is wrong' };

const { create, query, queryAnew, cancel, refund, listRefunds, prepare, pay, balance, test: probe } = RUNS;
export const CALLS: Readonly<Record<string, readonly Call[]>> = {
  ecpay: [
    { name: 'a number', path: 'cvs', run: create, answers: [[envelope, { ...SEALED, CVSInfo: CODE }]] },
    { name: 'no number', path: 'cvs', run: create, answers: [[envelope, NO]] },
    { name: 'no envelope', path: 'cvs', run: create, answers: [[json(), { TransCode: 10, TransMsg: 'no', Data: '' }]] },
    { name: 'a status', path: 'aio/credit', run: query, answers: [[signed, TRADE]] },
    { name: 'another status', path: 'aio/credit', run: query, answers: [[signed, { ...TRADE, TradeStatus: 'x' }]] },
    {
      name: 'a number asked for',
      path: 'aio/cvs',
      run: queryAnew,
      answers: [
        [signed, { ...TRADE, TradeStatus: '0' }],
        [signed, { ...DONE, ...CODE, RtnCode: '10100073' }],
      ],
    },
    {
      name: 'a sealed status',
      path: 'cvs',
      run: query,
      answers: [[envelope, { ...SEALED, CVSInfo: CODE, CardInfo: CARD }]],
    },
    { name: 'a sealed no', path: 'cvs', run: query, answers: [[envelope, NO]] },
    {
      name: 'a refund',
      path: 'aio/credit',
      run: refund,
      answers: [
        [signed, TRADE],
        [signed, DONE],
      ],
    },
    {
      name: 'no refund',
      path: 'aio/credit',
      run: refund,
      answers: [
        [signed, TRADE],
        [signed, { ...DONE, RtnCode: '5' }],
      ],
    },
    {
      name: 'a refund in a word',
      path: 'aio/credit',
      run: refund,
      answers: [
        [signed, TRADE],
        [plain, '10|no'],
      ],
    },
    {
      name: 'a sealed refund',
      path: 'ecpg',
      run: refund,
      answers: [
        [envelope, SEALED],
        [envelope, NO],
      ],
    },
    { name: 'a test', run: probe, answers: [[signed, TRADE]] },
    { name: 'a complaint', run: probe, answers: [[plain, '10200073|CheckMacValue Error']] },
    {
      name: 'a form',
      path: 'ecpg',
      run: prepare,
      answers: [[envelope, { RtnCode: 1, Token: 'T', TokenExpireDate: 'x' }]],
    },
    { name: 'a card', path: 'ecpg', run: pay, answers: [[envelope, { ...SEALED, CardInfo: CARD }]] },
    { name: 'no card', path: 'ecpg', run: pay, answers: [[envelope, NO]] },
    {
      name: 'a bank',
      path: 'ecpg',
      run: pay,
      answers: [[envelope, { ThreeDInfo: { ThreeDURL: 'https://3d.test/x' } }]],
    },
  ],
  paypal: [
    { name: 'an order', run: create, answers: [TOKEN, [json(201), paypalOrder('PAYER_ACTION_REQUIRED')]] },
    { name: 'no order', run: create, answers: [TOKEN, [json(422), PROBLEM]] },
    { name: 'no token', run: create, answers: [[json(401), TOKEN_PROBLEM]] },
    { name: 'no answer', run: create, answers: [TOKEN, [json(500), PROBLEM]] },
    { name: 'money', run: query, answers: [TOKEN, [json(), paypalOrder('COMPLETED', [CAPTURE])]] },
    {
      name: 'money on its way',
      run: query,
      answers: [
        TOKEN,
        [json(), paypalOrder('APPROVED')],
        [json(), paypalOrder('COMPLETED', [{ ...CAPTURE, status: 'PENDING' }])],
      ],
    },
    { name: 'no money', run: query, answers: [TOKEN, [json(), paypalOrder('APPROVED')], [json(422), PROBLEM]] },
    { name: 'a question refused', run: query, answers: [TOKEN, [json(403), PROBLEM]] },
    {
      name: 'a refund',
      run: refund,
      answers: [
        TOKEN,
        [json(), paypalOrder('COMPLETED', [CAPTURE])],
        [json(201), { id: 'R1', status: 'FAILED', status_details: { reason: 'ECHECK' } }],
      ],
    },
    {
      name: 'no refund',
      run: refund,
      answers: [TOKEN, [json(), paypalOrder('COMPLETED', [CAPTURE])], [json(422), PROBLEM]],
    },
    { name: 'no list', run: listRefunds, answers: [TOKEN, [json(404), PROBLEM]] },
    { name: 'a test', run: probe, answers: [TOKEN] },
    { name: 'a test refused', run: probe, answers: [[json(401), TOKEN_PROBLEM]] },
  ],
  stripe: [
    { name: 'an intent', path: 'credit', run: create, answers: [[json(), OPEN_INTENT]] },
    { name: 'a QR code', path: 'paynow', run: create, answers: [[json(), QR_INTENT]] },
    { name: 'no intent', path: 'credit', run: create, answers: [[json(402), STRIPE_NO]] },
    {
      name: 'a key refused',
      path: 'credit',
      run: create,
      answers: [[json(401), { error: { ...STRIPE_NO.error, type: 'invalid_request_error' } }]],
    },
    { name: 'money', run: query, answers: [[json(), PAID_INTENT]] },
    { name: 'a decline', run: query, answers: [[json(), OPEN_INTENT]] },
    {
      name: 'an end',
      run: query,
      answers: [[json(), intent({ status: 'canceled', cancellation_reason: 'abandoned' })]],
    },
    { name: 'a question refused', run: query, answers: [[json(400), STRIPE_NO]] },
    { name: 'no cancel', run: cancel, answers: [[json(400), STRIPE_NO]] },
    { name: 'a refund', run: refund, answers: [[json(), REFUND]] },
    { name: 'no refund', run: refund, answers: [[json(400), STRIPE_NO]] },
    { name: 'refunds', run: listRefunds, answers: [[json(), { object: 'list', data: [REFUND], has_more: false }]] },
    { name: 'a test', run: probe, answers: [[json(), { object: 'balance', livemode: false }]] },
    { name: 'a test refused', run: probe, answers: [[json(401), STRIPE_NO]] },
  ],
  smilepay: [
    { name: 'an account', path: 'atm', run: create, answers: [[xml, NUMBER]] },
    { name: 'a code', path: 'cvs', run: create, answers: [[xml, { ...NUMBER, IbonNo: '21693575306' }]] },
    {
      name: 'barcodes',
      path: 'barcode',
      run: create,
      answers: [
        [xml, { ...NUMBER, Barcode1: '150628A1F', Barcode2: '6763618191673429', Barcode3: '00000980000000000000' }],
      ],
    },
    { name: 'no number', path: 'atm', run: create, answers: [[xml, SMILE_NO]] },
    {
      name: 'money',
      run: query,
      answers: [[xml, { Status: '1', Amount: '980', Payment_no: '21693575306', Desc: 'x' }]],
    },
    { name: 'a question refused', run: query, answers: [[xml, SMILE_NO]] },
    { name: 'a test', run: probe, answers: [[xml, { Status: '-2003', Desc: 'no Pay_zg' }]] },
    { name: 'a test refused', run: probe, answers: [[xml, SMILE_NO]] },
  ],
  plus: [
    { name: 'an account', run: create, answers: [[json(), ACCOUNT]] },
    { name: 'no account', run: create, answers: [[json(), PLUS_NO]] },
    {
      name: 'money',
      run: query,
      answers: [[json(), { code: 1, data: { status: 'paid', money: 980, plat_no: 'PL1' } }]],
    },
    { name: 'a question refused', run: query, answers: [[json(), PLUS_NO]] },
    {
      name: 'a balance',
      run: balance,
      answers: [[json(), { status: 'ok', balance: 10_000, data: { list: ['x'], deep: { note: 'y' } } }]],
    },
    { name: 'no balance', run: balance, answers: [[json(), PLUS_NO]] },
    { name: 'a test refused', run: probe, answers: [[json(), PLUS_NO]] },
  ],
};
