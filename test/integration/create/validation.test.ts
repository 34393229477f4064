import { afterEach, describe, expect, test } from 'bun:test';
import { storeCredential } from '../../../src/payments/projects/credentials.ts';
import { exampleOrder, STAGE, startApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { requireGateway } from '../../support/gateways.ts';

const app = useApp({}, 'file');
afterEach(() => {
  app.gateway.received.length = 0;
});

describe('a request that is wrong', () => {
  test('hears of every bad field at once, in the words of our own table', async () => {
    const body = {
      merchant_order_no: 'x'.repeat(101),
      amount: undefined,
      currency: 5,
      payer_account: 'x'.repeat(101),
      success_url: 'ftp://merchant.example',
      return_url: 'nowhere',
      cancel_url: 'javascript:alert(1)',
      payok_url: 'not a url',
      item_name: 'x'.repeat(201),
      buyer_email: 'nobody',
      expire_days: 61,
      metadata: { a: 1 },
      ecpay: { UnionPay: 3, CreditInstallment: 'two', StoreID: '<b>' },
    };
    const { status, json } = await app.create('ecpay/aio', body);
    expect([status, json.error.error_code, json.message]).toEqual([422, 'VALIDATION_FAILED', 'Validation failed']);
    expect(Object.keys(json.error.fields ?? {}).sort()).toEqual([
      'amount',
      'buyer_email',
      'cancel_url',
      'currency',
      'ecpay.CreditInstallment',
      'ecpay.StoreID',
      'ecpay.UnionPay',
      'expire_days',
      'item_name',
      'merchant_order_no',
      'metadata',
      'payer_account',
      'payok_url',
      'return_url',
      'success_url',
    ]);
    expect(json.error.fields?.amount).toEqual(['The amount field is required.']);
    expect(app.gateway.received).toEqual([]);
  });

  test('is refused for every amount that is no whole number of dollars', async () => {
    for (const amount of [0, -1, 1.5, '1.5', '', null, ' 980', '9e2', true, [980], {}, '１００', 1e21, '-5', '1e400']) {
      const { status, json } = await app.create('ecpay/atm', { amount });
      expect({ amount, status, fields: Object.keys(json.error?.fields ?? {}) }).toEqual({
        amount,
        status: 422,
        fields: ['amount'],
      });
    }
  });

  test('is refused for extras that do not belong to the route or to each other', async () => {
    const tries: [string, object, string][] = [
      ['ecpay/atm', { CreditInstallment: '3' }, 'ecpay.CreditInstallment'],
      ['ecpay/aio', { CreditInstallment: '3', Redeem: 'Y' }, 'ecpay.CreditInstallment'],
      ['ecpay/aio', { FlexibleInstallment: true }, 'ecpay.FlexibleInstallment'],
      ['ecpay/aio', { BindingCard: 1 }, 'ecpay.MerchantMemberID'],
    ];
    for (const [path, ecpay, field] of tries) {
      const { status, json } = await app.create(path, { ecpay });
      expect([status, Object.keys(json.error.fields ?? {})]).toEqual([422, [field]]);
    }
  });

  test('with another currency than TWD is INVALID_ARGUMENT naming the field, and nobody is called', async () => {
    for (const path of ['ecpay/aio', 'ecpay/cvs']) {
      const { status, json } = await app.create(path, { currency: 'USD' });
      expect([status, json.error.error_code]).toEqual([422, 'INVALID_ARGUMENT']);
      expect(json.error.fields?.currency).toHaveLength(1);
    }
    expect(app.gateway.received).toEqual([]);
  });

  test('may carry fields nobody knows, and names that JavaScript knows too well', async () => {
    const body = JSON.stringify({
      merchant_order_no: 'PROTO-1',
      amount: 980,
      gateway_credentials: STAGE,
      unknown: [1],
    });
    const odd = body.replace('{', '{"__proto__":{"amount":1},"constructor":1,"toString":null,');
    const { status, json } = await app.call('/api/paycore/pay/ecpay/aio', odd);
    expect([status, json.data.amount]).toEqual([201, 980]);
  });

  test('may come from PHP, where an empty object is an empty list', async () => {
    for (const [route, empty] of [
      ['ecpay/aio', { ecpay: [], metadata: [] }],
      ['checkout', { metadata: [] }],
      ['links', { title: 'Tip jar', metadata: [] }],
    ] as const) {
      const path = route === 'ecpay/aio' ? 'pay/ecpay/aio' : route;
      const made = await app.call(`/api/paycore/${path}`, { ...exampleOrder(app.shop.url), ...empty });
      expect([route, made.status, made.json.data?.metadata]).toEqual([route, 201, {}]);
    }
    const codes = [[], {}].map(async (gateway_credentials) => {
      const { status, json } = await app.create('ecpay/aio', { gateway_credentials });
      return [status, json.error];
    });
    expect(await codes[0]).toEqual(await codes[1]);
  });
});

test('payok_url must not lead to this machine or its network, and says which variable would allow it', async () => {
  const closed = await startApp({ env: { PAYCORE_NOTIFY_ALLOW: 'shop.lan' } });
  const urls = [
    'http://localhost/payok',
    'http://10.0.0.8/payok',
    'http://[::1]:8080/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://127.0.0.1:9/',
    'http://169.254.169.254/latest',
  ];
  for (const payok_url of urls) {
    const { status, json } = await closed.create('ecpay/aio', { payok_url });
    expect([payok_url, status, Object.keys(json.error.fields ?? {})]).toEqual([payok_url, 422, ['payok_url']]);
    expect(json.error.fields?.payok_url?.[0]).toContain('PAYCORE_NOTIFY_ALLOW');
  }
  for (const payok_url of ['http://shop.lan/payok', 'https://merchant.example/payok']) {
    expect((await closed.create('ecpay/aio', { payok_url })).status).toBe(201);
  }
  await closed.stop();
});

describe('credentials', () => {
  const bad = {
    'a missing hash_key': { merchant_id: '3002607', hash_iv: STAGE.hash_iv },
    'a short hash_iv': { ...STAGE, hash_iv: 'short' },
    'an object for a key': { ...STAGE, hash_key: { $ne: null } },
    'an unknown environment': { ...STAGE, environment: 'moon' },
    'an environment named like a property of objects': { ...STAGE, environment: 'constructor' },
    'an environment named __proto__': { ...STAGE, environment: '__proto__' },
    'an environment that is a number': { ...STAGE, environment: 1 },
    'a list': [STAGE],
    'a text': 'secret',
    nothing: undefined,
    null: null,
    'an empty object': {},
  };
  for (const [what, gateway_credentials] of Object.entries(bad)) {
    test(`${what} is the gateway's own error, never VALIDATION_FAILED`, async () => {
      const { status, json } = await app.create('ecpay/aio', { gateway_credentials });
      expect([status, json.error.error_code]).toEqual([422, 'ECPAY_CREDENTIAL_INVALID']);
    });
  }

  test('are taken under their other spellings too', async () => {
    const gateway_credentials = { MerchantID: 3002607, HashKey: STAGE.hash_key, HashIV: STAGE.hash_iv };
    const { status, json } = await app.create('ecpay/atm', { gateway_credentials });
    expect([status, json.data?.environment]).toEqual([201, 'stage']);
  });

  test('name their environment in any of its words', async () => {
    const words = { stage: ['stage', 'staging', 'test', 'Testing'], production: ['production', 'PROD'] };
    const named = Object.entries(words).flatMap(([wanted, ofIt]) => ofIt.map((word) => [word, wanted] as const));
    for (const [environment, wanted] of named) {
      const made = await app.create(
        'ecpay/aio',
        { gateway_credentials: { ...STAGE, environment } },
        { 'x-api-key': app.keys.live.api_key },
      );
      expect(made.json.data).toMatchObject({ environment: wanted, livemode: wanted === 'production' });
    }
  });

  test('of production are refused to a test key; a live key that names none means production', async () => {
    const refused = await app.create('ecpay/aio', { gateway_credentials: { ...STAGE, environment: 'prod' } });
    expect([refused.status, refused.json.error.error_code]).toEqual([422, 'TEST_KEY_PRODUCTION']);
    const live = await app.create('ecpay/aio', { gateway_credentials: STAGE }, { 'x-api-key': app.keys.live.api_key });
    expect(live.json.data).toMatchObject({ environment: 'production', livemode: true });
  });

  test('that the project stores are used when a request brings none', async () => {
    const ecpay = requireGateway('ecpay');
    if (!ecpay) throw new Error('no ecpay');
    const project = await app.deps.store.ensureProject('other shop', new Uint8Array(), 0);
    const id = await storeCredential(app.deps, project.id, ecpay, STAGE, 'stage');
    await app.deps.store.makeCurrentCredential(id);
    const made = await app.create(
      'ecpay/atm',
      { gateway_credentials: undefined },
      { 'x-api-key': app.keys.other.api_key },
    );
    expect(made.status).toBe(201);
  });

  test('of many wrong tries do not keep a genuine sealed callback from being opened', async () => {
    const own = await startApp();
    const made = await own.create('ecpay/atm');
    for (let i = 10; i < 40; i++) {
      const wrong = { ...STAGE, hash_key: `typed-wrongly-${i}` };
      expect((await own.create('ecpay/aio', { gateway_credentials: wrong })).status).toBe(201);
    }
    const paid = await own.simulate(String(made.json.data.gateway_order_no), 'pay');
    expect(paid.callbacks).toMatchObject([{ status: 200, answer: '1|OK' }]);
    await own.stop();
  });

  test('are in no answer, no log line and not in the database in clear', async () => {
    const answers = [
      await app.create('ecpay/aio'),
      await app.create('ecpay/atm', { gateway_credentials: { ...STAGE, merchant_id: '9999999' } }),
      await app.create('ecpay/atm', { gateway_credentials: { ...STAGE, hash_iv: 'x' } }),
    ];
    const stored = await app.rows.dump();
    const secrets = [STAGE.hash_key, STAGE.hash_iv, app.keys.test.api_key, app.keys.test.notification_secret];
    for (const secret of secrets) {
      for (const text of [...answers.map((answer) => answer.text), ...app.log, stored]) {
        expect(text.includes(secret)).toBe(false);
      }
    }
  });
});
