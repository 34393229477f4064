import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import type { Gateway } from '../../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { setCredentials } from '../../../src/payments/projects/credential-change.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { SIMULATED } from '../../support/orders.ts';

const app = useApp({}, 'file');

function gatewayOf(id: string): Gateway {
  const gateway = GATEWAYS.find((one) => one.id === id);
  if (!gateway) throw new Error(`no gateway ${id}`);
  return gateway;
}

const projectId = async (name = 'shop') => (await app.deps.store.findProjectByName(name))?.id ?? 0;
const set = async (id: string, given: Record<string, unknown>, name = 'shop') =>
  setCredentials(app.deps, await projectId(name), gatewayOf(id), given);
const list = async () => app.deps.store.listCredentials(await projectId(), 100);

async function refusal(id: string, given: Record<string, unknown>): Promise<PayCoreError> {
  try {
    await set(id, given);
  } catch (error) {
    if (error instanceof PayCoreError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A create that brings no credentials. */
const createBare = (headers = {}) => app.create('ecpay/cvs', { gateway_credentials: undefined }, headers);

describe('credentials that are set', () => {
  test('are used by requests that bring none, until others take their place', async () => {
    expect((await createBare()).json.error.error_code).toBe('ECPAY_CREDENTIAL_INVALID');
    expect(await set('ecpay', { ...STAGE, environment: 'stage' })).toEqual({
      environment: 'stage',
      merchantId: '3002607',
      replaced: null,
    });
    expect((await createBare()).status).toBe(201);
    const other = { MerchantID: '2000132', HashKey: '5294y06JbISpM5x9', HashIV: 'v77hoKGq4kWxNNIS' };
    expect((await set('ecpay', { ...other, environment: 'test' })).replaced).toBe('3002607');
    const { json } = await createBare();
    const payment = (await app.deps.store.findPayment(String(json.data.payment_no)))?.payment;
    expect((await app.deps.store.findCredential(payment?.credentialId ?? 0))?.merchantId).toBe('2000132');
    await set('ecpay', { ...STAGE, environment: 'stage' });
    expect((await list()).map(({ merchantId, current }) => [merchantId, current])).toEqual([
      ['3002607', true],
      ['2000132', false],
    ]);
  });

  test('are another project’s business', async () => {
    const { json } = await createBare({ 'x-api-key': app.keys.other.api_key });
    expect(json.error.error_code).toBe('ECPAY_CREDENTIAL_INVALID');
  });

  test('mean production unless they say otherwise, and each environment has its own', async () => {
    await set('ecpay', STAGE);
    const inUse = (await list()).filter(({ current }) => current);
    expect(inUse.map(({ environment }) => environment).sort()).toEqual(['production', 'stage']);
  });

  test.each(GATEWAYS.map(({ id }) => id))(
    'of %s are listed without a secret, which the database holds sealed',
    async (id) => {
      const given: Record<string, string> = id === 'ecpay' ? { ...STAGE } : { ...SIMULATED[id] };
      await set(id, given);
      const shown = JSON.stringify(await list());
      const file = await Bun.file(`${app.folder}/paycore.db-wal`).text();
      const secrets = gatewayOf(id).credentials.fields.filter(
        ({ name, isPublic }) => !isPublic && name !== gatewayOf(id).credentials.merchantField,
      );
      for (const { name } of secrets) {
        const value = given[name] ?? '';
        if (value.length < 6) continue;
        expect([name, shown.includes(value), file.includes(value)]).toEqual([name, false, false]);
      }
      expect((await list()).some(({ gateway, current }) => gateway === id && current)).toBe(true);
    },
  );

  test('tell when they were set and when they were last used', async () => {
    const at = app.clock.now();
    await set('ecpay', {
      merchant_id: '3003003',
      hash_key: STAGE.hash_key,
      hash_iv: STAGE.hash_iv,
      environment: 'stage',
    });
    const find = async () => (await list()).find(({ merchantId }) => merchantId === '3003003');
    expect(await find()).toMatchObject({ createdAt: at, lastUsedAt: null, current: true });
    await set('ecpay', { ...STAGE, environment: 'stage' });
    app.clock.advance(5000);
    await createBare();
    app.clock.advance(7000);
    await createBare();
    const used = (await list()).find(({ environment, current }) => environment === 'stage' && current);
    expect(used?.lastUsedAt).toBe(at + 12_000);
    expect((await find())?.lastUsedAt).toBeNull();
  });
});

describe('credentials that cannot be right', () => {
  test.each([
    ['ecpay', { merchant_id: '3002607' }, 'ECPAY_CREDENTIAL_INVALID'],
    ['ecpay', { ...STAGE, environment: 'moon' }, 'ECPAY_CREDENTIAL_INVALID'],
    ['ecpay', { ...STAGE, hash_kex: 'x' }, 'VALIDATION_FAILED'],
    ['smilepay', { ...SIMULATED.smilepay, environment: 'stage' }, 'GATEWAY_HAS_NO_TEST_MODE'],
    ['paypal', {}, 'PAYPAL_CLIENT_ID_REQUIRED'],
    ['paypal', { client_id: 'SOME_CLIENT' }, 'PAYPAL_CLIENT_SECRET_REQUIRED'],
    ['stripe', { secret_key: 'sk_live_x', publishable_key: 'pk_test_x' }, 'STRIPE_PUBLISHABLE_KEY_INVALID'],
    ['stripe', { ...SIMULATED.stripe, environment: 'live' }, 'GATEWAY_CREDENTIAL_INVALID'],
    ['plus', { appid: 'A' }, 'PLUS_CREDENTIAL_INVALID'],
  ])('of %s %j: %s', async (id, given, code) => {
    const before = (await list()).length;
    const error = await refusal(id, given);
    expect(error.code as string).toBe(code);
    expect((await list()).length).toBe(before);
  });

  test('are not repeated in the refusal', async () => {
    const error = await refusal('ecpay', { merchant_id: '3002607', hash_key: 'too-short-secret', c2VjcmV0: 'x' });
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/too-short|c2VjcmV0/);
  });
});

describe('credentials that are dropped', () => {
  test('are used no more, but payments made with them still hear their callbacks', async () => {
    await set('ecpay', { ...STAGE, environment: 'stage' });
    const { json } = await createBare();
    expect(await app.deps.store.dropCurrentCredential(await projectId(), 'ecpay', 'stage')).toBe(true);
    expect((await createBare()).json.error.error_code).toBe('ECPAY_CREDENTIAL_INVALID');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    expect((await app.find(String(json.data.payment_no))).status).toBe('paid');
  });

  test('twice: the second time there are none', async () => {
    expect(await app.deps.store.dropCurrentCredential(await projectId(), 'ecpay', 'stage')).toBe(false);
    expect(await app.deps.store.dropCurrentCredential(await projectId('other shop'), 'ecpay', 'production')).toBe(
      false,
    );
    expect((await list()).some(({ environment, current }) => environment === 'production' && current)).toBe(true);
  });
});
