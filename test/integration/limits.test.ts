import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { createApp } from '../../src/app.ts';
import { type Listener, listen } from '../../src/cli/listen.ts';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { LIMITS, type LimitName, type LimitTable } from '../../src/http/limits.ts';
import { createServices } from '../../src/payments/index.ts';
import { exampleOrder, startApp, type TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';

/** The same program on a socket of its own, with limits that a test can reach. */

const MINUTE = 60_000;

let app: TestApp;
const listeners: Listener[] = [];
beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_TRUSTED_PROXIES: '127.0.0.1' } });
});
afterAll(async () => {
  await Promise.all(listeners.map((listener) => listener.stop()));
  await app.stop();
});

/** `left`: how many of each class there are; the other classes are as generous as ever. */
function serve(
  left: Partial<Record<LimitName, number>>,
  on = true,
): (path: string, init?: RequestInit) => Promise<Response> {
  const changed = Object.entries(left).map(([name, perMinute]) => [name, { ...LIMITS[name as LimitName], perMinute }]);
  const table = { ...LIMITS, ...Object.fromEntries(changed) } as LimitTable;
  const config = { ...app.deps.config, rateLimit: on };
  const deps = { ...app.deps, config, peerOf: (request: Request) => listener.peerOf(request) };
  const { handle } = createApp(deps, createServices(deps), table);
  const listener = listen({ host: '127.0.0.1', port: 0, fetch: handle });
  listeners.push(listener);
  return (path, init = {}) => fetch(`http://127.0.0.1:${listener.port}${path}`, { redirect: 'manual', ...init });
}

type Ask = ReturnType<typeof serve>;

const keyed = (kind: 'test' | 'live' | 'other' = 'test') => ({ 'x-api-key': app.keys[kind].api_key });
const post = (headers: Record<string, string>, body: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const quotaOf = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`));

async function repeat(times: number, ask: () => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = [];
  for (let n = 0; n < times; n += 1) answers.push(await ask());
  return answers;
}

interface Page {
  readonly path: string;
  readonly query: string;
}

async function makePage(route = 'ecpay/aio', more: object = {}): Promise<Page> {
  const { json } = await app.create(route, more);
  const url = new URL(String(json.data.payment_url));
  return { path: url.pathname, query: url.search };
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
    const before = app.count('payments');
    expect((await create()).status).toBe(429);
    expect(app.count('payments')).toBe(before);
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
    const guess = (forwarded: string) =>
      ask('/api/paycore/home/overview', { headers: { 'x-api-key': 'pc_live_x', 'x-forwarded-for': forwarded } });
    const answers = [
      await guess('203.0.113.1'),
      await guess('9.9.9.9, 203.0.113.1'),
      await guess('8.8.8.8, 7.7.7.7, 203.0.113.1'),
      await guess('203.0.113.1:4711'),
      await guess('::ffff:203.0.113.1'),
      await guess('203.0.113.2'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429, 429, 429, 401]);
  });

  test('of IPv6 is its whole /64', async () => {
    const ask = serve({ open: 2 });
    const look = (forwarded: string) =>
      ask('/api/paycore/home/overview', { headers: { 'x-forwarded-for': forwarded } });
    const answers = [
      await look('2001:db8:0:1::1'),
      await look('2001:db8:0:1:ffff::2'),
      await look('2001:0db8:0000:0001:1:2:3:4'),
      await look('[2001:db8:0:1::9]:443'),
      await look('2001:db8:0:2::1'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429, 200]);
  });

  test('gets a page that says to wait, in the page’s language, and nothing of the payment', async () => {
    const ask = serve({ page: 1, go: 1, return: 1 });
    const { path, query } = await makePage();
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
    expect(await (await ask(path + query)).text()).toContain('請稍等一下');
  });

  test('using the card form too often is told so in JSON', async () => {
    const ask = serve({ form: 1 });
    const { path, query } = await makePage('ecpay/ecpg', { buyer_email: 'a@b.example' });
    const form = () => ask(`${path}/form${query}`, { method: 'POST' });
    expect((await form()).status).toBe(200);
    const pay = `/api/paycore/pay/ecpay/ecpg/${path.split('/').pop()}/create${query}`;
    for (const refused of [await form(), await ask(pay, post({}, { PayToken: 'A' }))]) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
      expect(((await refused.json()) as { error: object }).error).toEqual({ error_code: 'RATE_LIMITED' });
    }
  });
});

describe('the status question of a page', () => {
  test('is never refused to 50 pages that ask for a minute from one address', async () => {
    const ask = serve({});
    const { path, query } = await makePage();
    const asking = Array.from({ length: 20 }, () => repeat(100, () => ask(`${path}/status${query}`)));
    const answers = (await Promise.all(asking)).flat();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers).toHaveLength((50 * 60) / 1.5);
  });

  test('beyond its limit is 429 with the time to wait', async () => {
    const ask = serve({ poll: 1 });
    const { path, query } = await makePage();
    const [first, second] = await repeat(2, () => ask(`${path}/status${query}`));
    expect([first?.status, second?.status, second?.headers.get('retry-after')]).toEqual([200, 429, '60']);
  });
});

describe('callbacks', () => {
  test('a burst far beyond any gateway’s is read to the last one', async () => {
    const ask = serve({});
    const send = () => ask('/api/paycore/webhooks/ecpay', { method: 'POST', body: 'MerchantTradeNo=NOBODY' });
    const answers = (await Promise.all(Array.from({ length: 20 }, () => repeat(50, send)))).flat();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });

  test('beyond the limit are neither taken nor acknowledged, and each gateway is told to come again', async () => {
    for (const { id, callback } of GATEWAYS) {
      const ask = serve({ callbacks: 1 });
      const send = () => ask(`/api/paycore/webhooks/${id}`, { method: 'POST', body: '{}' });
      await send();
      const strays = app.count('strays');
      const refused = await send();
      expect([refused.status, await refused.text()]).toEqual([callback.retry.status, callback.retry.body]);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(app.count('strays')).toBe(strays);
    }
  });
});

describe('X-Request-Id', () => {
  const OURS = /^req_[0-9a-f]{20}$/;
  const idOf = ({ headers }: Response) => headers.get('x-request-id') ?? '';

  test('is on every answer, whatever it is and whoever asks', async () => {
    const ask = serve({});
    const { path, query } = await makePage();
    const all: readonly [string, RequestInit?][] = [
      ['/healthz'],
      ['/readyz'],
      ['/swagger'],
      ['/swagger/json'],
      ['/assets/checkout.css'],
      ['/assets/none.css'],
      ['/nothing/here'],
      ['/api/paycore/nothing'],
      ['/api/paycore/home/overview'],
      ['/api/paycore/payments/none'],
      ['/api/paycore/pay/ecpay/aio', post(keyed())],
      ['/api/paycore/pay/ecpay/aio', { method: 'POST', body: 'x', headers: keyed() }],
      ['/api/paycore/webhooks/ecpay', { method: 'POST', body: 'a=1' }],
      [path + query],
      [path],
      [`${path}/status${query}`],
      [`/xx/pay/none`],
      [`${path}/go${query}`, { method: 'POST' }],
      [path.replace('/pay/', '/payment/ecpay/return/'), { method: 'POST', body: 'a=1' }],
      ['/healthz', { method: 'DELETE' }],
      ['/', { method: 'OPTIONS' }],
    ];
    const ids = new Set<string>();
    for (const [target, init] of all) ids.add(idOf(await ask(target, init)));
    for (const id of ids) expect(id).toMatch(OURS);
    expect(ids.size).toBe(all.length);
  });

  test('is the caller’s own when it is sound, on replayed and refused answers too', async () => {
    const ask = serve({ writes: 2 });
    const order = exampleOrder(app.shop.url);
    const create = (id: string) =>
      ask('/api/paycore/pay/ecpay/aio', post({ ...keyed(), 'idempotency-key': 'traced', 'x-request-id': id }, order));
    const answers = [await create('shop-1'), await create('shop-2'), await create('shop-3')];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(answers.map(idOf)).toEqual(['shop-1', 'shop-2', 'shop-3']);
  });

  test('huge, strange or doubled ones are not kept', async () => {
    const ask = serve({});
    for (const id of ['x'.repeat(65), 'x'.repeat(8000), 'a b', 'a, b', '<b>', '', 'a:b', 'ä'.slice(0, 1)]) {
      expect(idOf(await ask('/healthz', { headers: { 'x-request-id': id } }))).toMatch(OURS);
    }
    const doubled = new Headers();
    doubled.append('x-request-id', 'a');
    doubled.append('x-request-id', 'b');
    expect(idOf(await ask('/healthz', { headers: doubled }))).toMatch(OURS);
  });

  test('cannot carry a header of its own, as bytes on the wire', async () => {
    serve({});
    const { port } = present(listeners.at(-1));
    for (const id of ['a\rset-cookie: x=1', 'a\tb', 'a\u0001b', 'a\u007fb', 'a\r\n set-cookie: x=1']) {
      const answer = await sendRaw(
        port,
        `GET /healthz HTTP/1.1\r\nHost: pay.example\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer.toLowerCase()).not.toContain('set-cookie');
      if (answer.startsWith('HTTP/1.1 200')) expect(answer).toMatch(/x-request-id: req_[0-9a-f]{20}\r\n/i);
      else expect(answer).toStartWith('HTTP/1.1 400');
    }
  });

  test('stands in every line that the request wrote, and in the body of a failure that is not the caller’s', async () => {
    app.log.length = 0;
    app.gateway.answer = ({ path }) =>
      path.includes('GenPaymentCode') ? new Response('<html>', { status: 500 }) : null;
    const [headers, order] = [{ ...keyed(), 'x-request-id': 'find-me' }, exampleOrder(app.shop.url)];
    const answer = await serve({})('/api/paycore/pay/ecpay/cvs', post(headers, order));
    app.gateway.answer = null;
    expect([answer.status, idOf(answer)]).toEqual([502, 'find-me']);
    expect(await answer.json()).toMatchObject({
      error: { error_code: 'PAYMENT_GATEWAY_ERROR', request_id: 'find-me', payment_no: expect.any(String) },
    });
    const lines = app.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['gateway answered', 'gateway outcome unknown', 'request failed']),
    );
    for (const line of lines) expect(line.request_id).toBe('find-me');
  });

  test('of a failure under an Idempotency-Key is in the log as well, and is the first one’s for its twins', async () => {
    app.log.length = 0;
    app.gateway.received.length = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    app.gateway.answer = ({ path }) =>
      path.includes('GenPaymentCode') ? gate.then(() => new Response('<html>', { status: 500 })) : null;
    const ask = serve({});
    const order = exampleOrder(app.shop.url);
    const create = (id: string) =>
      ask('/api/paycore/pay/ecpay/cvs', post({ ...keyed(), 'idempotency-key': 'twins', 'x-request-id': id }, order));
    const first = create('first');
    while (!app.gateway.received.some(({ path }) => path.includes('GenPaymentCode'))) await Bun.sleep(5);
    const second = create('second');
    open();
    const answers = await Promise.all([first, second]);
    app.gateway.answer = null;
    expect(answers.map(idOf)).toEqual(['first', 'second']);
    for (const answer of answers) expect(await answer.json()).toMatchObject({ error: { request_id: 'first' } });
    const failures = app.log
      .filter((line) => line.includes('request failed'))
      .map((line) => JSON.parse(line).request_id);
    expect(failures).toEqual(['first']);
  });

  test('is in no body of an error that the caller can mend', async () => {
    const answer = await serve({})('/api/paycore/pay/ecpay/aio', post(keyed()));
    expect([answer.status, (await answer.text()).includes('request_id')]).toEqual([422, false]);
  });
});

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
