import { describe, expect, test } from 'bun:test';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { setCredentials } from '../../../src/payments/projects/credential-change.ts';
import { STAGE, type TestApp } from '../../support/app.ts';
import { useApps } from '../../support/apps.ts';
import { requireGateway } from '../../support/gateways.ts';
import { present } from '../../support/parts.ts';

/** `GET /api/paycore/methods` over HTTP. */

const startWith = useApps();
const start = (env: Record<string, string> = {}) => startWith({ env });

type Method = Readonly<Record<string, unknown>> & { readonly name: string };

async function list(app: TestApp, key = app.keys.test.api_key): Promise<readonly Method[]> {
  const { status, json } = await app.call('/api/paycore/methods', undefined, { 'x-api-key': key });
  expect(status).toBe(200);
  return json.data.methods as Method[];
}

const find = (methods: readonly Method[], name: string) =>
  present(
    methods.find((one) => one.name === name),
    name,
  );
const projectOf = async (app: TestApp, name = 'shop') => present(await app.deps.store.findProjectByName(name)).id;
const store = async (app: TestApp, environment: string, project?: string) =>
  setCredentials(app.deps, await projectOf(app, project), requireGateway('ecpay'), { ...STAGE, environment });

describe('the methods', () => {
  test('are those of the registry, each with route, currencies and limits', async () => {
    const app = await start();
    const methods = await list(app);
    expect(methods.map(({ name }) => name)).toEqual(
      GATEWAYS.flatMap(({ id, methods: own }) => own.map(({ path }) => `${id}/${path}`)),
    );
    expect(find(methods, 'ecpay/atm')).toEqual({
      name: 'ecpay/atm',
      route: '/api/paycore/pay/ecpay/atm',
      gateway: 'ecpay',
      gateway_name: '綠界 ECPay',
      method: 'atm',
      mode: 'background',
      title: present(requireGateway('ecpay').methods.find(({ path }) => path === 'atm')).docs.title,
      kind: 'atm',
      currencies: ['TWD'],
      decimals: { TWD: 0 },
      least: {},
      unit: 'major',
      max_expire_days: 60,
      refundable: false,
      limits: present(requireGateway('ecpay').methods.find(({ path }) => path === 'atm')).limits,
      enabled: false,
      credentials: 'required',
      environment: 'stage',
      problem: null,
      in_checkout: false,
    });
    const paypal = find(methods, 'paypal/checkout');
    expect(paypal).toMatchObject({ refundable: true, decimals: { TWD: 0, JPY: 0, HUF: 0, USD: 2 } });
    expect(paypal?.currencies).toHaveLength(24);
    expect(find(methods, 'stripe/paynow')).toMatchObject({
      currencies: ['SGD'],
      decimals: { SGD: 2 },
      least: { SGD: 50 },
      unit: 'minor',
    });
    expect(find(methods, 'stripe/credit')).toMatchObject({ decimals: { KWD: 2, KRW: 0, MGA: 0, TWD: 2 } });
    for (const { route } of methods) expect((await app.call(String(route), {})).status).toBe(422);
  });

  test('are enabled where credentials are stored for the environment of the key', async () => {
    const app = await start();
    await store(app, 'stage');
    const ecpay = (methods: readonly Method[]) => methods.filter(({ gateway }) => gateway === 'ecpay');
    for (const method of ecpay(await list(app))) {
      expect(method).toMatchObject({ enabled: true, credentials: 'stored', environment: 'stage', problem: null });
    }
    for (const method of ecpay(await list(app, app.keys.live.api_key))) {
      expect(method).toMatchObject({ enabled: false, credentials: 'required', environment: 'production' });
    }
    expect(ecpay(await list(app, app.keys.other.api_key)).every(({ enabled }) => enabled === false)).toBe(true);
    await store(app, 'production');
    expect(ecpay(await list(app, app.keys.live.api_key)).every(({ enabled }) => enabled === true)).toBe(true);
  });

  test('that are enabled can be used without credentials, the others cannot', async () => {
    const app = await start();
    await store(app, 'stage');
    const order = { amount: 980, buyer_email: 'payer@example.com' };
    for (const { name, enabled, gateway } of await list(app)) {
      if (gateway !== 'ecpay' && gateway !== 'smilepay') continue;
      const { status } = await app.call(`/api/paycore/pay/${name}`, { ...order, merchant_order_no: name });
      expect([name, status]).toEqual([name, enabled ? 201 : 422]);
    }
  });

  test('that a test key cannot reach say why, in the words of a create', async () => {
    const app = await start({ PAYCORE_SMILEPAY_URL: '', PAYCORE_PLUS_URL: '' });
    for (const name of ['smilepay/cvs', 'plus/atm']) {
      const method = find(await list(app), name);
      const { json } = await app.create(name, { gateway_credentials: undefined });
      expect(method).toMatchObject({
        enabled: false,
        credentials: 'required',
        environment: null,
        problem: { error_code: 'GATEWAY_HAS_NO_TEST_MODE', message: json.message },
      });
      expect(json.error.error_code).toBe('GATEWAY_HAS_NO_TEST_MODE');
    }
    const live = await list(app, app.keys.live.api_key);
    expect(find(live, 'smilepay/cvs')).toMatchObject({ environment: 'production', problem: null });
    expect(find(live, 'plus/atm')).toMatchObject({ enabled: false, problem: { error_code: 'PLUS_URL_REQUIRED' } });
    const overridden = await list(await start());
    expect(find(overridden, 'plus/atm')).toMatchObject({ problem: null, environment: 'production' });
  });

  test('show the project’s own limits, order and choice for its checkout', async () => {
    const app = await start();
    await store(app, 'stage');
    await app.deps.store.setLimit(await projectOf(app), 'ecpay/cvs', { min: 100, max: 500 });
    const methods = { 'ecpay/cvs': { position: 2 }, 'ecpay/atm': { position: 1 }, 'ecpay/barcode': { enabled: false } };
    await app.deps.store.changeProject(await projectOf(app), { fields: {}, methods });
    const listed = await list(app);
    expect(listed.slice(0, 2).map(({ name }) => name)).toEqual(['ecpay/atm', 'ecpay/cvs']);
    expect(find(listed, 'ecpay/cvs')).toMatchObject({ limits: { min: 100, max: 500 }, in_checkout: true });
    expect(find(listed, 'ecpay/barcode')).toMatchObject({ enabled: true, in_checkout: false });
    expect(find(listed, 'smilepay/cvs')).toMatchObject({ enabled: false, in_checkout: false });
    expect(listed.length).toBe(GATEWAYS.flatMap((gateway) => gateway.methods).length);
  });

  test('hold nothing of the stored credentials', async () => {
    const app = await start();
    await store(app, 'stage');
    const { text } = await app.call('/api/paycore/methods');
    for (const secret of Object.values(STAGE)) expect(text).not.toContain(secret);
  });

  test('need a key', async () => {
    const app = await start();
    for (const key of ['', 'pc_test_wrong']) {
      expect((await app.call('/api/paycore/methods', undefined, { 'x-api-key': key })).status).toBe(401);
    }
  });
});
