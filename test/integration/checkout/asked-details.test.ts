import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import type { TestApp } from '../../support/app.ts';
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
