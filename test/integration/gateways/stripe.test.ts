import { describe, expect, test } from 'bun:test';
import type { NotificationEvent } from '../../../src/core/payment.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { scanPicture } from '../../browser/support/scan.ts';
import { INTENTS, KEYS, type Opened, useStripe } from './stripe-support.ts';

const bench = useStripe();
const go = ({ page }: Opened) => bench.app.request(page.replace('?', '/go?'), { method: 'POST' });
const sync = ({ paymentNo }: Opened) => bench.app.call(`/api/paycore/payments/${paymentNo}/sync`, {});
const eventsOf = async ({ paymentNo }: Opened): Promise<readonly string[]> => {
  const found = await bench.app.deps.store.findPayment(paymentNo);
  return (await bench.app.deps.store.listEvents(found?.payment.id ?? 0)).map((event) => event.type);
};
const looksOf = async (opened: Opened) => (await eventsOf(opened)).filter((type) => type === 'sync');

describe('the whole way', () => {
  test('a card is paid in Stripe’s form: the event makes the payment paid and the shop is told', async () => {
    const opened = await bench.open();
    expect(opened.info).toEqual({ stripe_payment_method: 'card', payment_intent: opened.intent });
    bench.app.clock.advance(MINUTE);
    await bench.app.simulate(opened.orderNo, 'pay');
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({
      status: 'paid',
      amount: 98_000,
      amount_decimal: '980.00',
      gateway_trade_no: opened.intent,
      paid_at: '2026-06-22T15:31:00+08:00',
      livemode: false,
      environment: 'sandbox',
      flags: [],
    });
    bench.app.shop.received.length = 0;
    await bench.app.deliver();
    expect(bench.app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'payment.paid', payment_no: opened.paymentNo, gateway: 'stripe', method: 'credit', amount: 98_000 },
    ]);
  });

  for (const [path, currency, type] of [
    ['wechat-pay', 'CNY', 'wechat_pay'],
    ['paynow', undefined, 'paynow'],
    ['promptpay', undefined, 'promptpay'],
  ] as const) {
    test(`${path} shows a QR code of its own and is paid by it`, async () => {
      const opened = await bench.open(path, { currency, amount: 10_000, buyer_email: 'kao@example.com' });
      const { info } = (await bench.simulated(opened.orderNo)) as { info: { qr: string } };
      expect(opened.info).toEqual({ stripe_payment_method: type, payment_intent: opened.intent, qr_data: info.qr });
      expect(await (await bench.app.request(opened.page)).text()).toContain('data-pay-qr');
      const picture = opened.page.replace('?', '/qr.png?');
      const saved = await bench.app.request(picture);
      expect([saved.status, saved.headers.get('content-type')]).toEqual([200, 'image/png']);
      expect(await scanPicture(Buffer.from(await saved.bytes()), 'QRCode')).toEqual([info.qr]);
      expect((await bench.app.request(picture.replace(/token=.*/, 'token=wrong'))).status).toBe(404);
      await bench.app.simulate(opened.orderNo, 'pay');
      expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', method: path });
      // Nothing that could still be paid.
      expect((await bench.app.request(picture)).status).toBe(404);
    });
  }

  for (const [path, currency] of [
    ['alipay', 'HKD'],
    ['grabpay', 'MYR'],
    ['fpx', undefined],
  ] as const) {
    test(`${path} is paid through Stripe’s form`, async () => {
      const opened = await bench.open(path, { currency, amount: 10_000 });
      await bench.app.simulate(opened.orderNo, 'pay');
      expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', method: path });
    });
  }

  test('amounts that Stripe counts otherwise come back right', async () => {
    for (const [currency, amount, decimal] of [
      ['ISK', 50_000, '500'],
      ['JPY', 500, '500'],
      ['MGA', 5000, '5000.00'],
    ] as const) {
      const opened = await bench.open('credit', { currency, amount });
      await bench.app.simulate(opened.orderNo, 'pay');
      expect(await bench.app.find(opened.paymentNo)).toMatchObject({
        status: 'paid',
        amount,
        amount_decimal: decimal,
        flags: [],
      });
    }
  });

  test('the page loads the form from where the operator said, and holds no secret', async () => {
    const opened = await bench.open();
    const page = await bench.app.request(opened.page);
    const html = await page.text();
    expect(html).toContain(`data-script-url="${bench.app.gateway.url}/dahlia/stripe.js"`);
    expect(html).toContain(KEYS.publishable_key);
    for (const secret of [KEYS.secret_key, KEYS.webhook_secret]) expect(html).not.toContain(secret);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self' ${bench.app.gateway.url}`);
    expect(policy).toContain(`frame-src ${bench.app.gateway.url}`);
    expect(policy).not.toContain('stripe.com');
  });
});

describe('a try that does not work', () => {
  test('a declined card ends nothing; the payer who comes back hears of it once', async () => {
    const opened = await bench.open();
    await bench.app.simulate(opened.orderNo, 'decline', { callback: false });
    const back = () =>
      bench.app.request(`/zh-tw/payment/stripe/return/${opened.paymentNo}?payment_intent=${opened.intent}`);
    const attempt = async () => (await bench.app.deps.store.findByGatewayTradeNo('stripe', opened.intent))?.attempt;
    expect((await back()).status).toBe(200);
    expect(await attempt()).toMatchObject({ status: 'open', declines: 1 });
    const told = await (await back()).text();
    expect(await attempt()).toMatchObject({ status: 'open', declines: 1 });
    // The number of the intent tells what came of it, and opens nothing.
    expect(told).toContain('data-notice="declined"');
    const { instructions } = (await attempt()) ?? {};
    const secret = instructions?.type === 'element' ? instructions.clientSecret : 'no element';
    for (const hidden of [opened.paymentNo, '_secret_', secret, bench.app.deps.vault.makePageToken(opened.paymentNo)])
      expect(told).not.toContain(hidden);
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    await back();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid' });
  });

  test('another QR code ends the first one at Stripe, and both are listened to', async () => {
    const opened = await bench.open('paynow', { amount: 10_000 });
    expect((await go(opened)).status).toBe(303);
    const now = await bench.app.find(opened.paymentNo);
    expect(now).toMatchObject({ status: 'pending' });
    expect(now.gateway_trade_no).not.toBe(opened.intent);
    expect(await bench.simulated(opened.intent)).toMatchObject({ status: 'canceled' });
    await bench.app.simulate(String(now.gateway_order_no), 'pay');
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', flags: [] });
  });

  test('a code that was paid a moment ago is not replaced', async () => {
    const opened = await bench.open('paynow', { amount: 10_000 });
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    await go(opened);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', gateway_trade_no: opened.intent });
  });

  test('an intent that was canceled at Stripe leaves the payment open, and the button opens another', async () => {
    const opened = await bench.open();
    await bench.app.simulate(opened.orderNo, 'cancel');
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({
      status: 'pending',
      gateway_trade_no: opened.intent,
    });
    await go(opened);
    const now = await bench.app.find(opened.paymentNo);
    expect(now.gateway_trade_no).not.toBe(opened.intent);
    await bench.app.simulate(String(now.gateway_order_no), 'pay');
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid' });
  });

  test('nobody pays: it expires a day and an hour later, after a last question, and cannot be paid any more', async () => {
    const opened = await bench.open();
    bench.app.clock.advance(DAY + MINUTE);
    await bench.app.check();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'pending' });
    bench.app.clock.advance(HOUR);
    bench.app.gateway.received.length = 0;
    await bench.app.check();
    const paths = bench.app.gateway.received
      .map(({ path }) => path.split('?')[0] ?? '')
      .filter((path) => path.includes(opened.intent));
    expect(paths).toEqual([`${INTENTS}/${opened.intent}`, `${INTENTS}/${opened.intent}/cancel`]);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'expired', reason: 'EXPIRED' });
    expect((await bench.app.simulate(opened.orderNo, 'pay')).paid).not.toBe(true);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'expired' });
  });

  test('while Stripe cannot end it, it does not expire', async () => {
    const opened = await bench.open();
    bench.app.clock.advance(DAY + HOUR + MINUTE);
    bench.app.gateway.answer = ({ path }) => (path.endsWith('/cancel') ? new Response('busy', { status: 500 }) : null);
    await bench.app.check();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'pending' });
    bench.app.gateway.answer = null;
    bench.app.clock.advance(HOUR);
    await bench.app.check();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'expired' });
  });
});

describe('an event that is lost, doubtful or about something else', () => {
  test('a lost one is made up for by asking, with the time of payment that Stripe names', async () => {
    const opened = await bench.open();
    const paidAt = bench.app.clock.now();
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    bench.app.clock.advance(5 * MINUTE);
    const { json } = await sync(opened);
    expect(json.data).toMatchObject({ status: 'paid', sync: { asked: true, result: 'paid' } });
    expect(Date.parse(String(json.data.paid_at))).toBe(Math.floor(paidAt / 1000) * 1000);
  });

  test('that nobody signed and that names what is ours is refused, whatever it looks like', async () => {
    const opened = await bench.open();
    const { paymentNo, intent, orderNo } = opened;
    const type = 'payment_intent.succeeded';
    for (const event of [
      { event_type: 'example.event', resource: { payment_no: paymentNo } },
      { type, data: { object: { id: intent } } },
      { type, data: { object: { id: intent, object: 'payment_intent', status: 'succeeded' } } },
      { type, data: { object: { object: 'charge', payment_intent: intent } } },
      { type, data: { object: { metadata: { payment_no: paymentNo } } } },
      { type, data: { object: { id: 'pi_3Unheard', object: 'payment_intent', metadata: { payment_no: paymentNo } } } },
      { type, data: { object: { metadata: { gateway_order_no: orderNo } } } },
    ]) {
      const { status, text } = await bench.app.callback(JSON.stringify(event), 'application/json', 'stripe');
      expect([event, status, JSON.parse(text).error?.error_code]).toEqual([
        event,
        400,
        'STRIPE_WEBHOOK_SIGNATURE_INVALID',
      ]);
    }
    // What names nothing of ours is what an account’s other business looks like.
    const foreign = { event_type: 'example.event', resource: { payment_no: 'PAY202606220001ABCDEFGH' } };
    expect((await bench.app.callback(JSON.stringify(foreign), 'application/json', 'stripe')).status).toBe(200);
    expect(await bench.app.find(paymentNo)).toMatchObject({ status: 'pending', flags: [] });
  });

  test('without a webhook_secret every event makes us ask, and Stripe’s answer counts', async () => {
    const keys = { secret_key: 'sk_test_51Bare', publishable_key: 'pk_test_51Bare' };
    const opened = await bench.open('credit', { gateway_credentials: keys });
    const object = {
      id: opened.intent,
      object: 'payment_intent',
      status: 'succeeded',
      amount_received: 98_000,
      currency: 'twd',
    };
    const forged = (id: string) =>
      bench.app.callback(
        JSON.stringify({ id, type: 'payment_intent.succeeded', data: { object } }),
        'application/json',
        'stripe',
      );
    expect((await forged('evt_1')).status).toBe(400);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'pending' });
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    expect((await forged('evt_2')).status).toBe(200);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid' });
    await bench.app.simulate(opened.orderNo, 'refund', { amount: 5000, callback: false });
    expect((await forged('evt_3')).status).toBe(200);
    await bench.app.refunds();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', refunded_amount: 5000 });
  });

  test('every kind of forgery of the simulator’s is seen through', async () => {
    for (const kind of ['bad-signature', 'no-signature', 'v0-only', 'old-timestamp', 'other-secret', 'empty-secret']) {
      const opened = await bench.open();
      await bench.app.simulate(opened.orderNo, 'forge', { kind });
      expect([kind, (await bench.app.find(opened.paymentNo)).status]).toEqual([kind, 'pending']);
    }
    for (const kind of ['amount', 'currency', 'other-intent']) {
      const opened = await bench.open();
      await bench.app.simulate(opened.orderNo, 'forge', { kind });
      expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'pending' });
    }
  });

  test('money that goes back leaves the payment paid; a dispute is put before a person', async () => {
    const opened = await bench.open();
    await bench.app.simulate(opened.orderNo, 'pay');
    await bench.app.simulate(opened.orderNo, 'refund', { amount: 5000 });
    await bench.app.simulate(opened.orderNo, 'dispute');
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', flags: ['attention'] });
    const taken = (await eventsOf(opened)).filter((type) => type === 'callback.accepted');
    // charge.succeeded, payment_intent.succeeded, charge.refunded, charge.dispute.created, and perhaps …created.
    expect(taken.length).toBeGreaterThanOrEqual(4);
  });

  test('money of which a part went back before we asked is paid, and Stripe is asked how much went back', async () => {
    const opened = await bench.open('credit', { payok_url: `${bench.app.shop.url}/payok` });
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    await bench.app.simulate(opened.orderNo, 'refund', { amount: 5000, callback: false });
    expect((await sync(opened)).json.data).toMatchObject({ status: 'paid', flags: [] });
    await bench.app.refunds();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', refunded_amount: 5000 });
    const known = await looksOf(opened);
    for (let n = 0; n < 5; n += 1) await sync(opened);
    expect(await looksOf(opened)).toEqual(known);
  });

  test('money that went back in full before we asked is not sold as paid', async () => {
    const opened = await bench.open();
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    await bench.app.simulate(opened.orderNo, 'refund', { callback: false });
    expect((await sync(opened)).json.data).toMatchObject({ status: 'pending', flags: [] });
    expect(await eventsOf(opened)).toContain('attempt.ended');
    const known = await looksOf(opened);
    for (let n = 0; n < 5; n += 1) await sync(opened);
    expect(await looksOf(opened)).toEqual(known);
  });

  test('money for what was cancelled that went back in part before we asked is asked about as well', async () => {
    const opened = await bench.open();
    const cancel = `${INTENTS}/${opened.intent}/cancel`;
    bench.app.gateway.answer = ({ path }) => (path === cancel ? new Response(null, { status: 500 }) : null);
    await bench.app.call(`/api/paycore/payments/${opened.paymentNo}/cancel`, {});
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    await bench.app.simulate(opened.orderNo, 'refund', { amount: 5000, callback: false });
    bench.app.gateway.answer = null;
    expect((await sync(opened)).json.data).toMatchObject({ status: 'paid', flags: ['late'] });
    await bench.app.refunds();
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ refunded_amount: 5000 });
  });

  test('a dispute that is found by asking, and again, and heard of at last, is put before a person once', async () => {
    const project = (await bench.app.deps.store.findProjectByName('shop'))?.id ?? 0;
    const hear = (events: readonly NotificationEvent[]) =>
      bench.app.deps.store.changeProject(project, { fields: {}, methods: {}, events });
    await hear(['payment.attention']);
    const opened = await bench.open();
    await bench.app.simulate(opened.orderNo, 'pay', { callback: false });
    const deliveries = await bench.app.catchCallbacks(opened.intent, () =>
      bench.app.simulate(opened.orderNo, 'dispute'),
    );
    const sent = (await bench.app.rows.outbox()).length;
    for (let n = 0; n < 3; n += 1) await sync(opened);
    for (const { body, type, headers } of deliveries) {
      expect((await bench.app.callback(body, type, 'stripe', { headers })).status).toBe(200);
    }
    // The money and the dispute.
    expect(await looksOf(opened)).toHaveLength(2);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', flags: ['attention'] });
    expect((await bench.app.rows.outbox()).slice(sent).map(({ event }) => event)).toEqual([
      'payment.paid',
      'payment.attention',
    ]);
    await hear([]);
  });

  test('events about nothing of ours are taken and forgotten', async () => {
    const strays = await bench.app.rows.count('unmatchedCallbacks');
    const body = JSON.stringify({ object: 'event', type: 'customer.created', data: { object: { id: 'cus_1' } } });
    const reply = await bench.app.callback(body, 'application/json', 'stripe');
    expect([reply.status, reply.text]).toEqual([200, '{"success":true,"message":"Webhook received"}']);
    expect(await bench.app.rows.count('unmatchedCallbacks')).toBe(strays);
  });
});

test('no key and no client secret is in the log', () => {
  const log = bench.app.log.join('\n');
  expect(log.length).toBeGreaterThan(1000);
  expect(log).not.toMatch(/[sr]k_(test|live)_\w|whsec_\w|_secret_\w/);
});
