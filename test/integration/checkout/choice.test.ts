import { afterEach, describe, expect, test } from 'bun:test';
import { DAY, HOUR } from '../../../src/core/time.ts';
import type { TestApp } from '../../support/app.ts';
import { chooseWay, openCheckout, startChoice } from '../../support/choice.ts';
import { holdCalls, openTwin } from '../../support/held.ts';
import type { Send } from '../../support/insite.ts';
import { present } from '../../support/parts.ts';

/** What a choice at the checkout takes, shows, and until when it can be made. */

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

async function start() {
  const app = await startChoice(apps);
  return { app, ...(await openCheckout(app)) };
}

const press = (send: Send, path: string, route: string) =>
  send(path.replace('?', '/choose?'), { method: 'POST', body: new URLSearchParams({ route }) });
const countCalls = (app: TestApp, path: string) => app.gateway.received.filter((one) => one.path === path).length;
const GEN = '/1.0.0/Cashier/GenPaymentCode';

/** The attempt ends while its payment stays pending. */
async function end(app: TestApp, no: string) {
  const { attempt } = present(await app.deps.store.findPayment(no));
  await app.deps.store.applyFacts({
    attemptId: present(attempt).id,
    facts: [{ type: 'ended', reason: 'EXPIRED' }],
    now: app.clock.now(),
    source: 'sync',
    mayChooseAgain: false,
    makeWebhookId: () => 'msg',
  });
}

describe('a method that is pressed twice', () => {
  test('takes one number, also when the second press reaches another process', async () => {
    const { app, no, path } = await start();
    const twin = await openTwin(app);
    const held = holdCalls(app, (called) => called === GEN);
    const first = press(app.request, path, 'ecpay/atm');
    await held.arrived;
    // The number is on its way: nothing else is asked for, and the page waits for it.
    expect((await press(twin, path, 'ecpay/atm')).status).toBe(303);
    expect(await (await twin(path)).text()).toContain('data-screen="waiting"');
    held.release();
    expect((await first).status).toBe(303);
    expect((await press(twin, path, 'ecpay/atm')).status).toBe(303);
    expect([held.count(), (await app.rows.attemptsOf(no)).length]).toEqual([1, 1]);
  });

  test('takes one number when both presses come at the same moment, and nobody is told that he tries too often', async () => {
    const { app, no, path } = await start();
    const twin = await openTwin(app);
    const presses = [app.request, twin, app.request, twin].map((send) => press(send, path, 'ecpay/cvs'));
    expect((await Promise.all(presses)).map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect([countCalls(app, GEN), (await app.rows.attemptsOf(no)).length]).toEqual([1, 1]);
    expect((await app.find(no)).payment_info).toHaveProperty('payment_code');
  });
});

describe('a button that is pressed twice', () => {
  test('opens one order, also when the second press reaches another process', async () => {
    const { app, no, path } = await start();
    await chooseWay(app, path, 'paypal/checkout');
    await end(app, no);
    const twin = await openTwin(app);
    const go = (send: Send) => send(path.replace('?', '/go?'), { method: 'POST' });
    const answers = await Promise.all([go(app.request), go(twin), go(app.request), go(twin)]);
    for (const { status } of answers) expect(status).toBe(303);
    expect([countCalls(app, '/v2/checkout/orders'), (await app.rows.attemptsOf(no)).length]).toEqual([2, 2]);
  });
});

describe('a dead number', () => {
  test('is never shown again, neither by the page nor by choosing its method once more', async () => {
    const { app, no, path } = await start();
    await chooseWay(app, path, 'ecpay/atm');
    const account = String(((await app.find(no)).payment_info as { virtual_account: string }).virtual_account);
    const shown = `data-copy="${account}"`;
    const page = async () => (await app.request(path)).text();
    expect(await page()).toContain(shown);
    await end(app, no);
    expect((await app.find(no)).status).toBe('pending');
    expect(await page()).not.toContain(shown);
    await chooseWay(app, path, 'ecpay/atm');
    const [first, second] = await app.rows.attemptsOf(no);
    expect([first?.status, second?.status]).toEqual(['ended', 'open']);
    expect((await app.find(no)).payment_info).not.toMatchObject({ virtual_account: account });
  });

  test('is not shown after the time to choose either, while another number can still be paid', async () => {
    const { app, no, path } = await start();
    await chooseWay(app, path, 'ecpay/cvs');
    app.clock.advance(1);
    await chooseWay(app, path, 'ecpay/atm');
    const account = String(((await app.find(no)).payment_info as { virtual_account: string }).virtual_account);
    await end(app, no);
    app.clock.advance(DAY);
    await app.close();
    expect((await app.find(no)).status).toBe('pending');
    expect(await (await app.request(path)).text()).not.toContain(`data-copy="${account}"`);
  });
});

describe('the time to choose', () => {
  test('ends to the millisecond, also before anything has closed the payment', async () => {
    const { app, no, path } = await start();
    app.clock.advance(DAY - 1);
    await chooseWay(app, path, 'ecpay/atm');
    expect(await app.rows.attemptsOf(no)).toHaveLength(1);
    app.clock.advance(1);
    for (const route of ['ecpay/cvs', 'ecpay/aio/credit']) {
      expect((await chooseWay(app, path, route)).status).toBe(303);
      expect(await app.find(no)).toMatchObject({ status: 'pending', method: 'atm' });
    }
    expect(await app.rows.attemptsOf(no)).toHaveLength(1);
    expect(await (await app.request(`${path}&choose=1`)).text()).not.toMatch(/data-choice|data-change/);
  });

  test('is not the time to pay: a number lives from the choice', async () => {
    const { app, no, path } = await start();
    app.clock.advance(20 * HOUR);
    await chooseWay(app, path, 'paypal/checkout');
    const [attempt] = await app.rows.attemptsOf(no);
    expect(attempt?.deadline).toBe(app.clock.now() + DAY);
    // The time to choose is over, and that of the number is not.
    app.clock.advance(23 * HOUR);
    await app.close();
    await app.check();
    expect((await app.find(no)).status).toBe('pending');
  });

  test('outlives a number: the payment stays pending while the payer may choose, and ends with it', async () => {
    const { app, no, path } = await start();
    await chooseWay(app, path, 'ecpay/atm');
    await end(app, no);
    expect(await app.find(no)).toMatchObject({ status: 'pending' });
    app.clock.advance(DAY);
    await app.close();
    expect(await app.find(no)).toMatchObject({ status: 'expired', reason: 'EXPIRED' });
  });
});
