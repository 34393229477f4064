import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { ACCOUNTS } from './catalogue/world.ts';
import { makeFolder } from './support/binary.ts';
import { at, list, text } from './support/json.ts';
import type { Answer, Server } from './support/parties.ts';
import * as parties from './support/parties.ts';
import { poll, run, stopAll } from './support/process.ts';

/** What a shop calls besides the catalogue, on the compiled binary: as it is meant, wrongly, and with ill will. */

setDefaultTimeout(60_000);

const API = '/api/paycore';
const dataDir = makeFolder('shop');
const shop = new parties.Shop();
let simulator: Server;
let server: Server;
let auth: Readonly<Record<string, string>>;
let stranger: Readonly<Record<string, string>>;
let orders = 0;

beforeAll(async () => {
  simulator = await parties.simulate();
  auth = { 'x-api-key': (await parties.createKey(dataDir)).api_key };
  stranger = { 'x-api-key': (await parties.createKey(dataDir, 'stranger')).api_key };
  server = await parties.serve(dataDir, parties.pointAt(simulator.url));
  await parties.post(`${simulator.url}/simulator/stripe/accounts`, {
    ...ACCOUNTS.stripe,
    webhook_url: `${server.url}${API}/webhooks/stripe`,
  });
  for (const gateway of ['ecpay', 'stripe']) {
    const { code } = await run(['credentials', 'set', '--project', 'shop', '--gateway', gateway], {
      env: { PAYCORE_DATA_DIR: dataDir },
      input: JSON.stringify(ACCOUNTS[gateway]),
    });
    expect(code).toBe(0);
  }
});
afterAll(async () => {
  shop.stop();
  await stopAll();
});

const call = (path: string, body?: unknown, headers = auth): Promise<Answer> =>
  body === undefined
    ? parties.get(`${server.url}${API}${path}`, headers)
    : parties.post(`${server.url}${API}${path}`, body, headers);

const orderOf = (): object => {
  orders += 1;
  return { merchant_order_no: `SHOP-${orders}`, amount: 980, item_name: '手沖咖啡豆', payok_url: shop.url };
};
const codeOf = ({ body }: Answer) => at(body, 'error', 'error_code');

async function open(path: string): Promise<string> {
  const made = await call(path, orderOf());
  expect(made).toMatchObject({ status: 201 });
  return text(made.body, 'data', 'payment_no');
}
const showAt = async (no: string) => at((await call(`/payments/${no}`)).body, 'data');

async function pay(no: string): Promise<void> {
  await parties.simulatorOrder(simulator.url, text(await showAt(no), 'gateway_order_no'), 'pay');
  await poll('paid', async () => (at(await showAt(no), 'status') === 'paid' ? true : null));
}

/** What no route may take for more than bad input. */
const HOSTILE: readonly string[] = ['', '{', '[]', 'null', `{"a":${'['.repeat(5000)}`, '{"__proto__":{"amount":1}}'];

interface Route {
  /** `{no}`: a payment of the shop, `{link}`: one of its links. */
  readonly path: string;
  /** Null: a question. */
  readonly good: object | null;
  readonly answers: number;
  readonly bad: { readonly query?: string; readonly body?: object; readonly code: string };
}

const ROUTES: readonly Route[] = [
  { path: '/checkout', good: orderOf(), answers: 201, bad: { body: { amount: -1 }, code: 'VALIDATION_FAILED' } },
  { path: '/methods', good: null, answers: 200, bad: { query: '/none', code: 'ROUTE_NOT_FOUND' } },
  { path: '/payments', good: null, answers: 200, bad: { query: '?cursor=garbage', code: 'VALIDATION_FAILED' } },
  { path: '/payments/{no}/events', good: null, answers: 200, bad: { query: '?cursor=-', code: 'VALIDATION_FAILED' } },
  { path: '/payments/{no}/refunds', good: null, answers: 200, bad: { body: { amount: 1 }, code: 'PAYMENT_NOT_PAID' } },
  { path: '/links', good: { title: '課程', amount: 500 }, answers: 201, bad: { body: {}, code: 'VALIDATION_FAILED' } },
  { path: '/links/{link}', good: null, answers: 200, bad: { query: 'X', code: 'LINK_NOT_FOUND' } },
  { path: '/links/{link}/close', good: {}, answers: 200, bad: { query: 'X', body: {}, code: 'ROUTE_NOT_FOUND' } },
  { path: '/payments/{no}/notifications', good: null, answers: 405, bad: { body: {}, code: 'PAYMENT_NOT_PAID' } },
  { path: '/payments/{no}/cancel', good: {}, answers: 200, bad: { query: 'X', body: {}, code: 'ROUTE_NOT_FOUND' } },
];

describe.each(ROUTES.map((route) => [route.path, route] as const))('%s', (path, { good, answers, bad }) => {
  let filled: string;
  beforeAll(async () => {
    const no = path.includes('{no}') ? await open('/pay/ecpay/atm') : '';
    const link = path.includes('{link}') ? await call('/links', { title: '課程', amount: 500 }) : null;
    filled = path.replace('{no}', no).replace('{link}', link ? text(link.body, 'data', 'link_no') : '');
  });

  test('says what is wrong', async () => {
    const answer = await call(`${filled}${bad.query ?? ''}`, bad.body);
    expect(codeOf(answer)).toBe(bad.code);
    expect([answer.status >= 400 && answer.status < 500, text(answer.body, 'message') !== '']).toEqual([true, true]);
  });

  test('is closed without a key, to the key of somebody else, and to nonsense', async () => {
    const body = good ?? undefined;
    expect(codeOf(await call(filled, body, {}))).toBe(answers === 405 ? 'METHOD_NOT_ALLOWED' : 'API_KEY_INVALID');
    if (path.includes('{')) expect((await call(filled, body, stranger)).status).toBe(answers === 405 ? 405 : 404);
    for (const nonsense of HOSTILE) {
      const { status } = await parties.post(`${server.url}${API}${filled}`, nonsense, {
        ...auth,
        'content-type': 'application/json',
      });
      expect([nonsense.slice(0, 30), status < 500]).toEqual([nonsense.slice(0, 30), true]);
    }
  });

  test('answers', async () => {
    expect(await call(filled, good ?? undefined)).toMatchObject({ status: answers });
  });
});

test('the payer takes an account, a store code and a card form, and pays the account after all: paid once', async () => {
  const made = await call('/checkout', orderOf());
  const [no, page] = [text(made.body, 'data', 'payment_no'), text(made.body, 'data', 'payment_url')];
  const choose = (route: string) =>
    fetch(page.replace('?', '/choose?'), { method: 'POST', body: new URLSearchParams({ route }), redirect: 'manual' });
  await choose('ecpay/atm');
  const account = text(await showAt(no), 'gateway_order_no');
  for (const route of ['ecpay/cvs', 'stripe/credit']) await choose(route);
  expect(at(await showAt(no), 'gateway')).toBe('stripe');
  await parties.simulatorOrder(simulator.url, account, 'pay');
  await poll('paid', async () => (at(await showAt(no), 'status') === 'paid' ? true : null));
  expect(await showAt(no)).toMatchObject({ gateway: 'ecpay', method: 'atm', flags: [] });
  const told = await poll('told', async () => {
    const events = list((await call(`/payments/${no}/events`)).body, 'data', 'events').map((one) => at(one, 'type'));
    return events.includes('notification.delivered') ? events : null;
  });
  expect(told.filter((type) => type === 'payment.paid')).toHaveLength(1);
  expect(told.filter((type) => type === 'attempt.ended')).toHaveLength(2);
});

test('a paid payment is told of again on demand, and is found by its number', async () => {
  const no = await open('/pay/ecpay/cvs');
  await pay(no);
  expect(await call(`/payments/${no}/notifications`, {})).toMatchObject({ status: 202 });
  const found = await call(`/payments?number=${no}`);
  expect(list(found.body, 'data', 'payments').map((one) => at(one, 'payment_no'))).toEqual([no]);
  expect(codeOf(await call(`/payments/${no}/cancel`, {}))).toBe('PAYMENT_ALREADY_PAID');
});
