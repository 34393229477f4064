import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { chooseWay, startChoice } from '../../support/choice.ts';
import { SIMULATED } from '../../support/orders.ts';
import { pagePathOf } from '../../support/page-path.ts';

/** What a gateway wants to know of the payer, and the shop did not say: PromptPay's e-mail address. */

const apps: TestApp[] = [];
let app: TestApp;
beforeAll(async () => {
  app = await startChoice(apps);
});
afterAll(() => app.stop());

const pathOf = (data: Readonly<Record<string, unknown>>) => pagePathOf(app, data.payment_url);
const page = async (path: string) => (await app.request(path)).text();

async function sell(body: object = {}) {
  const order = { amount: 12_000, currency: undefined, gateway_credentials: SIMULATED.stripe, ...body };
  const { status, json } = await app.create('stripe/promptpay', order);
  return { status, data: json.data, no: String(json.data.payment_no), path: pathOf(json.data) };
}

function fillIn(path: string, fields?: Readonly<Record<string, string>>): Promise<Response> {
  const body = fields ? { body: new URLSearchParams(fields) } : {};
  return app.request(path.replace('?', '/go?'), { method: 'POST', ...body });
}

const intents = () => app.gateway.received.filter(({ path, body }) => path === '/v1/payment_intents' && body !== '');

describe('a PromptPay payment without an address', () => {
  test('is made, and its page asks for one without any script', async () => {
    const before = intents().length;
    const { status, data, path } = await sell();
    expect([status, data.status, data.payment_info]).toEqual([201, 'pending', { stripe_payment_method: 'promptpay' }]);
    const html = await page(path);
    expect(html).toContain('data-asks="buyer_email"');
    expect(html).toMatch(/<label for="buyer_email">/);
    expect(html).toMatch(/<input type="email"[^>]*name="buyer_email"/);
    // Nothing is sent off by itself.
    expect(html).not.toContain('data-go="first"');
    expect(await page(path.replace('/zh-tw/', '/en/'))).toContain('Stripe needs an e-mail address');
    expect(intents().length).toBe(before);
  });

  test('takes what the payer fills in, and shows the code', async () => {
    const { no, path } = await sell();
    const answer = await fillIn(path, { buyer_email: ' somchai@example.co.th ' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
    expect(intents().at(-1)?.body).toContain(encodeURIComponent('somchai@example.co.th'));
    const html = await page(path);
    expect(html).toContain('data-screen="instructions"');
    expect(html).not.toContain('data-asks');
    const { gateway_trade_no, payment_info } = await app.find(no);
    expect(payment_info).toMatchObject({ stripe_payment_method: 'promptpay', qr_data: expect.any(String) });
    await app.simulate(String(gateway_trade_no), 'pay');
    expect((await app.find(no)).status).toBe('paid');
  });

  test('asks again for what is no address, and for nothing at all, and calls nobody', async () => {
    const { path } = await sell();
    const before = intents().length;
    for (const [fields, shown] of [
      [{ buyer_email: 'som"chai' }, 'som&quot;chai'],
      [{ buyer_email: `${'x'.repeat(150)}@example.com` }, 'xxx'],
      [{ buyer_email: '' }, 'aria-invalid'],
      [undefined, 'aria-invalid'],
    ] as const) {
      const html = await (await fillIn(path, fields)).text();
      expect(html).toContain('data-problem="buyer_email"');
      expect(html).toContain(shown);
      // What is loaded anew is the page: nothing can be read where the form was sent to.
      expect(html).toContain(`data-returned="${path}"`);
    }
    expect(intents().length).toBe(before);
  });

  test('keeps the first address, however often the button is pressed', async () => {
    const { no, path } = await sell();
    const before = intents().length;
    await Promise.all([
      fillIn(path, { buyer_email: 'one@example.com' }),
      fillIn(path, { buyer_email: 'two@example.com' }),
    ]);
    const order = (await app.deps.store.findPayment(no))?.payment.order;
    const sent = intents().slice(before);
    const addresses = sent.map(({ body }) =>
      new URLSearchParams(body).get('payment_method_data[billing_details][email]'),
    );
    expect(new Set(addresses)).toEqual(new Set([order?.buyerEmail ?? null]));
  });

  test('is the same payment when it is asked for again, may be cancelled, and expires with its day', async () => {
    const body = { merchant_order_no: 'ASKED-1' };
    const { no } = await sell(body);
    expect(await sell(body)).toMatchObject({ status: 200, no, data: { created: false } });
    const cancelled = await app.call(`/api/paycore/payments/${no}/cancel`, {});
    expect([cancelled.status, cancelled.json.data.status]).toEqual([200, 'failed']);
    const { no: other } = await sell();
    app.clock.advance(DAY + 1);
    await app.close();
    expect((await app.find(other)).status).toBe('expired');
  });

  test('asks nothing when the shop has said it', async () => {
    const { status, data } = await sell({ buyer_email: 'shop@example.com' });
    expect([status, data.payment_info]).toEqual([201, expect.objectContaining({ qr_data: expect.any(String) })]);
  });
});

test('at the All-in-One checkout it is offered all the same, and asked for when it is chosen', async () => {
  const { json } = await app.call('/api/paycore/checkout', {
    merchant_order_no: 'ASKED-2',
    amount: 120,
    currency: 'THB',
  });
  const path = pathOf(json.data);
  expect(await page(path)).toContain('data-choice="stripe/promptpay"');
  await chooseWay(app, path, 'stripe/promptpay');
  expect(await page(path)).toContain('data-asks="buyer_email"');
  expect((await fillIn(path, { buyer_email: 'late@example.com' })).status).toBe(303);
  expect(await page(path)).toContain('data-screen="instructions"');
});

test('ECPay’s form in our page is asked for likewise, and then shown', async () => {
  const project = await app.deps.store.findProjectByName('shop');
  await app.deps.store.changeProject(project?.id ?? 0, { fields: {}, methods: { 'ecpay/ecpg': { enabled: true } } });
  const { json } = await app.call('/api/paycore/checkout', { merchant_order_no: 'ASKED-3', amount: 980 });
  const path = pathOf(json.data);
  await chooseWay(app, path, 'ecpay/ecpg');
  expect(await page(path)).toContain('data-asks="buyer_email"');
  await fillIn(path, { buyer_email: 'late@example.com' });
  expect(await page(path)).toContain('data-screen="insite"');
  const form = await app.request(path.replace('?', '/form?'), { method: 'POST' });
  expect(form.status).toBe(200);
});

test('ECPay’s form asks for a number when the address is one that ECPay does not take', async () => {
  const body = {
    merchant_order_no: 'ASKED-4',
    amount: 980,
    buyer_email: `${'x'.repeat(60)}@${'y'.repeat(50)}.example`,
  };
  const path = pathOf((await app.call('/api/paycore/checkout', body)).json.data);
  await chooseWay(app, path, 'ecpay/ecpg');
  expect(await page(path)).toMatch(/data-asks="buyer_mobile".*<input type="tel"/s);
  expect(await (await fillIn(path, { buyer_mobile: '+886/912345678' })).text()).toContain(
    'data-problem="buyer_mobile"',
  );
  await fillIn(path, { buyer_mobile: '0912 345 678' });
  expect(await page(path)).toContain('data-screen="insite"');
});

test('a gateway that wants several things is told them at once; what was sent stays until all of it is right', async () => {
  const needs = [['buyer_name'], ['buyer_phone', 'buyer_tel'], ['buyer_email'], ['buyer_mobile']] as const;
  const gateways = GATEWAYS.map((gateway) =>
    gateway.id === 'stripe' ? { ...gateway, methods: gateway.methods.map((one) => ({ ...one, needs })) } : gateway,
  );
  const other = await startApp({ gateways });
  const order = {
    amount: 12_000,
    currency: undefined,
    gateway_credentials: SIMULATED.stripe,
    buyer_tel: '02-12345678',
  };
  const { data } = (await other.create('stripe/promptpay', order)).json;
  const path = String(data.payment_url).slice(other.url.length);
  const send = (fields: Readonly<Record<string, string>>) =>
    other.request(path.replace('?', '/go?'), { method: 'POST', body: new URLSearchParams(fields) });
  expect(await (await other.request(path)).text()).toContain('data-asks="buyer_name buyer_email buyer_mobile"');

  const wrong = await (
    await send({ buyer_name: '<王小明>', buyer_mobile: '091', buyer_email: 'ming@example.com' })
  ).text();
  expect(wrong).toContain('value="&lt;王小明>"');
  expect([...wrong.matchAll(/data-problem="(\w+)"/g)].map(([, name]) => name)).toEqual(['buyer_mobile']);
  expect(wrong).toMatch(/<input type="tel"[^>]* autofocus/);
  const both = await (await send({ buyer_name: ' ', buyer_email: 'ming@example.com', buyer_mobile: 'abc' })).text();
  expect([...both.matchAll(/<input[^>]* name="(\w+)"[^>]* autofocus/g)].map(([, name]) => name)).toEqual([
    'buyer_name',
  ]);
  const kept = async () => (await other.deps.store.findPayment(String(data.payment_no)))?.payment.order;
  expect((await kept())?.buyerName).toBeUndefined();

  const right = {
    buyer_name: '王小明',
    buyer_email: 'ming@example.com',
    buyer_mobile: '0912-345-678',
    buyer_phone: '1',
  };
  expect((await send(right)).status).toBe(303);
  // What nobody asked for is not taken, and what the shop said stays.
  expect(await kept()).toMatchObject({ buyerName: '王小明', buyerMobile: '0912-345-678', buyerTel: '02-12345678' });
  expect((await kept())?.buyerPhone).toBeUndefined();
  await other.stop();
});
