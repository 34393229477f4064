import { afterAll, describe, expect, test } from 'bun:test';
import { TROUBLE_KINDS } from '../../../src/core/attention.ts';
import { RETRY_DELAYS } from '../../../src/core/notification-retry.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { setCredentials } from '../../../src/payments/projects/credential-change.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { START } from '../../support/app.ts';
import { signInStaff } from '../../support/desk.ts';
import { requireGateway } from '../../support/gateways.ts';
import { registerStripe, SIMULATED, tellSimulator } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { useRefunds } from '../refund/bench.ts';
import { createAttentionDesk } from './attention-support.ts';

/** Each kind of what needs a person: made by the gateways' stand-in, seen at the desk, acted on, and gone. */

const { app, bench } = useRefunds();

const { look, kinds, badge, act, handle, comeBy, produced } = createAttentionDesk(app);

async function pass(ms: number): Promise<void> {
  app.clock.advance(ms);
  await app.work();
  await app.program.settled();
}

async function open(route = 'ecpay/atm', body: object = {}): Promise<{ no: string; orderNo: string }> {
  const { json } = await app.create(route, { expire_days: 1, ...body });
  return { no: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}

/** Paid at ECPay, asked to be paid back, and the answer lost. */
async function loseRefund(kind = 'lost') {
  const sold = await bench.sellBy('ecpay');
  await bench.collect(sold);
  await bench.break('ecpay', kind, { seconds: 30 });
  const refundNo = String((await bench.refund(sold.no, { amount: 300 })).json.error.refund_no);
  await bench.pass(9 * SECOND);
  await bench.pass(41 * SECOND);
  return { ...sold, refundNo };
}

describe('a refund', () => {
  test('whose outcome ECPay cannot tell is settled by a person who has looked there', async () => {
    const { no, refundNo } = await loseRefund();
    expect(await look()).toMatchObject([
      {
        kind: 'refund_unknown',
        no,
        actions: ['settle-refund'],
        text: expect.stringContaining('NT$300'),
      },
    ]);
    expect(await badge()).toBe('1');
    // That somebody has seen it frees no money: only what became of the refund does.
    const owner = await comeBy();
    const id = /id="trouble-(\d+)"/.exec((await owner.get('/admin/attention')).text)?.[1];
    expect((await owner.post(`/admin/attention/${id}/handled`)).status).toBe(409);
    const given = { outcome: 'paid_back', gateway_refund_no: 'ECPAY-7', note: '後台看到' };
    expect(await act('refund_unknown', 'settle-refund', given)).toMatchObject({
      status: 303,
      location: '/admin/attention',
    });
    expect([await kinds(), await badge()]).toEqual([[], undefined]);
    expect(await app.find(no)).toMatchObject({ refunded_amount: 300, flags: ['attention'] });
    expect(await bench.list(no)).toMatchObject([{ status: 'succeeded', gateway_refund_no: 'ECPAY-7' }]);
    const { json } = await app.call(`/api/paycore/payments/${no}/events?limit=100`);
    expect(json.data.events).toContainEqual(
      expect.objectContaining({ type: 'refund.settled', by: { type: 'person', name: '林老闆' } }),
    );
    expect((await bench.told(no)).map(({ event }) => event)).toContain('payment.refunded');
    expect(refundNo).toMatch(/^RF/);
  });

  test('that was not made can be asked for again', async () => {
    const { no } = await loseRefund('hang');
    await act('refund_unknown', 'settle-refund', { outcome: 'not_paid_back' });
    expect(await kinds()).toEqual([]);
    expect(await bench.outcome(no)).toEqual([201, 980, 'succeeded']);
  });

  test('is not settled by a form that says nothing, nor by staff who may not pay back', async () => {
    const { no } = await loseRefund();
    const refused = await act('refund_unknown', 'settle-refund', {});
    expect([refused.status, refused.text.includes('class="form-problem"')]).toEqual([422, true]);
    const staff = await signInStaff(app);
    await staff.get('/admin?kind=test');
    const { text } = await staff.get('/admin/attention');
    expect([text.includes('data-trouble="refund_unknown"'), text.includes('settle-refund')]).toEqual([true, false]);
    // What nobody may press is not offered, there and on the overview: only an owner says that nothing is left to do.
    expect([text, (await staff.get('/admin')).text].map((page) => page.includes('mark-handled'))).toEqual([
      false,
      false,
    ]);
    const id = /id="trouble-(\d+)"/.exec(text)?.[1];
    expect((await staff.post(`/admin/attention/${id}/settle-refund`, { outcome: 'paid_back' })).status).toBe(403);
    expect(await bench.statuses(no)).toEqual(['unknown']);
    const trusted = await signInStaff(app, { mayRefund: true });
    expect((await trusted.post(`/admin/attention/${id}/settle-refund`, { outcome: 'paid_back' })).status).toBe(303);
    expect((await trusted.post(`/admin/attention/${id}/settle-refund`, { outcome: 'paid_back' })).status).toBe(404);
  });

  test('that its gateway says nothing about for hours is gone once it answers', async () => {
    const sold = await bench.sellBy('stripe');
    await bench.break('stripe', 'lost');
    await bench.refund(sold.no);
    await bench.heard(sold.no);
    app.gateway.answer = () => new Response('down', { status: 503 });
    for (let n = 0; n < 12; n += 1) await bench.pass(HOUR);
    expect(await look()).toMatchObject([{ kind: 'refund_unanswered', no: sold.no, actions: ['mark-handled'] }]);
    app.gateway.answer = null;
    await bench.pass(DAY);
    expect(await kinds()).toEqual([]);
  });

  test('that never arrived, or was made at the gateway’s own desk, is looked at by a person', async () => {
    const sold = await bench.sellBy('stripe');
    await bench.break('stripe', 'hang', { seconds: 30 });
    await bench.refund(sold.no, { amount: 30_000 });
    for (const ms of [9 * SECOND, MINUTE, 5 * MINUTE]) await bench.pass(ms);
    expect(await look()).toMatchObject([{ kind: 'refund_failed', no: sold.no }]);
    await handle('refund_failed');
    await app.simulate(sold.number, 'refund', { amount: 10_000 });
    await bench.pass(SECOND);
    expect(await look()).toMatchObject([
      { kind: 'refund_foreign', no: sold.no, text: expect.stringContaining('NT$100') },
    ]);
    await handle('refund_foreign');
  });
});

describe('money', () => {
  test('that does not match is flagged; whoever has seen to it finds it in the history and the audit', async () => {
    const { no, orderNo } = await open();
    await app.simulate(orderNo, 'forge', { kind: 'amount' });
    expect(await look()).toMatchObject([{ kind: 'mismatch', no, text: expect.stringContaining('NT$980') }]);
    await handle('mismatch');
    expect((await app.find(no)).flags).toEqual(['mismatch', 'attention']);
    const { json } = await app.call(`/api/paycore/payments/${no}/events?limit=100`);
    expect((json.data.events as { type: string; by: unknown }[]).at(-1)).toMatchObject({
      ...{ type: 'admin.handled', by: { type: 'person', name: '林老闆' }, data: { kind: 'mismatch' } },
    });
    await app.simulate(orderNo, 'forge', { kind: 'amount' });
    expect(await kinds()).toEqual([]);
  });

  test('that was paid twice is gone once one of them has been paid back', async () => {
    const { json } = await app.create('ecpay/aio/credit');
    const no = String(json.data.payment_no);
    const { pathname, search } = new URL(String(json.data.payment_url));
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    const page = await (await app.request(`${pathname}/go${search}`, { method: 'POST' })).text();
    const second = /name="MerchantTradeNo" value="(\w+)"/.exec(page)?.[1] ?? '';
    const forms = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      plain(value),
    ]);
    for (const form of [fields, Object.fromEntries(forms)])
      await fetch(action, { method: 'POST', body: new URLSearchParams(form) });
    for (const number of [String(fields.MerchantTradeNo), second]) {
      await app.simulate(number, 'pay');
      await app.simulate(number, 'card', { stage: 'closed' });
    }
    const [seen] = await look();
    expect(seen).toMatchObject({ kind: 'duplicate', no, text: expect.stringContaining(`/admin/payments/${no}`) });
    const told = (await bench.told(no)).find(({ event }) => event === 'payment.attention');
    await bench.refund(no, { gateway_trade_no: String(told?.gateway_trade_no) });
    expect(await kinds()).toEqual([]);
  });

  test('that came late is gone once it has been paid back', async () => {
    const { json } = await app.create('ecpay/aio/credit');
    const no = String(json.data.payment_no);
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
    await app.call(`/api/paycore/payments/${no}/cancel`, {});
    await app.simulate(String(fields.MerchantTradeNo), 'pay');
    await app.simulate(String(fields.MerchantTradeNo), 'card', { stage: 'closed' });
    expect(await look()).toMatchObject([{ kind: 'late', no }]);
    await bench.refund(no);
    expect(await kinds()).toEqual([]);
  });

  test('that the payer’s bank wants back', async () => {
    const sold = await bench.sellBy('stripe');
    await app.simulate(sold.number, 'dispute');
    expect(await look()).toMatchObject([{ kind: 'disputed', no: sold.no }]);
    await handle('disputed');
  });

  test('that was only simulated, and then called paid', async () => {
    const credentials = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
    const live = { 'x-api-key': app.keys.live.api_key };
    const { json } = await app.create('ecpay/aio/credit', { gateway_credentials: credentials }, live);
    const form = json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
    await app.simulate(String(form.fields.MerchantTradeNo), 'pay', { simulated: true });
    await app.call(`/api/paycore/payments/${json.data.payment_no}/sync`, {}, live);
    expect([await kinds('live'), await kinds('test')]).toEqual([['simulated'], []]);
    await handle('simulated', 'live');
  });
});

describe('a payment', () => {
  test('of which nobody knows long after its time whether it was paid is gone when the gateway answers', async () => {
    const { no } = await open();
    app.gateway.answer = () => new Response('down', { status: 503 });
    for (let days = 0; days < 12 && !(await app.find(no)).flags?.toString(); days += 1) await pass(DAY);
    expect(await look()).toMatchObject([{ kind: 'unsettled', no }]);
    app.gateway.answer = null;
    await pass(2 * DAY);
    expect([(await app.find(no)).status, await kinds()]).toEqual(['expired', []]);
  });

  test('that PayPal has under review for long is gone when that is over', async () => {
    const shop = createShop(app);
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'pending', { reason: 'ECHECK' });
    await shop.approve(tradeNo);
    await shop.handleReturn(shop.wayBack(tradeNo));
    for (let days = 0; days < 10 && !String((await app.find(no)).flags).includes('attention'); days += 1)
      await pass(DAY);
    expect(await look()).toMatchObject([{ kind: 'under_review', no }]);
    await app.simulate(tradeNo, 'complete');
    await pass(2 * DAY);
    expect([(await app.find(no)).status, await kinds()]).toEqual(['paid', []]);
  });

  test('that an older version has flagged', async () => {
    const { no } = await open();
    const { payment } = present(await app.deps.store.findPayment(no));
    await app.deps.store.flagForReview(payment.id, 'some reason', { now: START, makeWebhookId: () => 'msg_old' });
    expect(await look()).toMatchObject([{ kind: 'flagged', no }]);
    await handle('flagged');
  });
});

test('a notification that the shop never took is sent again, and comes back when that is in vain', async () => {
  app.shop.answer = () => new Response('gone', { status: 500 });
  const { no, orderNo } = await open();
  await app.simulate(orderNo, 'pay');
  const exhaust = async () => {
    for (let tries = 0; tries <= RETRY_DELAYS.length; tries += 1) {
      await app.deliver();
      app.clock.advance(30 * HOUR);
    }
  };
  await exhaust();
  expect(await look()).toMatchObject([{ kind: 'notification_dead', no, actions: ['resend', 'mark-handled'] }]);
  expect((await look())[0]?.text).toContain('HTTP 500');
  expect(await act('notification_dead', 'resend')).toMatchObject({ status: 303, location: '/admin/attention' });
  expect(await kinds()).toEqual([]);
  await exhaust();
  expect(await kinds()).toEqual(['notification_dead']);
  app.shop.answer = null;
  await act('notification_dead', 'resend');
  await app.deliver();
  expect([await kinds(), (await app.rows.outbox())[0]?.state]).toEqual([[], 'delivered']);
});

describe('a gateway', () => {
  test('that has asked for a rest is left alone; it is gone when that is over, or seen to', async () => {
    const { no } = await open();
    const sync = () => app.call(`/api/paycore/payments/${no}/sync`, {});
    const shutOut = () => tellSimulator(app, 'faults', { route: '*', kind: 'forbidden', times: 1 });
    await shutOut();
    expect((await sync()).status).toBe(503);
    expect(await look()).toMatchObject([{ kind: 'gateway_resting', no: undefined, actions: ['mark-handled'] }]);
    app.clock.advance(30 * MINUTE);
    expect(await kinds()).toEqual([]);
    await shutOut();
    await sync();
    expect(await kinds()).toEqual(['gateway_resting']);
    await handle('gateway_resting');
  });

  test('that refuses our credentials takes new ones, and what it takes then ends the trouble', async () => {
    const own = present(SIMULATED.smilepay);
    // The first key that the simulated SmilePay sees for a merchant is the right one.
    await app.create('smilepay/cvs', { gateway_credentials: own });
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    const gateway = requireGateway('smilepay');
    await setCredentials(app.deps, id, gateway, { ...own, verify_key: '0'.repeat(32) });
    const refused = await app.create('smilepay/cvs', { gateway_credentials: undefined });
    expect(refused.status).toBe(422);
    expect(await look()).toMatchObject([
      { kind: 'credentials_refused', no: undefined, text: expect.stringContaining(`/admin/projects/${id}`) },
    ]);
    expect(await kinds('live')).toEqual(['credentials_refused']);
    await setCredentials(app.deps, id, gateway, own);
    expect(await kinds()).toEqual([]);
    expect((await app.create('smilepay/cvs', { gateway_credentials: undefined })).status).toBe(201);
  });

  test('whose key was refused and works again, as a test shows, needs nobody', async () => {
    await registerStripe(app);
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    await setCredentials(app.deps, id, requireGateway('stripe'), present(SIMULATED.stripe));
    const create = () => app.create('stripe/credit', { amount: 98_000, gateway_credentials: undefined });
    app.gateway.answer = () =>
      Response.json({ error: { type: 'invalid_request_error', message: 'Expired API Key provided' } }, { status: 401 });
    expect((await create()).json.error.error_code).toBe('STRIPE_AUTH_FAILED');
    expect((await look())[0]).toMatchObject({
      kind: 'credentials_refused',
      text: expect.stringContaining('Expired API Key'),
    });
    await handle('credentials_refused');
    await create();
    expect(await kinds()).toEqual(['credentials_refused']);
    app.gateway.answer = null;
    expect((await create()).status).toBe(201);
    expect(await kinds()).toEqual([]);
  });

  test('whose clock differs from ours is right: ours is to be set, and then nobody is needed', async () => {
    await open();
    app.gateway.now = () => START + app.clock.elapsed();
    app.clock.jump(10 * MINUTE);
    await open('ecpay/cvs');
    await pass(0);
    expect(await look()).toMatchObject([{ kind: 'clock_skew', no: undefined, text: expect.stringContaining('600') }]);
    app.clock.jump(-10 * MINUTE);
    await open('ecpay/cvs');
    await pass(0);
    expect(await kinds()).toEqual([]);
  });
});

test('an id of nothing, or of what is over, does nothing, and says so', async () => {
  const owner = await comeBy();
  for (const action of ['handled', 'resend', 'settle-refund']) {
    for (const id of ['0', 'x', '99']) expect((await owner.post(`/admin/attention/${id}/${action}`)).status).toBe(404);
  }
  expect((await owner.get('/admin/attention?cursor=forged')).status).toBe(422);
});

afterAll(() => {
  expect(TROUBLE_KINDS.filter((kind) => !produced.has(kind))).toEqual([]);
});

const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
