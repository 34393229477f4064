import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { OURS } from '../../gateways/paypal-callbacks.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';
import { holdSleep } from '../../support/turns.ts';
import { createRefundBench } from '../refund/bench.ts';

/** One account at a gateway, one line: whoever asks, and whatever it is that is asked. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');
const shop = createShop(app);

let held: ReturnType<typeof holdSleep>;
beforeEach(() => {
  held = holdSleep();
  // One process alone: where several serve, the database gives out the turns (`test/integration/nodes`).
  Object.assign(app.deps.store, { isShared: false });
});
afterEach(async () => {
  while (held.sleeping.length > 0) await held.wake();
  Object.assign(app.deps, { sleep: async () => {} });
});
const hold = () => Object.assign(app.deps, { sleep: held.sleep });
const sync = (no: unknown) => app.call(`/api/paycore/payments/${no}/sync`, {});
const count = (path: string) => app.gateway.received.filter((request) => request.path === path).length;
/** Until somebody else than the one whose turn was the last waits as well: what is asked is on its way there. */
const arrive = () => Bun.sleep(40);

test('a question to ECPay that takes two calls takes two turns', async () => {
  const { json } = await app.create('ecpay/aio');
  const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
  await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
  hold();
  const answer = sync(json.data.payment_no);
  while (count('/Cashier/QueryTradeInfo/V5') === 0) await Bun.sleep(1);
  await arrive();
  expect(count('/Cashier/QueryPaymentInfo')).toBe(0);
  await held.wake();
  expect((await answer).status).toBe(200);
  expect(count('/Cashier/QueryPaymentInfo')).toBe(1);
});

test('a look that has waited for its answer does not put off what was asked for meanwhile', async () => {
  const { json } = await app.create('ecpay/atm');
  const no = String(json.data.payment_no);
  const attempt = present((await app.rows.attemptsOf(no))[0]);
  const soon = app.clock.now() + SECOND;
  app.gateway.answer = ({ path }) => (/Query/.test(path) ? hurry() : null);
  const hurry = async () => {
    const plan = { attemptId: attempt.id, checkAt: soon, syncTries: 0, notFoundCount: 0 };
    await app.deps.store.planSync(plan, app.clock.now());
    return new Response('', { status: 500 });
  };
  expect((await sync(no)).status).toBe(502);
  app.gateway.answer = null;
  expect((await app.rows.attemptsOf(no))[0]?.checkAt).toBe(soon);
});

test('a refund waits for its turn like any question, and is not on disk before it has it', async () => {
  const bench = createRefundBench(app);
  const sold = await bench.sellBy('paypal');
  const other = await bench.sellBy('paypal');
  hold();
  await sync(other.no);
  const answer = bench.refund(sold.no, { amount: bench.amountOf('paypal', 100) });
  await arrive();
  expect(await bench.list(sold.no)).toEqual([]);
  while ((await Promise.race([answer, arrive()])) === undefined) await held.wake();
  expect((await answer).status).toBe(201);
});

describe('a callback that proves nothing', () => {
  const hint = async (no: string) => {
    const body = JSON.stringify({ event_type: 'X', resource: { custom_id: no }, n: Math.random() });
    return app.callback(body, 'application/json', 'paypal');
  };

  test('waits for no turn: it is refused, and comes again', async () => {
    const { no } = await shop.sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
    const other = await shop.sell();
    hold();
    await shop.sync(other.no);
    expect((await hint(no)).status).toBe(400);
    expect(held.sleeping).toEqual([250]);
  });
});

test('the form for another card is refused while nobody knows what became of the first', async () => {
  const { json } = await app.create('ecpay/ecpg', { buyer_email: 'a@b.example' });
  const no = String(json.data.payment_no);
  const { pathname, search } = new URL(String(json.data.payment_url));
  const form = () => app.request(`${pathname}/form${search}`, { method: 'POST' });
  expect((await form()).status).toBe(200);
  const { attempt } = present(await app.deps.store.findPayment(no));
  const now = app.clock.now();
  await app.deps.store.beginCharge(present(attempt).id, { usesNumber: true }, now);
  app.clock.advance(MINUTE);
  const other = await app.create('ecpay/aio');
  hold();
  const busy = sync(other.json.data.payment_no);
  while (held.sleeping.length === 0) await Bun.sleep(1);
  const refused = await form();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await app.rows.attemptsOf(no)).toHaveLength(1);
  while ((await Promise.race([busy, arrive()])) === undefined) await held.wake();
});
