import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { buildPageModel } from '../../../src/payments/checkout/page.ts';
import { changeProject } from '../../../src/payments/projects/projects.ts';
import type { Project } from '../../../src/store/queries/projects.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');

async function project(name = 'shop'): Promise<Project> {
  const found = await app.deps.store.findProjectByName(name);
  if (!found) throw new Error(`no project ${name}`);
  return found;
}

const change = async (given: Record<string, unknown>) => changeProject(app.deps, (await project()).id, given);

async function refusal(given: Record<string, unknown>): Promise<PayCoreError> {
  try {
    await change(given);
  } catch (error) {
    if (error instanceof PayCoreError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** What was kept of a payment's request. */
async function orderOf(body: object, headers = {}) {
  const { status, json } = await app.create('ecpay/cvs', body, headers);
  expect(status).toBe(201);
  return (await app.deps.store.findPayment(String(json.data.payment_no)))?.payment.order;
}

const NONE = { success_url: undefined, payok_url: undefined };

describe('settings of a project', () => {
  test('are stored one by one and survive a restart of the server', async () => {
    await change({ display_name: 'Bean & Leaf', accent: '#0b6b5d' });
    await change({ contact: 'help@bean.example' });
    await app.restart();
    const kept = { display_name: 'Bean & Leaf', accent: '#0b6b5d', contact: 'help@bean.example' };
    expect((await project()).settings).toEqual(kept);
    expect((await project('other shop')).settings).toEqual({});
    await change({ display_name: '', accent: null, contact: '' });
    expect((await project()).settings).toEqual({});
  });

  test('two changes that come at once both count', async () => {
    await Promise.all([
      change({ methods: { 'stripe/fpx': { enabled: false } } }),
      change({ methods: { 'ecpay/cvs': { position: 1 } } }),
      change({ contact: 'call' }),
    ]);
    expect((await project()).settings).toEqual({
      contact: 'call',
      methods: { 'stripe/fpx': { enabled: false }, 'ecpay/cvs': { position: 1 } },
    });
    await change({ contact: '', methods: { 'stripe/fpx': { enabled: null }, 'ecpay/cvs': { position: null } } });
  });

  test('that are bad are refused with every bad field, and the good ones among them are not stored', async () => {
    const error = await refusal({ accent: 'red', contact: 'fine', methods: { 'ecpay/gold': { enabled: true } } });
    expect([error.status, error.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(Object.keys(error.details.fields ?? {}).sort()).toEqual(['accent', 'methods']);
    expect((await project()).settings).toEqual({});
  });

  test.each(['http://10.0.0.7/payok', 'http://192.168.0.9:8000/payok', 'http://169.254.169.254/latest'])(
    'a payok_url at %s is refused as in a request',
    async (payok_url) => {
      const error = await refusal({ payok_url });
      expect(Object.keys(error.details.fields ?? {})).toEqual(['payok_url']);
      expect((await project()).settings).toEqual({});
    },
  );
});

describe('addresses of the project', () => {
  const urls = {
    success_url: 'https://shop.example/thanks',
    cancel_url: 'https://shop.example/cart',
    payok_url: 'https://shop.example/payok',
  };

  test('are used where a request leaves them out, also as null or empty text', async () => {
    await change(urls);
    for (const missing of [undefined, null, '']) {
      const order = await orderOf({ success_url: missing, cancel_url: missing, payok_url: missing });
      expect(order).toMatchObject({
        successUrl: urls.success_url,
        cancelUrl: urls.cancel_url,
        payokUrl: urls.payok_url,
      });
    }
  });

  test('do not stand in the way of what a request says', async () => {
    await change(urls);
    const own = { success_url: 'https://own.example/s', cancel_url: 'https://own.example/c' };
    const order = await orderOf({ ...own, payok_url: `${app.shop.url}/payok` });
    expect(order).toMatchObject({ successUrl: own.success_url, cancelUrl: own.cancel_url });
    expect(order?.payokUrl).toBe(`${app.shop.url}/payok`);
  });

  test('leave a return_url what it stands for', async () => {
    await change(urls);
    const order = await orderOf({ ...NONE, return_url: 'https://own.example/return' });
    expect(order?.successUrl).toBeUndefined();
    expect(order?.returnUrl).toBe('https://own.example/return');
  });

  test('belong to their own project only', async () => {
    await change(urls);
    const order = await orderOf(NONE, { 'x-api-key': app.keys.other.api_key });
    expect([order?.successUrl, order?.payokUrl]).toEqual([undefined, undefined]);
  });

  test('that cannot be reached any more are said in the answer to a create', async () => {
    await app.tamper.setSettings('shop', { payok_url: 'http://10.0.0.7/payok' });
    const { status, json } = await app.create('ecpay/cvs', NONE);
    expect([status, json.error.error_code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(json.error.fields?.payok_url?.[0]).toContain('PAYCORE_NOTIFY_ALLOW');
    await change({ payok_url: '' });
  });

  test('the payok_url is where the notification goes', async () => {
    await change({ payok_url: `${app.shop.url}/from-settings` });
    const { json } = await app.create('ecpay/atm', NONE);
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    app.shop.received.length = 0;
    await app.deliver();
    expect(app.shop.received.map(({ path }) => path)).toEqual(['/from-settings']);
    await change({ success_url: '', cancel_url: '', payok_url: '' });
  });
});

describe('events of a project', () => {
  test('are sent only when asked for; payment.paid always', async () => {
    await change({ events: ['payment.attention'] });
    expect((await project()).events).toEqual(['payment.paid', 'payment.attention']);
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'forge', { kind: 'amount' });
    expect((await app.rows.outbox()).at(-1)?.event).toBe('payment.attention');
    await change({ events: [] });
    expect((await project()).events).toEqual(['payment.paid']);
  });
});

describe('branding', () => {
  test('reaches the payment page and the form that leads to the gateway', async () => {
    await change({
      display_name: 'Bean & Leaf <b>',
      accent: '#0b6b5d',
      contact: '02-1234',
      logo_url: 'https://x.example/l.png',
    });
    const { json } = await app.create('ecpay/aio');
    const found = await app.deps.store.findPayment(String(json.data.payment_no));
    if (!found) throw new Error('no payment');
    const model = await buildPageModel(app.deps, found, 'en');
    expect(model.shopName).toBe('Bean & Leaf <b>');
    expect(model.brand).toEqual({ accent: '#0b6b5d', contact: '02-1234', logoUrl: 'https://x.example/l.png' });
    const { pathname, search } = new URL(String(json.data.payment_url));
    const pages = [
      await app.request(pathname + search),
      await app.request(`${pathname}/go${search}`, { method: 'POST' }),
    ];
    for (const page of pages) expect(await page.text()).toContain('Bean &amp; Leaf &lt;b');
  });

  test('without any, the project’s name is shown', async () => {
    await change({ display_name: '', accent: '', contact: '', logo_url: '' });
    const { json } = await app.create('ecpay/atm');
    const found = await app.deps.store.findPayment(String(json.data.payment_no));
    if (!found) throw new Error('no payment');
    const model = await buildPageModel(app.deps, found, 'en');
    expect([model.shopName, model.brand]).toEqual(['shop', { accent: null, contact: null, logoUrl: null }]);
  });
});

describe('the list of projects', () => {
  test('counts the keys that are not revoked', async () => {
    const revoked = (await app.deps.store.listKeys()).find(({ projectName }) => projectName === 'other shop');
    await app.deps.store.revokeKey(revoked?.id ?? 0, app.clock.now());
    expect(await app.deps.store.listProjects()).toMatchObject([
      { name: 'shop', liveKeys: 1, testKeys: 1 },
      { name: 'other shop', liveKeys: 0, testKeys: 0 },
    ]);
  });
});
