import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { exampleOrder, startApp, type TestApp } from '../../support/app.ts';
import { makePage, openSockets, post } from '../../support/limited.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
const { serve, open, close } = openSockets(() => app);
afterAll(async () => {
  await close();
  await app.stop();
});

const keyed = () => ({ 'x-api-key': app.keys.test.api_key });

describe('X-Request-Id', () => {
  const OURS = /^req_[0-9a-f]{20}$/;
  const idOf = ({ headers }: Response) => headers.get('x-request-id') ?? '';

  test('is on every answer, whatever it is and whoever asks', async () => {
    const ask = serve();
    const { path, query } = await makePage(app);
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
    const ask = serve();
    for (const id of ['x'.repeat(65), 'x'.repeat(8000), 'a b', 'a, b', '<b>', '', 'a:b', 'ä'.slice(0, 1)]) {
      expect(idOf(await ask('/healthz', { headers: { 'x-request-id': id } }))).toMatch(OURS);
    }
    const doubled = new Headers();
    doubled.append('x-request-id', 'a');
    doubled.append('x-request-id', 'b');
    expect(idOf(await ask('/healthz', { headers: doubled }))).toMatch(OURS);
  });

  test('cannot carry a header of its own, as bytes on the wire', async () => {
    const port = open({}, true);
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

  test('stands in every line that the request wrote, and in no body', async () => {
    app.log.length = 0;
    app.gateway.answer = ({ path }) =>
      path.includes('GenPaymentCode') ? new Response('<html>', { status: 500 }) : null;
    const [headers, order] = [{ ...keyed(), 'x-request-id': 'find-me' }, exampleOrder(app.shop.url)];
    const answer = await serve()('/api/paycore/pay/ecpay/cvs', post(headers, order));
    app.gateway.answer = null;
    expect([answer.status, idOf(answer)]).toEqual([502, 'find-me']);
    expect(await answer.json()).toMatchObject({
      error: { error_code: 'PAYMENT_GATEWAY_ERROR', payment_no: expect.any(String) },
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
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    app.gateway.answer = ({ path }) =>
      path.includes('GenPaymentCode') ? gate.then(() => new Response('<html>', { status: 500 })) : null;
    const ask = serve();
    const order = exampleOrder(app.shop.url);
    const create = (id: string) =>
      ask('/api/paycore/pay/ecpay/cvs', post({ ...keyed(), 'idempotency-key': 'twins', 'x-request-id': id }, order));
    const first = create('first');
    while (!app.gateway.received.some(({ path }) => path.includes('GenPaymentCode'))) await Bun.sleep(5);
    const second = create('second');
    release();
    const answers = await Promise.all([first, second]);
    app.gateway.answer = null;
    expect(answers.map(idOf)).toEqual(['first', 'second']);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    const failures = app.log
      .filter((line) => line.includes('request failed'))
      .map((line) => JSON.parse(line).request_id);
    expect(failures).toEqual(['first']);
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
