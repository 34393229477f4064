import { describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { targetOf } from '../../../src/http/target.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');

/** Status and body of what comes back for a head that no HTTP library would write. */
async function ask(head: string): Promise<{ readonly status: number; readonly type: string; readonly body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', reject);
  socket.on('close', () => resolve(text));
  socket.write(Buffer.from(`${head}\r\nConnection: close\r\n\r\n`, 'latin1'));
  const [top = '', ...rest] = (await promise).split('\r\n\r\n');
  const type = /^content-type: (.*)$/im.exec(top)?.[1]?.trim() ?? '';
  return { status: Number(top.split(' ')[1]), type, body: rest.join('\r\n\r\n') };
}

/** As nginx’s `upstream app` sends it, as HTTP/1.0 does, and as nobody should. */
const HOSTS = [
  'app',
  'a',
  'shop.example:8080',
  '[::1]',
  '[',
  'a:99999',
  'a/zzz',
  'a?b',
  'a#b',
  'a@b',
  'a b',
  '%00',
  '',
];

describe('a request is routed by its path alone', () => {
  for (const host of HOSTS) {
    test(`under "Host: ${host}"`, async () => {
      const get = (path: string) => ask(`GET ${path} HTTP/1.1\r\nHost: ${host}`);
      expect(await get('/healthz')).toMatchObject({ status: 200, body: expect.stringContaining('"ok"') });
      expect((await get('/zzz/healthz')).status).toBe(404);
      expect((await get('//zzz/healthz')).status).toBe(404);
      expect((await get('/zzz/../healthz')).status).toBe(200);
      // Whoever reads the query reads it of the same address.
      const listed = await get('/api/paycore/home/overview?timezone=Nowhere');
      expect([listed.status, JSON.parse(listed.body).error.error_code]).toEqual([422, 'VALIDATION_FAILED']);
    });
  }

  test('without a host, as HTTP/1.0 has none', async () => {
    expect((await ask('GET /healthz?x=/ HTTP/1.0')).status).toBe(200);
    expect((await ask('GET /zzz/healthz HTTP/1.0')).status).toBe(404);
    expect((await ask('GET /zzz/../healthz HTTP/1.0')).status).toBe(200);
  });

  test('with a whole address in the request line', async () => {
    expect((await ask('GET http://elsewhere.example/healthz HTTP/1.1\r\nHost: a')).status).toBe(200);
    expect((await ask('GET http://a/zzz/healthz HTTP/1.1\r\nHost: a')).status).toBe(404);
  });

  test('over TLS as well, and a fragment is no part of it', () => {
    expect(
      ['https://a/x/y?b=c', 'HTTPS://[/x/y?b=c', 'http://host.example:1/x/y?b=c#d', '/x/y?b=c#/z'].map(targetOf),
    ).toEqual(Array.from({ length: 4 }, () => 'http://paycore/x/y?b=c'));
  });
});

test('what fails inside is told in our shape and written to the log, whatever the host', async () => {
  const failing = () => Promise.reject(new Error('the disk is gone'));
  const store = { ...app.deps.store, findPayment: failing, findKey: failing };
  const { handle } = await app.createTwin({ store }).open();
  const headers = { 'x-api-key': app.keys.test.api_key };
  for (const [path, status] of [
    ['/api/paycore/payments/none', 500],
    ['/zh-tw/pay/PAY202606220001ABCDEFGH?returned', 503],
  ] as const) {
    const request = new Request(`http://a${path}`, { headers });
    Object.defineProperty(request, 'url', { value: `http://[${path}`, configurable: true });
    app.log.length = 0;
    expect((await handle(request)).status).toBe(status);
    expect(app.log.join()).toContain(path.split('?')[0] ?? '');
  }
});

test('a request without a path is refused in our shape', async () => {
  const { status, type, body } = await ask('CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: a');
  expect([status, type, JSON.parse(body)]).toMatchObject([
    400,
    'application/json; charset=utf-8',
    { success: false, error: { error_code: 'REQUEST_TARGET_INVALID' } },
  ]);
});
