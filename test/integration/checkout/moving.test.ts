import { afterEach, describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import type { TestApp } from '../../support/app.ts';
import { chooseWay, openCheckout, startChoice } from '../../support/choice.ts';
import { holdCalls, openTwin } from '../../support/held.ts';
import { inSiteHand, type Send } from '../../support/insite.ts';
import { present } from '../../support/parts.ts';
import { type Taking, takingsOf } from '../../support/taking.ts';

/**
 * A payer and a shop that do something else while a gateway takes the money. What they ask for reaches the process that
 * takes it, or another one that knows nothing of it but what is on disk.
 */

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

const { start, takeCard, approvePaypal, takePaypal } = takingsOf(apps);
const WAYS = { 'ECPay takes a card': takeCard, 'PayPal captures an order': takePaypal } as const;
const PROCESSES: Readonly<Record<string, (app: TestApp) => Promise<Send>>> = {
  'the same process': async (app) => app.request,
  'another process': openTwin,
};
const CASES = Object.entries(WAYS).flatMap(([way, take]) =>
  Object.entries(PROCESSES).map(([process, reach]) => [way, process, take, reach] as const),
);

const send = (reach: Send, path: string, fields: Readonly<Record<string, string>>) =>
  reach(path, { method: 'POST', body: new URLSearchParams(fields) });

const attemptsOf = async ({ app, no }: Taking) => (await app.rows.attemptsOf(no)).map(({ id }) => id);

describe('while', () => {
  test.each(CASES)(
    '%s, the page of %s waits and offers nothing, and no other way opens',
    async (_, _p, take, reach) => {
      const taking = await take();
      const { app, path, no } = taking;
      const to = await reach(app);
      const attempts = await attemptsOf(taking);
      for (const address of [path, `${path}&choose=1`]) {
        const page = await (await to(address)).text();
        expect(page).toContain('data-screen="waiting"');
        expect(page).not.toMatch(/data-choice|data-go|data-change/);
      }
      for (const route of ['ecpay/atm', 'ecpay/aio/credit', 'ecpay/ecpg', 'paypal/checkout', 'stripe/credit']) {
        const answer = await send(to, path.replace('?', '/choose?'), { route });
        expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
      }
      const gone = await send(to, path.replace('?', '/go?'), {});
      expect([gone.status, gone.headers.get('location')]).toEqual([303, path]);
      expect((await inSiteHand(app, to).openForm(path)).status).toBe(409);
      expect(await attemptsOf(taking)).toEqual(attempts);
      taking.release();
      await taking.done;
      expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    },
  );

  test.each(CASES)('%s, thirty more presses in %s take it no second time', async (_, _p, take, reach) => {
    const taking = await take();
    const to = await reach(taking.app);
    const presses = Array.from({ length: 30 }, () => taking.pressAgain(to));
    taking.release();
    await Promise.all([taking.done, ...presses]);
    expect(taking.count()).toBe(1);
    expect(await taking.app.find(taking.no)).toMatchObject({ status: 'paid', flags: [] });
    await taking.app.deliver();
    expect(taking.app.shop.received).toHaveLength(1);
  });

  test('a gateway takes it, a shop that cancels in another process is told that it is in progress', async () => {
    for (const take of Object.values(WAYS)) {
      const taking = await take();
      const { app, no, release } = taking;
      const to = await openTwin(app);
      const cancel = {
        method: 'POST',
        headers: { 'x-api-key': app.keys.test.api_key, 'content-type': 'application/json' },
      };
      const answer = await to(`/api/paycore/payments/${no}/cancel`, { ...cancel, body: '{}' });
      const { error } = (await answer.json()) as { error: object };
      expect([answer.status, error]).toEqual([409, { error_code: 'PAYMENT_IN_PROGRESS', payment_no: no }]);
      expect(await app.find(no)).toMatchObject({ status: 'pending' });
      release();
      await taking.done;
      expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    }
  });

  test('PayPal captures an order, cancelling waits for the capture and then says paid', async () => {
    const taking = await takePaypal();
    const { app, no, release } = taking;
    let isAnswered = false;
    const cancelling = app.call(`/api/paycore/payments/${no}/cancel`, {}).finally(() => {
      isAnswered = true;
    });
    // A call of another kind goes through meanwhile.
    for (let n = 0; n < 5; n += 1) await app.find(no);
    expect(isAnswered).toBe(false);
    release();
    const { status, json } = await cancelling;
    expect([status, json.error.error_code]).toEqual([409, 'PAYMENT_ALREADY_PAID']);
    await taking.done;
  });

  test('PayPal captures an order on the schedule, cancelling waits for that as well', async () => {
    const { app, no } = await approvePaypal();
    const held = holdCalls(app, (called) => called.endsWith('/capture'));
    app.clock.advance(10 * MINUTE);
    const checking = app.check();
    await held.arrived;
    const cancelling = app.call(`/api/paycore/payments/${no}/cancel`, {});
    for (let n = 0; n < 5; n += 1) await app.find(no);
    held.release();
    expect((await cancelling).json.error.error_code).toBe('PAYMENT_ALREADY_PAID');
    await checking;
  });

  test('a bank works on what he chose first, what the payer chose last leads nowhere, and cancelling ends nothing', async () => {
    for (const last of ['paypal/checkout', 'ecpay/ecpg']) {
      const { app, no, path } = await start();
      await chooseWay(app, path, 'stripe/credit');
      const intent = String((await app.find(no)).gateway_trade_no);
      await chooseWay(app, path, last);
      // Where there is a form, it has been open for a while, with a number that nobody has called with.
      await inSiteHand(app).openForm(path);
      await app.simulate(intent, 'processing');
      expect(await app.find(no)).toMatchObject({ status: 'pending', flags: ['under_review'] });
      const gone = await send(app.request, path.replace('?', '/go?'), {});
      expect([gone.status, gone.headers.get('location')]).toEqual([303, path]);
      expect((await inSiteHand(app).openForm(path)).status).toBe(409);
      const before = app.gateway.received.length;
      const cancelled = await app.call(`/api/paycore/payments/${no}/cancel`, {});
      expect(cancelled.json.error.error_code).toBe('PAYMENT_IN_PROGRESS');
      // The bank's gateway is asked how it stands, and nobody is told to end anything.
      const paths = app.gateway.received.slice(before).map((one) => one.path);
      expect(paths).toEqual([`/v1/payment_intents/${intent}`]);
    }
  });

  test('ECPay takes a card, cancelling is refused at once', async () => {
    const { app, no, release, done } = await takeCard();
    const { status, json } = await app.call(`/api/paycore/payments/${no}/cancel`, {});
    expect([status, json.error.error_code]).toEqual([409, 'PAYMENT_IN_PROGRESS']);
    release();
    await done;
  });

  test('a number is issued, no look concludes anything', async () => {
    const { app, no, path } = await start();
    const held = holdCalls(app, (called) => called === '/1.0.0/Cashier/GenPaymentCode');
    const choosing = chooseWay(app, path, 'ecpay/atm');
    await held.arrived;
    app.clock.advance(CALL_LIMIT - 1);
    const [attempt] = await app.rows.attemptsOf(no);
    const { payment } = present(await app.deps.store.findPayment(no));
    const looked = await app.createTwin({}).services.syncAttempt(payment, present(attempt), 'schedule');
    expect(looked).toEqual({ asked: false, result: 'unknown' });
    expect(await app.rows.attemptsOf(no)).toEqual([present(attempt)]);
    held.release();
    await choosing;
  });

  test('no look concludes anything: not the shop’s, not the schedule’s, not the page’s', async () => {
    for (const take of Object.values(WAYS)) {
      const taking = await take();
      const { app, no, path } = taking;
      const twin = app.createTwin({});
      app.clock.advance(CALL_LIMIT - 1);
      const before = app.gateway.received.length;
      const { payment, attempt } = present(await app.deps.store.findPayment(no));
      for (const trigger of ['request', 'schedule', 'page'] as const) {
        const looked = await twin.services.syncAttempt(payment, present(attempt), trigger);
        expect(looked).toEqual({ asked: false, result: 'unknown' });
      }
      await (await app.request(path)).text();
      expect(await twin.jobs.syncs.nextDue()).toBe(app.clock.now() + 1);
      expect(app.gateway.received).toHaveLength(before);
      expect(await app.rows.attemptsOf(no)).toMatchObject([{ status: 'unknown' }]);
      taking.release();
      await taking.done;
    }
  });
});

describe('a process that dies while', () => {
  test.each(Object.entries(WAYS))(
    '%s leaves the payment closed to other ways, until the gateway has said',
    async (_, take) => {
      const taking = await take();
      const { app, no, path } = taking;
      taking.done.catch(() => {});
      await app.restart();
      const attempts = await attemptsOf(taking);
      await chooseWay(app, path, 'ecpay/atm');
      expect(await attemptsOf(taking)).toEqual(attempts);
      expect((await app.call(`/api/paycore/payments/${no}/cancel`, {})).json.error.error_code).toBe(
        'PAYMENT_IN_PROGRESS',
      );
      // Nothing arrived there; a card is waited for while its bank may be at it.
      app.gateway.answer = null;
      for (const wait of [CALL_LIMIT, MINUTE, 5 * MINUTE, 65 * MINUTE]) {
        app.clock.advance(wait);
        await app.check();
      }
      const moving = await app.deps.store.findMoving(present(await app.deps.store.findPayment(no)).payment.id);
      expect(moving).toBeNull();
      const { status } = await app.find(no);
      if (status === 'paid') return;
      await chooseWay(app, path, 'ecpay/atm');
      expect(await app.find(no)).toMatchObject({ status: 'pending', method: 'atm' });
    },
  );

  test('PayPal captures an order has it captured by the next one, once', async () => {
    const taking = await takePaypal();
    const { app, no } = taking;
    taking.done.catch(() => {});
    await app.restart();
    const held = taking.count();
    app.gateway.answer = null;
    app.clock.advance(CALL_LIMIT);
    await app.check();
    expect([held, (await app.find(no)).status]).toEqual([1, 'paid']);
  });
});

describe('an outcome that is unknown', () => {
  test.each(Object.entries(WAYS))(
    'after %s keeps other ways closed, and is asked for within ten seconds',
    async (_, take) => {
      const taking = await take();
      const { app, no, path } = taking;
      taking.release(() => new Response('busy', { status: 500 }));
      await taking.done;
      const page = await (await app.request(path)).text();
      expect(page).toContain('data-screen="waiting"');
      const attempts = await attemptsOf(taking);
      await chooseWay(app, path, 'ecpay/atm');
      expect(await attemptsOf(taking)).toEqual(attempts);
      const due = present(await app.deps.store.findNextSync());
      expect(due - app.clock.now()).toBeLessThanOrEqual(10 * SECOND);
      expect(await app.find(no)).toMatchObject({ status: 'pending' });
    },
  );

  test('is what a captured order has whose capture could not be written down', async () => {
    const { app, no, path, shop, tradeNo } = await approvePaypal();
    const { payment, attempt } = present(await app.deps.store.findPayment(no));
    const { store } = app.deps;
    let failures = 0;
    const full = app.createTwin({
      store: {
        ...store,
        applyFacts: (input) => {
          failures += 1;
          return failures === 1 ? Promise.reject(new PayCoreError('STORAGE_UNAVAILABLE')) : store.applyFacts(input);
        },
      },
    });
    const looked = await full.services.syncAttempt(payment, present(attempt), 'page');
    expect(looked).toMatchObject({ asked: true, result: 'failed' });
    expect(shop.captures(tradeNo)).toHaveLength(1);
    expect(await store.findMoving(payment.id)).not.toBeNull();
    await chooseWay(app, path, 'ecpay/atm');
    expect(await app.rows.attemptsOf(no)).toHaveLength(1);
    app.clock.advance(10 * SECOND);
    await app.check();
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    expect(shop.captures(tradeNo)).toHaveLength(1);
  });

  test('is none when nothing was sent: the payer goes on at once', async () => {
    const { app, no, path } = await approvePaypal();
    const { payment, attempt } = present(await app.deps.store.findPayment(no));
    const { http } = app.deps;
    const cut = app.createTwin({
      http: {
        get: http.get,
        post: (url, options) => http.post(url.endsWith('/capture') ? 'http://127.0.0.1:1/' : url, options),
      },
    });
    const looked = await cut.services.syncAttempt(payment, present(attempt), 'request');
    expect(looked).toMatchObject({ asked: true, result: 'failed' });
    expect(await app.deps.store.findMoving(payment.id)).toBeNull();
    await chooseWay(app, path, 'ecpay/atm');
    expect(await app.find(no)).toMatchObject({ method: 'atm' });
  });
});

test('an order whose attempt was superseded is not captured while its payment is pending', async () => {
  const app = await startChoice(apps);
  const shop = createShop(app);
  const { no, tradeNo } = await shop.sell();
  await shop.arrange(tradeNo, 'completed');
  await shop.approve(tradeNo);
  const { attempt } = present(await app.deps.store.findPayment(no));
  await app.tamper.endAttempt(present(attempt).id, 'SUPERSEDED');
  await shop.handleReturn(shop.wayBack(tradeNo));
  await shop.sync(no);
  expect([(await app.find(no)).status, shop.captures(tradeNo).length]).toEqual(['pending', 0]);
});

test('what the payer looked at last is not shown while money moves through what he chose before', async () => {
  const app = await startChoice(apps);
  const { no, path } = await openCheckout(app);
  await chooseWay(app, path, 'paypal/checkout');
  const shop = createShop(app);
  const tradeNo = String((await app.find(no)).gateway_trade_no);
  const back = shop.wayBack(tradeNo);
  await shop.arrange(tradeNo, 'pending', { reason: 'ECHECK' });
  await chooseWay(app, path, 'ecpay/atm');
  await shop.approve(tradeNo);
  const held = holdCalls(app, (called) => called.endsWith('/capture'));
  const page = shop.handleReturn(back);
  await held.arrived;
  const shown = async () => (await app.request(path)).text();
  expect(await shown()).toContain('data-screen="waiting"');
  held.release();
  await page;
  // PayPal looks into it now.
  const reviewed = await shown();
  expect(reviewed).toContain('data-screen="waiting"');
  expect(reviewed).toContain('PayPal');
  expect(reviewed).not.toMatch(/data-copy|data-choice|data-change/);
});
