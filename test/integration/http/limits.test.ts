import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { PLACES_IN_LANE } from '../../../src/gateways/http.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { CREDENTIALS } from '../../gateways/paypal-shop.ts';
import { exampleOrder, startApp, type TestApp } from '../../support/app.ts';
import { makePage, openSockets, post } from '../../support/limited.ts';
import { linkHand } from '../../support/links.ts';
import { bodyFor } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';

const PAYPAL = { gateway_credentials: CREDENTIALS } as const;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_TRUSTED_PROXIES: '127.0.0.1' } });
});
const { serve, close } = openSockets(() => app);
afterAll(async () => {
  await close();
  await app.stop();
});

const keyed = (kind: 'test' | 'live' | 'other' = 'test') => ({ 'x-api-key': app.keys[kind].api_key });
const quotaOf = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`));

async function repeat(times: number, ask: () => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = [];
  for (let n = 0; n < times; n += 1) answers.push(await ask());
  return answers;
}

/** What those get who call one after the other, by what their proxy says of them. */
async function statusesOf(ask: ReturnType<typeof serve>, callers: readonly string[], headers: object = {}) {
  const statuses: number[] = [];
  for (const caller of callers) {
    const init = { headers: { ...headers, 'x-forwarded-for': caller } };
    statuses.push((await ask('/api/paycore/home/overview', init)).status);
  }
  return statuses;
}

describe('a key', () => {
  test('reads and writes from two allowances, and every answer says what is left', async () => {
    const ask = serve({ reads: 3, writes: 2 });
    const read = () => ask('/api/paycore/payments/PAY202606220001ABCDEFGH', { headers: keyed() });
    const write = () => ask('/api/paycore/pay/ecpay/aio', post(keyed()));
    expect((await repeat(3, read)).map(quotaOf)).toEqual([
      ['3', '2', '20'],
      ['3', '1', '40'],
      ['3', '0', '60'],
    ]);
    const refused = await read();
    expect([refused.status, refused.headers.get('retry-after'), quotaOf(refused)]).toEqual([
      429,
      '20',
      ['3', '0', '60'],
    ]);
    expect(await refused.json()).toEqual({
      success: false,
      message: 'Too many requests. Try again later.',
      error: { error_code: 'RATE_LIMITED' },
    });
    expect((await repeat(3, write)).map(({ status }) => status)).toEqual([422, 422, 429]);
    app.clock.advance(20_000);
    expect((await read()).status).toBe(404);
    expect((await read()).status).toBe(429);
  });

  test('takes nothing from another key, not even of the same project or the same address', async () => {
    const ask = serve({ reads: 1 });
    const read = (kind: 'test' | 'live' | 'other') => ask('/api/paycore/home/overview', { headers: keyed(kind) });
    const answers = [await read('test'), await read('test'), await read('live'), await read('other')];
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 200, 200]);
  });

  test('that is refused makes no payment, and its Idempotency-Key is as good as new', async () => {
    const ask = serve({ writes: 1 });
    const order = exampleOrder(app.shop.url);
    const create = () => ask('/api/paycore/pay/ecpay/aio', post({ ...keyed(), 'idempotency-key': 'limited' }, order));
    await ask('/api/paycore/pay/ecpay/aio', post(keyed()));
    const before = await app.rows.count('payments');
    expect((await create()).status).toBe(429);
    expect(await app.rows.count('payments')).toBe(before);
    app.clock.advance(MINUTE);
    const made = await create();
    expect([made.status, made.headers.get('idempotent-replayed')]).toEqual([201, null]);
    app.clock.advance(MINUTE);
    const again = await create();
    expect([again.status, again.headers.get('idempotent-replayed'), quotaOf(again)[1]]).toEqual([201, 'true', '0']);
  });

  test('without limits is told of none', async () => {
    const ask = serve({ reads: 1, wrongKeys: 1, open: 1 }, false);
    const answers = await repeat(3, () => ask('/api/paycore/home/overview', { headers: keyed() }));
    answers.push(...(await repeat(3, () => ask('/api/paycore/home/overview', { headers: { 'x-api-key': 'no' } }))));
    answers.push(...(await repeat(3, () => ask('/api/paycore/home/overview'))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401, 401, 401, 200, 200, 200]);
    for (const answer of answers) expect(quotaOf(answer)).toEqual([null, null, null]);
  });
});

describe('an address', () => {
  test('that guesses keys has to wait, however it calls itself', async () => {
    const ask = serve({ wrongKeys: 2 });
    const headers = { 'x-api-key': 'pc_live_x' };
    const callers = [
      '203.0.113.1',
      '9.9.9.9, 203.0.113.1',
      '8.8.8.8, 7.7.7.7, 203.0.113.1',
      '203.0.113.1:4711',
      '::ffff:203.0.113.1',
      '203.0.113.2',
    ];
    expect(await statusesOf(ask, callers, headers)).toEqual([401, 401, 429, 429, 429, 401]);
  });

  test('of IPv6 is its whole /64', async () => {
    const ask = serve({ open: 2 });
    const callers = [
      '2001:db8:0:1::1',
      '2001:db8:0:1:ffff::2',
      '2001:0db8:0000:0001:1:2:3:4',
      '[2001:db8:0:1::9]:443',
      '2001:db8:0:2::1',
    ];
    expect(await statusesOf(ask, callers)).toEqual([200, 200, 429, 429, 200]);
  });

  test('gets a page that says to wait, in the page’s language, and nothing of the payment', async () => {
    const ask = serve({ page: 1, go: 1, return: 1 });
    const { path, query } = await makePage(app);
    const english = path.replace('zh-tw', 'en');
    const back = `${english.replace('/pay/', '/payment/ecpay/return/')}`;
    const visits: readonly (() => Promise<Response>)[] = [
      () => ask(english + query),
      () => ask(`${english}/go${query}`, { method: 'POST' }),
      () => ask(back, { method: 'POST', body: 'RtnCode=1' }),
    ];
    for (const visit of visits) {
      expect((await visit()).status).toBeLessThan(400);
      const refused = await visit();
      const html = await refused.text();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
      expect(refused.headers.get('content-type')).toContain('text/html');
      expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(html).toContain('lang="en"');
      expect(html).toContain('Please wait a moment');
      expect(html).not.toContain(query.slice(7));
      app.clock.advance(MINUTE);
    }
    app.clock.advance(MINUTE);
    await ask(path + query);
    expect(await (await ask(path + query)).text()).toContain('請稍候再試');
  });

  test('using the card form too often is told so in JSON', async () => {
    const ask = serve({ form: 1 });
    const { path, query } = await makePage(app, 'ecpay/ecpg', { buyer_email: 'a@b.example' });
    const form = () => ask(`${path}/form${query}`, { method: 'POST' });
    expect((await form()).status).toBe(200);
    const pay = `/api/paycore/pay/ecpay/ecpg/${path.split('/').pop()}/create${query}`;
    for (const refused of [await form(), await ask(pay, post({}, { PayToken: 'A' }))]) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
      expect(((await refused.json()) as { error: object }).error).toEqual({ error_code: 'RATE_LIMITED' });
    }
  });
});

describe('orders, numbers and forms that payers get from a gateway', () => {
  const press = async (
    ask: ReturnType<typeof serve>,
    { path, query }: Awaited<ReturnType<typeof makePage>>,
    action: string,
    fields: Readonly<Record<string, string>> = {},
    caller = '203.0.113.1',
  ): Promise<number> => {
    const headers = { 'x-forwarded-for': caller };
    const init = { method: 'POST', headers, body: new URLSearchParams(fields) };
    return (await ask(`${path}/${action}${query}`, init)).status;
  };
  const attempts = () => app.rows.count('attempts');

  test('are counted together by address, whatever the page, and what is refused opens nothing', async () => {
    await linkHand(app).storeCredentials();
    const checkout = async () => {
      const { json } = await app.call('/api/paycore/checkout', exampleOrder(app.shop.url));
      const { pathname: path, search: query } = new URL(String(json.data.payment_url));
      return { path, query };
    };
    const form = { buyer_email: 'a@b.example' };
    const pages = [await checkout(), await checkout(), await makePage(app, 'ecpay/ecpg', form)] as const;
    const route = { route: 'ecpay/atm' };
    const ask = serve({ draws: 1 });
    expect(await press(ask, pages[0], 'choose', route)).toBe(303);
    const before = [await attempts(), app.gateway.received.length];
    expect(await press(ask, pages[1], 'choose', route)).toBe(429);
    expect(await press(ask, pages[2], 'form')).toBe(429);
    expect([await attempts(), app.gateway.received.length]).toEqual(before);
    // A number that he has already is no new one; and whoever comes from elsewhere has his own.
    expect(await press(ask, pages[0], 'choose', route)).toBe(303);
    expect(await press(ask, pages[1], 'choose', route, '203.0.113.2')).toBe(303);
    expect(await press(ask, pages[2], 'form', {}, '203.0.113.3')).toBe(200);
  });

  test('do not count where the browser itself takes the payer there', async () => {
    const ask = serve({ draws: 1 });
    const page = await makePage(app);
    for (let n = 0; n < 3; n += 1) expect(await press(ask, page, 'go')).toBe(200);
  });

  test('are counted for an order that takes the place of a dead one', async () => {
    const pages = [await makePage(app, 'paypal/checkout', PAYPAL), await makePage(app, 'paypal/checkout', PAYPAL)];
    app.clock.advance(7 * HOUR);
    const ask = serve({ draws: 1 });
    const [one, two] = pages;
    expect(await press(ask, present(one), 'go')).toBe(303);
    const before = await attempts();
    expect(await press(ask, present(two), 'go')).toBe(429);
    expect(await attempts()).toBe(before);
  });
});

test('payments begun at links are counted by the day as well', async () => {
  const hand = linkHand(app);
  await hand.storeCredentials();
  const { path } = await hand.make({ amount: 100 });
  const ask = serve({ link: 2 }, true, { link: 3 });
  const begin = async () =>
    (await ask(path, { method: 'POST', headers: { 'x-forwarded-for': '203.0.113.50' }, body: new URLSearchParams() }))
      .status;
  expect([await begin(), await begin(), await begin()]).toEqual([303, 303, 429]);
  app.clock.advance(MINUTE);
  expect([await begin(), await begin()]).toEqual([303, 429]);
  app.clock.advance(5 * MINUTE);
  expect(await begin()).toBe(429);
  app.clock.advance(8 * HOUR);
  expect([await begin(), await begin()]).toEqual([303, 429]);
});

describe('the status question of a page', () => {
  test('is never refused to 50 pages that ask for a minute from one address', async () => {
    const ask = serve();
    const { path, query } = await makePage(app);
    const asking = Array.from({ length: 20 }, () => repeat(100, () => ask(`${path}/status${query}`)));
    const answers = (await Promise.all(asking)).flat();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers).toHaveLength((50 * 60) / 1.5);
  });

  test('beyond its limit is 429 with the time to wait', async () => {
    const ask = serve({ poll: 1 });
    const { path, query } = await makePage(app);
    const [first, second] = await repeat(2, () => ask(`${path}/status${query}`));
    expect([first?.status, second?.status, second?.headers.get('retry-after')]).toEqual([200, 429, '60']);
  });
});

describe('callbacks', () => {
  test('a burst far beyond any gateway’s is read to the last one', async () => {
    const ask = serve();
    const send = () => ask('/api/paycore/webhooks/ecpay', { method: 'POST', body: 'MerchantTradeNo=NOBODY' });
    const answers = (await Promise.all(Array.from({ length: 20 }, () => repeat(50, send)))).flat();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });

  test('beyond the limit are neither taken nor acknowledged, and each gateway is told to come again', async () => {
    for (const { id, callback } of GATEWAYS) {
      const ask = serve({ callbacks: 1 });
      const send = () => ask(`/api/paycore/webhooks/${id}`, { method: 'POST', body: '{}' });
      await send();
      const strays = await app.rows.count('unmatchedCallbacks');
      const refused = await send();
      expect([refused.status, await refused.text()]).toEqual([callback.retry.status, callback.retry.body]);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(await app.rows.count('unmatchedCallbacks')).toBe(strays);
    }
  });
});

test('a gateway that hangs holds its own places only: at the same origin another issues its number at once', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isHanging = ({ path }: { readonly path: string }) => path.includes('GenPaymentCode');
  app.gateway.received.length = 0;
  app.gateway.answer = (request) => (isHanging(request) ? gate.then(() => new Response('<html>')) : null);
  const hanging = Array.from({ length: PLACES_IN_LANE + 5 }, () => app.create('ecpay/cvs'));
  while (app.gateway.received.filter(isHanging).length < PLACES_IN_LANE) await Bun.sleep(5);
  const other = await app.create('smilepay/atm', bodyFor('smilepay/atm'));
  expect([other.status, app.gateway.received.filter(isHanging).length]).toEqual([201, PLACES_IN_LANE]);
  release();
  expect(new Set((await Promise.all(hanging)).map(({ status }) => status))).toEqual(new Set([502]));
  app.gateway.answer = null;
});

test('of an address, searches and views that are rendered anew have a limit; pages that are kept have none', async () => {
  const ask = serve({ guide: 2 });
  const see = async (path: string) => (await ask(path)).status;
  expect([await see('/en'), await see('/developers/search?q=atm')]).toEqual([200, 200]);
  const refused = await ask('/developers/search?q=atm');
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect([await see('/'), await see('/developers/nothing'), await see('/en/developers/ecpay')]).toEqual([
    429, 429, 200,
  ]);
});
