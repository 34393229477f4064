import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { setCredentials } from '../../../src/payments/projects/credential-change.ts';
import { isPractising, practiceAccount, startPractice, stopPractice } from '../../../src/payments/projects/practice.ts';
import { originOf } from '../../../src/payments/urls.ts';
import { present } from '../../support/parts.ts';
import { type Served, serveFor } from '../../support/served.ts';

/** Test payments without any account at a gateway: `serve` runs the simulator while a project practises. */

let served: Served;
beforeAll(async () => {
  served = await serveFor();
});
afterAll(() => served.stop());

const order = (number: string) => ({ merchant_order_no: number, amount: 980, item_name: 'beans' });
const start = () => startPractice(served.server.deps, served.projectId);
const stop = () => stopPractice(served.server.deps, served.projectId);

/** A gateway's own data, as a create or a query answers it. */
interface Answer {
  readonly data: Readonly<Record<string, string>>;
  readonly error: { readonly error_code: string };
}
const create = async (route: string, number: string, extra: object = {}, key?: string) => {
  const { status, body } = await served.call(`pay/${route}`, { ...order(number), ...extra }, key);
  const { data, error } = body as Answer;
  return { status, data, code: error?.error_code };
};
const read = async (paymentNo = '') => ((await served.call(`payments/${paymentNo}`)).body as Answer).data;
const simulator = () => present(served.server.deps.practice.origin(), 'a simulator');

const GATEWAYS = ['ecpay/cvs', 'smilepay/atm', 'paypal/checkout', 'stripe/credit', 'plus/atm'];

describe('a project that practises', () => {
  beforeEach(async () => {
    expect(await start()).toMatchObject({ state: 'on' });
  });
  afterEach(async () => {
    await stop();
  });

  test.each(GATEWAYS)('makes test payments by %s without an account there', async (route) => {
    const currency = route.startsWith('stripe') ? { amount: 98_000 } : {};
    const { status, data } = await create(route, `P-${route}`, currency);
    expect([status, data.environment, data.livemode as unknown]).toEqual([201, 'simulator', false]);
  });

  test('is told by the simulator when a payer pays there', async () => {
    const { data } = await create('ecpay/cvs', 'P-PAID');
    const { merchant_id } = present(practiceAccount(served.server.deps, 'ecpay'), 'an account');
    const page = `${simulator()}/simulator/orders/${data.gateway_order_no}`;
    expect((await fetch(`${page}/page`)).status).toBe(200);
    expect(merchant_id).toMatch(/^9\d{6}$/);
    const paid = await fetch(`${page}/pay`, { method: 'POST', body: new URLSearchParams() });
    expect(paid.ok).toBe(true);
    expect(await read(data.payment_no)).toMatchObject({ status: 'paid', livemode: false, flags: [] });
  });

  test('leads payers to the simulator by the page, whose policy lets it', async () => {
    const { data } = await create('ecpay/aio/credit', 'P-AIO');
    expect(data.redirect_form as unknown).toMatchObject({ action: `${simulator()}/Cashier/AioCheckOut/V5` });
    const page = await fetch(data.payment_url ?? '');
    expect(page.headers.get('content-security-policy')).toContain(` ${simulator()}`);
  });

  test('offers every method on the All-in-One page', async () => {
    const { body } = await served.call('methods');
    const methods = (body as { data: { methods: readonly { environment: string; enabled: boolean }[] } }).data.methods;
    expect(new Set(methods.map((one) => `${one.environment} ${one.enabled}`))).toEqual(new Set(['simulator true']));
  });

  test('uses its own test account where it has one', async () => {
    const { deps } = served.server;
    const ecpay = present(deps.gateways.find('ecpay'), 'ECPay');
    const account = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
    await setCredentials(deps, served.projectId, ecpay, { ...account, environment: 'stage' });
    const { data } = await create('ecpay/aio/credit', 'P-STAGE');
    expect(data).toMatchObject({ environment: 'stage' });
    expect(data.redirect_form as unknown).toMatchObject({ action: expect.stringContaining('payment-stage.ecpay') });

    // What the simulator could sign is worth nothing to it.
    const forged = sign(present(practiceAccount(deps, 'ecpay'), 'an account'), {
      MerchantID: '3002607',
      MerchantTradeNo: data.gateway_order_no ?? '',
      RtnCode: '1',
      RtnMsg: 'paid',
      TradeNo: '2606220000000001',
      TradeAmt: '980',
      PaymentDate: '2026/11/28 10:00:00',
      PaymentType: 'Credit_CreditCard',
      SimulatePaid: '0',
    });
    await fetch(`${served.server.publicUrl}/api/paycore/webhooks/ecpay`, { method: 'POST', body: forged });
    expect(await read(data.payment_no)).toMatchObject({ status: 'pending' });
    await deps.store.dropCurrentCredential(served.projectId, 'ecpay', 'stage');
  });

  test('makes live payments at the gateways alone', async () => {
    const { deps } = served.server;
    const { code } = await create('ecpay/cvs', 'P-LIVE', {}, served.keys.live);
    expect(code).toBe('ECPAY_CREDENTIAL_INVALID');
    for (const gateway of deps.gateways.list.filter(({ id }) => id !== 'plus')) {
      for (const service of Object.keys(gateway.services)) {
        expect(originOf(deps, gateway.id, service, 'production')).not.toBe(simulator());
      }
    }
    // The simulator's account in a live request is no account of the real gateway's, and goes nowhere else.
    const given = { gateway_credentials: { ...practiceAccount(deps, 'ecpay'), environment: 'production' } };
    const { data } = await create('ecpay/aio/credit', 'P-LIVE-2', given, served.keys.live);
    expect(data).toMatchObject({ environment: 'production', livemode: true });
    expect(data.redirect_form as unknown).toMatchObject({
      action: 'https://payment.ecpay.com.tw/Cashier/AioCheckOut/V5',
    });
  });

  test('no request names the simulator’s environment itself', async () => {
    const given = { ...practiceAccount(served.server.deps, 'ecpay'), environment: 'simulator' };
    expect((await create('ecpay/cvs', 'P-NAMED', { gateway_credentials: given })).status).toBe(422);
  });

  test.each([
    ['GET', '/simulator'],
    ['GET', '/simulator/orders'],
    ['GET', '/simulator/api'],
    ['GET', '/simulator/accounts'],
    ['POST', '/simulator/stripe/accounts'],
    ['POST', '/simulator/reset'],
    ['POST', '/simulator/faults'],
    ['POST', '/simulator/orders/X/forge'],
    ['POST', '/v1/payment_intents'],
    ['POST', '/v2/checkout/orders'],
    ['POST', '/api/SPPayment.asp'],
  ])('a stranger at the simulator’s port gets no %s %s', async (method, path) => {
    expect((await fetch(simulator() + path, { method })).status).toBe(404);
  });
});

describe('a project that does not', () => {
  test('needs an account, for test payments too', async () => {
    await start();
    const { data } = await create('ecpay/cvs', 'P-BEFORE');
    const origin = simulator();
    expect(await stop()).toEqual({ state: 'off' });
    expect(await isPractising(served.server.deps, served.projectId)).toBe(false);
    expect((await create('ecpay/cvs', 'P-AFTER')).code).toBe('ECPAY_CREDENTIAL_INVALID');
    expect((await create('smilepay/atm', 'P-AFTER')).code).toBe('GATEWAY_HAS_NO_TEST_MODE');
    expect(fetch(origin)).rejects.toThrow();
    // What was made meanwhile stays as it is, and can be asked about without harm.
    const { status } = await served.call(`payments/${data.payment_no}/sync`, {});
    expect(status).toBe(502);
    expect(await read(data.payment_no)).toMatchObject({ status: 'pending', environment: 'simulator' });
  });

  test('another server with another master key has another account', () => {
    const deps = served.server.deps;
    const other = { vault: { ...deps.vault, deriveKey: () => new Uint8Array(32) } };
    expect(practiceAccount(deps, 'ecpay')).toEqual(practiceAccount(deps, 'ecpay'));
    expect(practiceAccount(deps, 'ecpay')).not.toEqual(practiceAccount(other, 'ecpay'));
  });
});

describe('where payers could not reach the simulator', () => {
  test('nothing changes, and it is said what to set', async () => {
    const far = await serveFor({ PAYCORE_PUBLIC_URL: 'https://pay.example.com' });
    try {
      const { deps } = far.server;
      expect(await startPractice(deps, far.projectId)).toMatchObject({
        state: 'failed',
        problem: expect.stringContaining('PAYCORE_SIMULATOR_URL=https://practice.example.com'),
      });
      expect(await isPractising(deps, far.projectId)).toBe(false);
    } finally {
      await far.stop();
    }
  });
});

/** ECPay's CheckMacValue. */
function sign(account: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>>): URLSearchParams {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const text = sorted.map(([name, value]) => `${name}=${value}`).join('&');
  const encoded = encodeURIComponent(`HashKey=${account.hash_key}&${text}&HashIV=${account.hash_iv}`)
    .replaceAll('%20', '+')
    .toLowerCase();
  const mac = createHash('sha256').update(encoded).digest('hex').toUpperCase();
  return new URLSearchParams({ ...fields, CheckMacValue: mac });
}
