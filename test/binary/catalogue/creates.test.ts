import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { ENGINES } from '../../support/engines.ts';
import { at, text } from '../support/json.ts';
import type { Answer } from '../support/parties.ts';
import { stopAll } from '../support/process.ts';
import { ACCOUNTS, flatten, openWorld, type World } from './world.ts';

/** The create routes of the API catalogue on the compiled binary: success fields and error codes as their pages list them. */

setDefaultTimeout(60_000);
let world: World;
afterAll(stopAll);

interface Create {
  readonly route: string;
  /** Values the page names. */
  readonly says?: Readonly<Record<string, unknown>>;
  /** Fields the page lists, in `data` or `payment_info`. */
  readonly fields: readonly string[];
  readonly errors: Readonly<Record<string, Way>>;
}

/** Brings about one error of a route's list. */
type Way = (route: string) => Promise<Answer>;

const withBody =
  (body: object): Way =>
  (route) =>
    world.create(route, body);

const withCredentials =
  (change: Readonly<Record<string, string>>): Way =>
  (route) =>
    world.create(route, { gateway_credentials: { ...ACCOUNTS[route.split('/')[0] ?? ''], ...change } });

const conflict: Way = async (route) => {
  const merchant_order_no = `CONFLICT-${route}`;
  expect((await world.create(route, { merchant_order_no })).status).toBe(201);
  const again = await world.create(route, { merchant_order_no, amount: 990 });
  expect(text(again.body, 'error', 'payment_no')).toStartWith('PAY');
  return again;
};

const withFault =
  (fault: object): Way =>
  async (route) => {
    await world.tell('faults', fault);
    return world.create(route);
  };

const noCredentials: Way = withBody({ gateway_credentials: {} });
const dollars: Way = withBody({ currency: 'USD' });
const refusedCode: Way = withFault({ route: 'gen-payment-code', kind: 'refuse' });

const REDIRECT = ['payment_no', 'merchant_order_no', 'payment_url', 'redirect_form'];
const ecpayAio = (path: string, method: string): Create => ({
  route: `ecpay/${path}`,
  says: { gateway: 'ecpay', method, status: 'pending', mode: 'aio' },
  fields: REDIRECT,
  errors: { ECPAY_CREDENTIAL_INVALID: noCredentials, ORDER_CONFLICT: conflict, INVALID_ARGUMENT: dollars },
});
const ecpayCode = (method: string, fields: readonly string[]): Create => ({
  route: `ecpay/${method}`,
  says: { gateway: 'ecpay', method, status: 'pending', mode: 'background' },
  fields: ['payment_no', 'payment_url', 'expire_at', ...fields],
  errors: {
    ECPAY_CREDENTIAL_INVALID: noCredentials,
    ORDER_CONFLICT: conflict,
    ECPAY_BACKGROUND_CODE_FAILED: refusedCode,
    PAYMENT_GATEWAY_ERROR: withFault({ route: 'gen-payment-code', kind: 'html' }),
  },
});
const smilepay = (method: string, fields: readonly string[], errors: Create['errors'] = {}): Create => ({
  route: `smilepay/${method}`,
  says: { gateway: 'smilepay', method, status: 'pending' },
  fields: ['payment_no', 'SmilePayNO', 'PayEndDate', ...fields],
  errors: { SMILEPAY_CREDENTIAL_INVALID: noCredentials, ...errors },
});
const WALLET_ERRORS: Create['errors'] = {
  STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED: withBody({ currency: 'TWD' }),
  STRIPE_PAYMENT_INTENT_CREATE_FAILED: withBody({ amount: 1 }),
  STRIPE_AUTH_FAILED: withCredentials({ secret_key: 'sk_test_bad' }),
};
const stripe = (method: string, type: string, errors: Create['errors'] = WALLET_ERRORS): Create => ({
  route: `stripe/${method}`,
  says: { gateway: 'stripe', method, status: 'pending', stripe_payment_method: type },
  fields: ['payment_no', 'payment_url'],
  errors,
});

const barcodeNotEnabled: Way = async (route) => {
  await world.tell('smilepay/services', { dcvc: '2110', pay_zg: '3', enabled: false });
  return withCredentials({ dcvc: '2110' })(route);
};

const CREATES: readonly Create[] = [
  ecpayAio('aio', 'all'),
  ecpayAio('aio/credit', 'credit'),
  ecpayAio('aio/atm', 'atm'),
  ecpayAio('aio/cvs', 'cvs'),
  ecpayAio('aio/barcode', 'barcode'),
  ecpayCode('atm', ['bank_code', 'bank_name', 'virtual_account']),
  ecpayCode('cvs', ['payment_code', 'payment_code_url']),
  ecpayCode('barcode', [
    'barcode1',
    'barcode2',
    'barcode3',
    'barcode_user_copy_url',
    'barcode_segments_copyable',
    'barcode_intro_url',
  ]),
  smilepay('atm', ['AtmBankNo', 'AtmNo', 'bank_code', 'virtual_account', 'expire_at']),
  smilepay('cvs', ['payment_code', 'expire_at']),
  smilepay(
    'barcode',
    ['barcode1', 'barcode2', 'barcode3', 'barcode_user_copy_url', 'barcode_intro_url', 'barcode_user_action'],
    { SMILEPAY_BARCODE_SERVICE_NOT_ENABLED: barcodeNotEnabled },
  ),
  {
    route: 'paypal/checkout',
    says: { gateway: 'paypal', method: 'checkout', status: 'pending' },
    fields: ['payment_no', 'payment_url', 'approval_url'],
    errors: {
      PAYPAL_CLIENT_ID_REQUIRED: withCredentials({ client_id: '' }),
      PAYPAL_CLIENT_SECRET_REQUIRED: withCredentials({ client_secret: '' }),
      PAYPAL_ENVIRONMENT_INVALID: withCredentials({ environment: 'mars' }),
      PAYPAL_REQUEST_REJECTED: withCredentials({ client_id: 'badclient0' }),
    },
  },
  stripe('credit', 'card', {
    STRIPE_SECRET_KEY_INVALID: withCredentials({ secret_key: 'rk_test_1' }),
    STRIPE_PUBLISHABLE_KEY_INVALID: withCredentials({ publishable_key: 'sk_test_1' }),
    STRIPE_AUTH_FAILED: withCredentials({ secret_key: 'sk_test_bad' }),
    STRIPE_PAYMENT_INTENT_CREATE_FAILED: withBody({ amount: 1, currency: 'USD' }),
  }),
  stripe('alipay', 'alipay'),
  stripe('wechat-pay', 'wechat_pay'),
  stripe('grabpay', 'grabpay'),
  stripe('paynow', 'paynow'),
  stripe('promptpay', 'promptpay'),
  stripe('fpx', 'fpx'),
  {
    route: 'plus/atm',
    says: { gateway: 'plus', method: 'atm', status: 'pending' },
    fields: ['payment_no', 'payment_url', 'account_code', 'plat_no'],
    errors: { PLUS_CREDENTIAL_INVALID: noCredentials },
  },
];

/** Words for people that the catalogue fixes, where a code alone would not show them. */
const SENTENCES: readonly (readonly [string, Way, string])[] = [
  ['plus/atm', withCredentials({ appid: '' }), 'PLUS appid is required.'],
  ['plus/atm', withCredentials({ secret_key: '' }), 'PLUS secret_key is required.'],
  ['ecpay/atm', withFault({ route: 'gen-payment-code', kind: 'html' }), 'Payment gateway error'],
  ['ecpay/atm', withBody({ amount: '' }), 'Validation failed'],
];

describe.each([...ENGINES])('on %s', (engine) => {
  beforeAll(async () => {
    world = await openWorld(engine);
  });

  describe.each(CREATES)('POST /api/paycore/pay/$route', ({ route, says = {}, fields, errors }) => {
    test('answers 201 with the fields of its page, and the same payment when it is asked again', async () => {
      const merchant_order_no = `FIRST-${route}`;
      const answer = await world.create(route, { merchant_order_no });
      expect({ status: answer.status, message: at(answer.body, 'message') }).toEqual({
        status: 201,
        message: 'Payment created successfully',
      });
      const given = flatten(answer);
      expect(given).toMatchObject({ ...says, merchant_order_no, created: true });
      for (const field of fields) expect({ field, value: given[field] ?? null }).not.toEqual({ field, value: null });
      expect(text(answer.body, 'data', 'payment_no')).toMatch(/^PAY\d{12}[A-Z]{8}$/);
      const page = await fetch(text(answer.body, 'data', 'payment_url'));
      expect([page.status, (await page.text()).includes(text(answer.body, 'data', 'payment_no'))]).toEqual([200, true]);

      const again = await world.create(route, { merchant_order_no });
      expect(again.status).toBe(200);
      expect(flatten(again)).toEqual({ ...given, created: false });
    });

    test.each(Object.keys(errors))('answers %s', async (code) => {
      const answer = await errors[code]?.(route);
      expect(at(answer?.body, 'error', 'error_code')).toBe(code);
      expect(at(answer?.body, 'success')).toBe(false);
      const status = { ORDER_CONFLICT: 409, PAYMENT_GATEWAY_ERROR: 502 }[code] ?? 422;
      expect(answer?.status).toBe(status);
    });
  });

  test.each(SENTENCES)('POST /api/paycore/pay/%s says what the catalogue says', async (route, way, sentence) => {
    expect(at((await way(route)).body, 'message')).toBe(sentence);
  });

  test('a barcode service that is not enabled issues no payment and gives the order back', async () => {
    const merchant_order_no = 'NOT-ENABLED';
    const answer = await world.create('smilepay/barcode', {
      merchant_order_no,
      gateway_credentials: { ...ACCOUNTS.smilepay, dcvc: '2110' },
    });
    expect([answer.status, at(answer.body, 'error', 'payment_no')]).toEqual([422, undefined]);
    expect((await world.create('smilepay/barcode', { merchant_order_no })).status).toBe(201);
  });

  test('the ledger is sound in the end', async () => {
    expect(await world.close()).toEqual([]);
  });
});
