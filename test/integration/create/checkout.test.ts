import { beforeAll, describe, expect, test } from 'bun:test';
import { DAY, HOUR } from '../../../src/core/time.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { readCredentials, storeCredential } from '../../../src/payments/projects/credentials.ts';
import { JUST_MADE } from '../../support/answers.ts';
import { STAGE, startApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { registerStripe, SIMULATED, tellSimulator } from '../../support/orders.ts';
import { pagePathOf } from '../../support/page-path.ts';

/** All-in-One: order and amount by the shop, the way to pay by the payer. */

const app = useApp({}, 'file');
beforeAll(async () => {
  await registerStripe(app);
  const project = await app.deps.store.findProjectByName('shop');
  if (!project) throw new Error('no project');
  for (const gateway of GATEWAYS) {
    const given = gateway.id === 'ecpay' ? STAGE : SIMULATED[gateway.id];
    const { secrets, environment } = readCredentials(app.deps, gateway, 'test', given);
    const id = await storeCredential(app.deps, project.id, gateway, secrets, environment);
    await app.deps.store.makeCurrentCredential(id);
  }
  await app.deps.store.listKeys();
});

let orders = 0;

async function open(body: object = {}) {
  orders += 1;
  const order = {
    merchant_order_no: `ALL-${orders}`,
    amount: 980,
    buyer_email: 'payer@example.com',
    payok_url: `${app.shop.url}/payok`,
    ...body,
  };
  const answer = await app.call('/api/paycore/checkout', order);
  const { payment_no, payment_url } = answer.json.data ?? {};
  return { answer, order, no: String(payment_no), path: pagePathOf(app, payment_url) };
}

const page = async (path: string): Promise<string> => (await app.request(path)).text();

async function choose(path: string, route: string): Promise<Response> {
  return app.request(path.replace('?', '/choose?'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ route }).toString(),
  });
}

const offered = (html: string): string[] => [...html.matchAll(/data-choice="([^"]+)"/g)].map(([, route = '']) => route);
const statuses = async (no: string): Promise<Record<string, string>> => {
  const id = (await app.deps.store.findPayment(no))?.payment.id ?? 0;
  const attempts = await app.deps.store.listAttempts(id, 50);
  return Object.fromEntries(attempts.map((one) => [`${one.gateway}/${one.method}`, one.status]));
};
const numberOf = async (no: string): Promise<string> => String((await app.find(no)).gateway_order_no);

describe('the payment', () => {
  test('is made with order and amount only, and has no gateway yet', async () => {
    const { answer, order } = await open();
    expect(answer.status).toBe(201);
    // A copy: what is compared with a pattern takes its place.
    expect({ ...answer.json.data }).toMatchObject({
      ...JUST_MADE,
      gateway: null,
      method: 'checkout',
      mode: 'checkout',
      payment_info: {},
      gateway_order_no: null,
    });
    const again = await app.call('/api/paycore/checkout', order);
    expect([again.status, again.json.data.created, again.json.data.payment_no]).toEqual([
      200,
      false,
      answer.json.data.payment_no,
    ]);
    const other = await app.call('/api/paycore/checkout', { ...order, amount: 981 });
    expect([other.status, other.json.error.error_code, other.json.error.payment_no]).toEqual([
      409,
      'ORDER_CONFLICT',
      String(answer.json.data.payment_no),
    ]);
    const direct = await app.create('ecpay/atm', { merchant_order_no: order.merchant_order_no });
    expect([direct.status, direct.json.error.error_code]).toEqual([409, 'ORDER_CONFLICT']);
  });

  test('takes decimals of the currency and nothing that is no amount', async () => {
    const { answer } = await open({ amount: '10.99', currency: 'USD' });
    expect(answer.json.data).toMatchObject({ amount: 10.99, amount_decimal: '10.99', currency: 'USD' });
    for (const amount of ['10.999', '0', '-1', 10.5, '', 'x', null]) {
      const { answer: refused } = await open({ amount, currency: 'USD' });
      expect({ amount, status: refused.status }).toEqual({ amount, status: 422 });
    }
  });

  test('cannot be synced before a gateway was chosen', async () => {
    const { no } = await open();
    const answer = await app.call(`/api/paycore/payments/${no}/sync`, {});
    expect([answer.status, answer.json.error.error_code]).toEqual([422, 'gateway_sync_not_supported']);
  });

  test('expires at the end of its time when nobody chose, and frees the order', async () => {
    const own = await startApp();
    const order = { merchant_order_no: 'NOBODY', amount: 10 };
    const { json } = await own.call('/api/paycore/checkout', order);
    own.clock.advance(24 * 3600_000 + 1);
    await own.close();
    expect((await own.find(String(json.data.payment_no))).status).toBe('expired');
    expect((await own.call('/api/paycore/checkout', order)).status).toBe(201);
    await own.stop();
  });
});

describe('what the payer is offered', () => {
  test('is every kind of way the project has credentials for, in this currency and within its limits', async () => {
    const { path } = await open();
    const ways = offered(await page(path));
    expect(ways).toEqual(['ecpay/aio/credit', 'ecpay/atm', 'ecpay/cvs', 'ecpay/barcode', 'paypal/checkout']);
    const { path: small } = await open({ amount: 12 });
    expect(offered(await page(small))).not.toContain('ecpay/cvs');
    const { path: foreign } = await open({ amount: '9.80', currency: 'SGD' });
    expect(offered(await page(foreign))).toEqual([
      'paypal/checkout',
      'stripe/credit',
      'stripe/alipay',
      'stripe/wechat-pay',
      'stripe/grabpay',
      'stripe/paynow',
    ]);
  });

  test('has in it what will ask the payer for more, and leaves out decimals that a gateway cannot take', async () => {
    const { path } = await open({ amount: 100, currency: 'THB', buyer_email: undefined });
    expect(offered(await page(path))).toContain('stripe/promptpay');
    const { path: known } = await open({ amount: 100, currency: 'THB' });
    expect(offered(await page(known))).toContain('stripe/promptpay');
    const { path: cents } = await open({ amount: '980.50' });
    expect(offered(await page(cents))).toEqual(['stripe/credit']);
  });

  test('is what the merchant says: off, on, in his order, within his terms', async () => {
    const project = await app.deps.store.findProjectByName('shop');
    const id = project?.id ?? 0;
    const methods = {
      'smilepay/atm': { enabled: false },
      'ecpay/aio': { enabled: true },
      'plus/atm': { position: 1 },
      'ecpay/cvs': { position: 2 },
    };
    await app.deps.store.changeProject(id, { fields: {}, methods });
    await app.deps.store.setLimit(id, 'ecpay/barcode', { min: 1000, max: 2000 });
    const ways = offered(await page((await open()).path));
    expect(ways.slice(0, 2)).toEqual(['plus/atm', 'ecpay/cvs']);
    expect(ways).toContain('ecpay/aio');
    expect(ways).not.toContain('smilepay/atm');
    expect(ways).not.toContain('ecpay/barcode');
    await app.deps.store.setLimit(id, 'ecpay/barcode', null);
    const undo = Object.fromEntries(Object.keys(methods).map((route) => [route, { enabled: null, position: null }]));
    await app.deps.store.changeProject(id, { fields: {}, methods: undo });
  });

  test('is nothing without credentials, and the page says so', async () => {
    const { json } = await app.call(
      '/api/paycore/checkout',
      { merchant_order_no: 'BARE', amount: 980 },
      {
        'x-api-key': app.keys.other.api_key,
      },
    );
    const html = await page(String(json.data.payment_url).slice(app.url.length));
    expect(offered(html)).toEqual([]);
    expect(html).toContain('data-status="pending"');
  });
});

describe('the choice', () => {
  test('takes a number once, however often the button is pressed, and is shown on the page', async () => {
    const { no, path } = await open();
    const answers = await Promise.all([1, 2, 3].map(() => choose(path, 'ecpay/atm')));
    expect(answers.map((one) => one.status)).toEqual([303, 303, 303]);
    expect(await statuses(no)).toEqual({ 'ecpay/atm': 'open' });
    const html = await page(path);
    expect(html).toContain('data-method="atm"');
    expect(html).toContain('data-change');
    const data = await app.find(no);
    expect(data).toMatchObject({
      gateway: 'ecpay',
      method: 'atm',
      mode: 'background',
      environment: 'stage',
      amount: 980,
    });
    expect(data.payment_info).toHaveProperty('virtual_account');
  });

  test('of something that is not offered changes nothing', async () => {
    const { no, path } = await open();
    for (const route of ['ecpay/nothing', 'stripe/fpx', '', '../../..', 'constructor']) await choose(path, route);
    expect(await statuses(no)).toEqual({});
    expect((await app.find(no)).gateway).toBeNull();
  });

  test('that the gateway refuses leaves the payer to choose another way', async () => {
    const { no, path } = await open();
    await tellSimulator(app, 'faults', { route: 'gen-payment-code', kind: 'refuse' });
    expect((await choose(path, 'ecpay/cvs')).status).toBe(422);
    expect(await statuses(no)).toEqual({ 'ecpay/cvs': 'ended' });
    expect(offered(await page(path))).toContain('ecpay/cvs');
    await choose(path, 'ecpay/cvs');
    expect((await app.find(no)).payment_info).toHaveProperty('payment_code');
  });

  test('may change while unpaid: ATM, store code, card, and the first code pays after all', async () => {
    await app.deliver();
    app.shop.received.length = 0;
    const { no, path } = await open();
    await choose(path, 'ecpay/atm');
    const atm = await numberOf(no);
    await choose(`${path}&choose=1`, 'smilepay/cvs');
    const cvs = await numberOf(no);
    await choose(path, 'stripe/credit');
    expect(await page(path)).toContain('data-pay-element');
    expect(await statuses(no)).toEqual({ 'ecpay/atm': 'open', 'smilepay/cvs': 'open', 'stripe/credit': 'open' });
    expect(offered(await page(`${path}&choose=1`))).toContain('ecpay/barcode');
    expect(new Set([atm, cvs, await numberOf(no)]).size).toBe(3);

    await app.simulate(atm, 'pay');
    expect(await statuses(no)).toEqual({ 'ecpay/atm': 'paid', 'smilepay/cvs': 'ended', 'stripe/credit': 'ended' });
    expect(await app.find(no)).toMatchObject({ status: 'paid', gateway: 'ecpay', method: 'atm', flags: [] });
    expect(await page(path)).toContain('data-status="paid"');
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'payment.paid', payment_no: no, gateway: 'ecpay', method: 'atm', amount: 980 },
    ]);
  });

  test('paid twice is flagged, and a shop that wants to know is told', async () => {
    const project = await app.deps.store.findProjectByName('shop');
    await app.deps.store.changeProject(project?.id ?? 0, { fields: {}, methods: {}, events: ['payment.duplicate'] });
    const { no, path } = await open();
    await choose(path, 'ecpay/atm');
    const atm = await numberOf(no);
    await choose(path, 'plus/atm');
    const plus = await numberOf(no);
    await app.simulate(plus, 'pay');
    await app.deliver();
    app.shop.received.length = 0;
    await app.simulate(atm, 'pay');
    expect((await app.find(no)).flags).toEqual(['duplicate', 'attention']);
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body).event)).toEqual(['payment.duplicate']);
    await app.deps.store.changeProject(project?.id ?? 0, { fields: {}, methods: {}, events: [] });
  });

  test('made before is found again: the number the payer has written down stays his', async () => {
    const { no, path } = await open();
    await choose(path, 'ecpay/cvs');
    const first = await numberOf(no);
    await choose(path, 'ecpay/atm');
    await choose(path, 'ecpay/cvs');
    expect(await numberOf(no)).toBe(first);
    expect(Object.keys(await statuses(no)).length).toBe(2);
  });

  test('of a form at the gateway takes its number when the payer goes there', async () => {
    const { no, path } = await open();
    await choose(path, 'ecpay/aio/credit');
    expect(await statuses(no)).toEqual({});
    const gone = await app.request(path.replace('?', '/go?'), { method: 'POST' });
    expect([gone.status, (await gone.text()).includes('AioCheckOut')]).toEqual([200, true]);
    expect(await statuses(no)).toEqual({ 'ecpay/credit': 'open' });
  });

  test('lives until its own end even when choosing is over, and the payment with it', async () => {
    const { own, no, path, take } = await openAlone();
    await take('ecpay/atm');
    own.clock.advance(25 * 3600_000);
    await own.close();
    expect((await own.find(no)).status).toBe('pending');
    expect(await (await own.request(path)).text()).not.toContain('data-change');
    own.clock.advance(10 * 24 * 3600_000);
    await own.check();
    expect((await own.find(no)).status).toBe('expired');
    await own.simulate(String((await own.find(no)).gateway_order_no), 'pay');
    expect(await own.find(no)).toMatchObject({ status: 'paid', flags: ['late'] });
    await own.stop();
  });

  test('that came to nothing is looked at twice more, then never again, whatever became of the payment', async () => {
    for (const end of ['expired', 'paid'] as const) {
      const { own, no, take } = await openAlone();
      await tellSimulator(own, 'faults', { route: 'gen-payment-code', kind: 'refuse' });
      await take('ecpay/atm');
      const refused = (await own.deps.store.findPayment(no))?.attempt;
      const due = async () => (await own.deps.store.findAttempt(refused?.id ?? 0))?.checkAt;
      const { deadline = 0 } = refused ?? {};
      expect([refused?.status, await due()]).toEqual(['ended', deadline + HOUR]);
      if (end === 'paid') {
        await take('ecpay/cvs');
        await own.simulate(String((await own.find(no)).gateway_order_no), 'pay');
      }
      for (const [at, next] of [
        [deadline + HOUR, deadline + DAY],
        [deadline + DAY, null],
      ] as const) {
        own.clock.advance(at - own.clock.now());
        await own.close();
        await own.check();
        expect([end, await due()]).toEqual([end, next]);
      }
      expect((await own.find(no)).status).toBe(end);
      await own.stop();
    }
  });
});

/** A checkout in an app of its own, with ECPay. */
async function openAlone() {
  const own = await startApp();
  const project = await own.deps.store.findProjectByName('shop');
  const gateway = GATEWAYS.find(({ id }) => id === 'ecpay');
  if (!project || !gateway) throw new Error('no project');
  const id = await storeCredential(own.deps, project.id, gateway, STAGE, 'stage');
  await own.deps.store.makeCurrentCredential(id);
  const { json } = await own.call('/api/paycore/checkout', { merchant_order_no: 'LONG', amount: 980 });
  const path = String(json.data.payment_url).slice(own.url.length);
  const take = (route: string) =>
    own.request(path.replace('?', '/choose?'), { method: 'POST', body: new URLSearchParams({ route }) });
  return { own, no: String(json.data.payment_no), path, take };
}
