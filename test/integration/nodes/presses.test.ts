import { describe, expect, test } from 'bun:test';
import type { TestApp } from '../../support/app.ts';
import { startChoice } from '../../support/choice.ts';
import { holdCalls } from '../../support/held.ts';
import type { Send } from '../../support/insite.ts';
import { bodyFor } from '../../support/orders.ts';
import { pagePathOf } from '../../support/page-path.ts';
import { present } from '../../support/parts.ts';
import { awaitOthers, hasPostgres, hurry, useTwoNodes } from '../../support/two-nodes.ts';

/** A payer who presses again and again, and whose presses land on either of two nodes. */

const started: TestApp[] = [];
const nodes = useTwoNodes((options) => startChoice(started, options));

let orders = 0;

/** A payment whose payer chooses on the page. */
async function openCheckout() {
  const { app } = nodes;
  orders += 1;
  const order = { merchant_order_no: `PRESSED-${orders}`, amount: 980, payok_url: `${app.shop.url}/payok` };
  const { json } = await app.call('/api/paycore/checkout', order);
  return { no: String(json.data.payment_no), path: pagePathOf(app, json.data.payment_url) };
}

/** A payment by PayPal whose order is gone, so that the button has to make another one. */
async function loseOrder() {
  const { app } = nodes;
  const { json } = await app.create('paypal/checkout', bodyFor('paypal/checkout'));
  const { attempt } = present(await app.deps.store.findPayment(String(json.data.payment_no)));
  await app.tamper.endAttempt(present(attempt).id, 'GONE');
  return pagePathOf(app, json.data.payment_url).replace('?', '/go?');
}

const press = (send: Send, path: string, fields: Readonly<Record<string, string>> = {}) =>
  send(path, { method: 'POST', body: new URLSearchParams(fields) });

const tell = async (response: Response) =>
  `${response.status} ${response.headers.get('location') ?? /data-screen="(\w+)"|<h1[^>]*>([^<]*)/.exec(await response.text())?.[0]}`;

/** Thirty presses of one button; a call to the gateway waits until the other node has seen that there is one. */
async function pressThirty(
  path: string,
  isCall: (path: string) => boolean,
  more: Readonly<Record<string, string>> = {},
) {
  const held = holdCalls(nodes.app, isCall);
  const first = press(nodes.first, path, more);
  await held.arrived;
  const othersHere = awaitOthers(nodes, 'findPayment', 29);
  const others = [...Array(29).keys()].map((at) => press(at % 2 === 0 ? nodes.second : nodes.first, path, more));
  await othersHere();
  return {
    count: held.count,
    /** What the payer sees, by what each press was answered. */
    async release(answer?: () => Response): Promise<ReadonlySet<string>> {
      held.release(answer);
      return new Set(await Promise.all((await Promise.all([first, ...others])).map(tell)));
    },
  };
}

const ORDERS = '/v2/checkout/orders';
const refuse = () =>
  Response.json(
    {
      name: 'UNPROCESSABLE_ENTITY',
      details: [{ issue: 'PAYEE_ACCOUNT_RESTRICTED', description: 'no' }],
      message: 'no',
    },
    { status: 422 },
  );

describe.skipIf(!hasPostgres)('of thirty presses of the pay button over two nodes', () => {
  test('one makes an order, and all lead to it', async () => {
    const presses = await pressThirty(await loseOrder(), (path) => path === ORDERS);
    const told = [...(await presses.release())];
    expect([told.length, presses.count()]).toEqual([1, 1]);
    expect(told[0]).toMatch(/^303 http.*token=/);
  });

  test.each([
    ['the gateway has refused', refuse],
    ['nobody knows what became of it', () => new Response('busy', { status: 500 })],
  ])('all are told that %s', async (_, answer) => {
    const presses = await pressThirty(await loseOrder(), (path) => path === ORDERS);
    const told = [...(await presses.release(answer))];
    expect([told.length, presses.count()]).toEqual([1, 1]);
    expect(told[0]).not.toMatch(/^303/);
  });

  test('one takes a QR code, and all lead to the page that shows it', async () => {
    const { json } = await nodes.app.create('stripe/promptpay', {
      ...bodyFor('stripe/promptpay'),
      buyer_email: undefined,
    });
    const page = pagePathOf(nodes.app, json.data.payment_url);
    const isIntent = (path: string) => path === '/v1/payment_intents';
    const presses = await pressThirty(page.replace('?', '/go?'), isIntent, { buyer_email: 'payer@example.com' });
    expect([...(await presses.release())]).toEqual([`303 ${page}`]);
    expect(presses.count()).toBe(1);
    expect(await (await nodes.second(page)).text()).toContain('qr.png');
  });
});

test.skipIf(!hasPostgres)(
  'who asks for another QR code at both nodes gets one more, however long the old one takes to end',
  async () => {
    const { app, first, second } = nodes;
    const { json } = await app.create('stripe/promptpay', bodyFor('stripe/promptpay'));
    const page = pagePathOf(app, json.data.payment_url);
    let ends = 0;
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<null>();
    app.gateway.answer = ({ path }) => {
      if (!path.endsWith('/cancel') || ends++ > 0) return null;
      arrived.resolve();
      return released.promise;
    };
    const slow = press(second, page.replace('?', '/go?'));
    await arrived.promise;
    await press(first, page.replace('?', '/go?'));
    released.resolve(null);
    expect(await tell(await slow)).toBe(`303 ${page}`);
    expect(await app.rows.attemptsOf(String(json.data.payment_no))).toHaveLength(2);
  },
);

test.skipIf(!hasPostgres)(
  'a press whose first does not come back leads to the page within ten seconds, and makes no order',
  async () => {
    const path = await loseOrder();
    const held = holdCalls(nodes.app, (called) => called === ORDERS);
    const first = press(nodes.first, path);
    await held.arrived;
    const [, no = ''] = /pay\/(PAY\w+)/.exec(path) ?? [];
    const found = present(await nodes.app.deps.store.findPayment(no));
    const { startPayment, seconds } = hurry(nodes);
    const told = await startPayment(found, 'en', async () => true);
    expect([told, seconds(), held.count()]).toEqual([{ type: 'page' }, 10, 1]);
    held.release();
    await first;
  },
);

describe.skipIf(!hasPostgres)('of thirty choices over two nodes', () => {
  const isNumber = (path: string) => path === '/1.0.0/Cashier/GenPaymentCode';

  test('one takes a number, and every page shows it', async () => {
    const { app, second } = nodes;
    const { no, path } = await openCheckout();
    const presses = await pressThirty(path.replace('?', '/choose?'), isNumber, { route: 'ecpay/atm' });
    expect([...(await presses.release())]).toEqual([`303 ${path}`]);
    expect(presses.count()).toBe(1);
    const info = (await app.find(no)).payment_info as { readonly virtual_account: string };
    expect((await (await second(path)).text()).replaceAll(/\s|<[^>]+>/g, '')).toContain(info.virtual_account);
  });

  test('one whose first does not come back leads to the page within ten seconds, and takes no number', async () => {
    const { no, path } = await openCheckout();
    const held = holdCalls(nodes.app, isNumber);
    const first = press(nodes.first, path.replace('?', '/choose?'), { route: 'ecpay/atm' });
    await held.arrived;
    const found = present(await nodes.app.deps.store.findPayment(no));
    const { selectMethod, seconds } = hurry(nodes);
    const told = await selectMethod(found, 'ecpay/atm', 'en', async () => true);
    expect([told, seconds(), held.count()]).toEqual(['page', 10, 1]);
    held.release();
    await first;
  });

  test('all are told that nobody knows what became of it', async () => {
    const { path } = await openCheckout();
    const presses = await pressThirty(path.replace('?', '/choose?'), isNumber, { route: 'ecpay/atm' });
    const told = [...(await presses.release(() => new Response('busy', { status: 500 })))];
    expect([told.length, presses.count()]).toEqual([1, 1]);
    expect(told[0]).not.toMatch(/^303/);
  });
});
