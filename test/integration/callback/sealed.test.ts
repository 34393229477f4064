import { describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { sealData } from '../../../src/gateways/ecpay/cipher.ts';
import type { Gateway, Secrets } from '../../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { storeCredential } from '../../../src/payments/projects/credentials.ts';
import { STAGE, type TestApp } from '../../support/app.ts';
import { useApps } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';

/** Sealed callbacks of a merchant of whom others have stored keys as well: anybody may type any merchant's number. */

const start = useApps();
const ADDRESS = '203.0.113.9';

/** PayCore, and how often a key was tried on a body. */
async function setUp(env: Readonly<Record<string, string>> = {}) {
  const tried: Secrets[] = [];
  const watch = (gateway: Gateway): Gateway => {
    const { open } = gateway.callback;
    if (!open) return gateway;
    const callback = {
      ...gateway.callback,
      open: (envelope: Uint8Array, secrets: Secrets) => {
        tried.push(secrets);
        return open(envelope, secrets);
      },
    };
    return { ...gateway, callback };
  };
  const app = await start({ gateways: GATEWAYS.map(watch), env: { PAYCORE_TRUSTED_PROXIES: '127.0.0.1,::1', ...env } });
  return { app, tried };
}

let keys = 0;

/** Sets of another's making for the merchant of the tests, as creates with keys of one's own invention leave them. */
async function addKeys(app: TestApp, project: 'shop' | 'other shop', count: number): Promise<number> {
  const { id } = present(await app.deps.store.findProjectByName(project));
  const [ecpay] = app.deps.gateways.list;
  const make = () => {
    keys += 1;
    const hash_key = `K${String(keys).padStart(15, '0')}`;
    return storeCredential(app.deps, id, present(ecpay), { ...STAGE, hash_key }, 'stage');
  };
  const made = await Promise.all(Array.from({ length: count }, make));
  return present(made.at(-1));
}

async function sell(app: TestApp) {
  const { json } = await app.create('ecpay/cvs');
  return { no: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}

async function pay(app: TestApp, { no, orderNo }: Awaited<ReturnType<typeof sell>>): Promise<unknown> {
  await app.simulate(orderNo, 'pay');
  return (await app.find(no)).status;
}

/** One that no key opens. */
function sendGarbage(app: TestApp, address = ADDRESS) {
  const Data = sealData({ RtnCode: 1 }, { hash_key: 'x'.repeat(16), hash_iv: 'y'.repeat(16) });
  const body = JSON.stringify({ MerchantID: STAGE.merchant_id, TransCode: 1, Data });
  return app.callback(body, 'application/json', 'ecpay', { headers: { 'x-forwarded-for': address } });
}

describe('a merchant’s sealed callback is opened', () => {
  test('whatever another project has stored under his number', async () => {
    const { app } = await setUp();
    const sold = await sell(app);
    await addKeys(app, 'other shop', 600);
    expect(await pay(app, sold)).toBe('paid');
  });

  test('also by a set that has never proved itself', async () => {
    const { app } = await setUp();
    const sold = await sell(app);
    await addKeys(app, 'other shop', 600);
    await app.tamper.unprove();
    expect(await pay(app, sold)).toBe('paid');
  });

  test('though many wrong keys were typed for his own project since: what has proved itself is tried first', async () => {
    const { app, tried } = await setUp();
    const sold = await sell(app);
    await addKeys(app, 'shop', 60);
    expect(await pay(app, sold)).toBe('paid');
    expect(tried.map(({ hash_key }) => hash_key)).toEqual([STAGE.hash_key]);
  });

  test('and from then on the set that opened it is known to be right', async () => {
    const { app, tried } = await setUp();
    const [first, second] = [await sell(app), await sell(app)];
    await app.tamper.unprove();
    await addKeys(app, 'shop', 3);
    await pay(app, first);
    expect(tried.length).toBe(4);
    tried.length = 0;
    await pay(app, second);
    expect(tried.length).toBe(1);
  });
});

describe('an envelope that nothing opens', () => {
  test('is tried on so many sets of each project, however many there are', async () => {
    const { app, tried } = await setUp();
    await addKeys(app, 'shop', 100);
    await addKeys(app, 'other shop', 100);
    expect(await sendGarbage(app)).toMatchObject({
      status: 400,
      text: '0|ECPay encrypted background callback transaction not found.',
    });
    expect(tried.length).toBe(80);
  });

  test('is charged to its address: after sixty within a minute only what has proved itself is tried', async () => {
    const { app, tried } = await setUp();
    const sold = await sell(app);
    await addKeys(app, 'other shop', 5);
    for (let n = 0; n < 60; n += 1) await sendGarbage(app);
    expect(tried.length).toBe(60 * 6);
    tried.length = 0;
    expect((await sendGarbage(app)).status).toBe(400);
    expect(tried.length).toBe(1);
    // The address next door has its own; and a genuine one comes in from the same all the same.
    await sendGarbage(app, '203.0.113.10');
    expect(tried.length).toBe(1 + 6);
    const [genuine] = await app.catchCallbacks(
      () => true,
      () => app.simulate(sold.orderNo, 'pay'),
    );
    const { body, type } = present(genuine);
    const sent = await app.callback(body, type, 'ecpay', {
      headers: { 'x-forwarded-for': ADDRESS },
    });
    expect(sent).toMatchObject({ status: 200, text: '1|OK' });
    tried.length = 0;
    app.clock.advance(MINUTE);
    await sendGarbage(app);
    expect(tried.length).toBe(6);
  });
});
