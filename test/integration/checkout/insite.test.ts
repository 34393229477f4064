import { afterEach, describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { holdCalls, openTwin } from '../../support/held.ts';
import { inSiteHand } from '../../support/insite.ts';
import { pagePathOf } from '../../support/page-path.ts';
import { present } from '../../support/parts.ts';

/** A card in ECPay's form on our page: a number is charged once, and only while somebody wants the money. */

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

async function start() {
  const app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  apps.push(app);
  const { json } = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
  const page = pagePathOf(app, json.data.payment_url);
  return { app, no: String(json.data.payment_no), page, hand: inSiteHand(app) };
}

const countCharges = ({ gateway }: TestApp) =>
  gateway.received.filter(({ path }) => path === '/Merchant/CreatePayment').length;

/** Sends the payer to his bank. */
async function goToBank(page: string, hand: ReturnType<typeof inSiteHand>) {
  const payToken = await hand.fillIn(page, 'card-3d');
  const { json } = await hand.press(page, payToken);
  expect(String(json.data?.redirect_url)).toContain('http');
  return payToken;
}

describe('a payer who was sent to 3-D Secure', () => {
  test('never pays with the same number again, in whichever process he presses', async () => {
    const { app, no, page, hand } = await start();
    const payToken = await goToBank(page, hand);
    const twin = inSiteHand(app, await openTwin(app));
    for (const { press } of [hand, twin]) expect((await press(page, payToken)).status).toBe(409);
    expect(countCharges(app)).toBe(1);
    // He may come back without having paid: then he gets another number.
    const [first] = await app.rows.attemptsOf(no);
    expect(first).toMatchObject({ status: 'open', used: true, movingSince: null });
    const again = await twin.press(page, await twin.fillIn(page));
    expect(again.json.data).toMatchObject({ status: 'paid' });
    expect(again.json.data?.gateway_order_no).not.toBe(first?.gatewayOrderNo);
    expect(countCharges(app)).toBe(2);
  });
});

test.each([
  ['cannot be reached', 500],
  ['has had enough of questions', 403],
])(
  'while ECPay %s, a payer who went to his bank gets no other form: nobody knows whether he has paid',
  async (_, status) => {
    const { app, no, page, hand } = await start();
    await goToBank(page, hand);
    app.gateway.answer = ({ path }) => (path.includes('/Query') ? new Response('', { status }) : null);
    const { pathname, search } = new URL(page, app.url);
    const form = await app.request(`${pathname}/form${search}`, { method: 'POST' });
    expect([form.status, Number(form.headers.get('retry-after')) > 1]).toEqual([429, true]);
    expect(await app.rows.attemptsOf(no)).toHaveLength(1);
  },
);

test('a last question that was put before the press does not end what is being charged', async () => {
  const { app, no, page, hand } = await start();
  app.clock.advance(DAY + HOUR - MINUTE);
  const payToken = await hand.fillIn(page);
  app.clock.advance(MINUTE);
  const { payment, attempt } = present(await app.deps.store.findPayment(no));
  const question = holdCalls(app, (path) => path.startsWith('/1.0.0/Cashier/Query'));
  const looking = app.createTwin({}).services.syncAttempt(payment, present(attempt), 'schedule');
  await question.arrived;
  const charge = holdCalls(app, (path) => path === '/Merchant/CreatePayment');
  const pressed = hand.press(page, payToken);
  await charge.arrived;
  question.release();
  // ECPay knows no such order, and its time is over.
  expect(await looking).toMatchObject({ asked: true, result: 'not_found' });
  expect(await app.rows.attemptsOf(no)).toMatchObject([{ status: 'unknown', movingSince: app.clock.now() }]);
  charge.release();
  expect((await pressed).json.data).toMatchObject({ status: 'paid', flags: [] });
});

describe('between page and press', () => {
  test('a payment that was cancelled is not charged any more', async () => {
    const { app, no, page, hand } = await start();
    const payToken = await hand.fillIn(page);
    await app.call(`/api/paycore/payments/${no}/cancel`, {});
    expect((await hand.press(page, payToken)).status).toBe(409);
    expect([countCharges(app), (await app.find(no)).status]).toEqual([0, 'failed']);
  });

  test('a payment that was paid with the number before is not charged again, and says that it is paid', async () => {
    const { app, no, page, hand } = await start();
    await goToBank(page, hand);
    const payToken = await hand.fillIn(page);
    const [first] = await app.rows.attemptsOf(no);
    await app.simulate(String(first?.gatewayOrderNo), 'pay');
    const pressed = await hand.press(page, payToken);
    expect([pressed.status, pressed.json.data?.status]).toEqual([200, 'paid']);
    expect(countCharges(app)).toBe(1);
  });
});
