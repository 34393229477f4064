import { afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import { type DeliveryDeps, deliver, readRetryAfter } from '../../../src/notify/deliver.ts';
import type { Lookup } from '../../../src/notify/target.ts';
import { canMakeCertificates, makeCertificate } from '../../support/certificate.ts';
import { listenRaw, type RawServer, trickle, withProxy } from '../../support/sockets.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const toLoopback: Lookup = async () => [{ address: '127.0.0.1', family: 4 }];
const BODY = '{"event":"payment.paid","item":"測試"}';

function send(url: string, deps: Partial<DeliveryDeps> = {}, headers: Record<string, string> = {}) {
  return deliver(
    { url, body: BODY, headers },
    {
      policy: { hosts: ['shop.test'], ranges: ['127.0.0.0/8'] },
      lookup: toLoopback,
      timeoutMs: 20_000,
      now: () => 0,
      version: '1.2.3',
      ...deps,
    },
  );
}

function serve(fetch: (request: Request) => Response | Promise<Response>): number {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch });
  closers.push(() => server.stop(true));
  return Number(server.port);
}

async function listen(answer?: Parameters<typeof listenRaw>[0]): Promise<RawServer> {
  const shop = await listenRaw(answer);
  closers.push(shop.close);
  return shop;
}

describe('delivered', () => {
  test('to the address that was checked, with name, body and headers as they should be', async () => {
    const seen: unknown[] = [];
    const port = serve(async (request) => {
      const { host, ...headers } = Object.fromEntries(request.headers);
      seen.push(request.method, new URL(request.url).pathname, host, headers, await request.text());
      return new Response(null, { status: 204 });
    });
    const result = await send(`http://shop.test:${port}/notify?x=1`, {}, { 'webhook-id': 'msg_1' });
    expect(result).toEqual({ outcome: 'delivered', status: 204 });
    expect(seen).toEqual([
      'POST',
      '/notify',
      `shop.test:${port}`,
      expect.objectContaining({
        'webhook-id': 'msg_1',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(BODY)),
        'user-agent': 'PayCore/1.2.3',
        connection: 'close',
      }),
      BODY,
    ]);
  });

  test('with path and query as the shop wrote them', async () => {
    const shop = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    for (const [given, sent] of [
      ['/a/../b%20c?q=%A4%A4+x&flag', '/a/../b%20c?q=%A4%A4+x&flag'],
      ["?token='x'#top", "/?token='x'"],
      ['/感謝', '/%E6%84%9F%E8%AC%9D'],
    ]) {
      expect(await send(`http://shop.test:${shop.port}${given}`)).toMatchObject({ outcome: 'delivered', status: 200 });
      expect(shop.requests.at(-1)).toStartWith(`POST ${sent} HTTP/1.1\r\n`);
    }
  });

  test('by the next address when the first does not answer', async () => {
    const port = serve(() => new Response('ok'));
    const lookup: Lookup = async () => [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await send(`http://shop.test:${port}/`, { lookup })).toMatchObject({ outcome: 'delivered', status: 200 });
  });

  test('to a literal address and to localhost, which no name server is asked for', async () => {
    const port = serve(() => new Response('ok'));
    const lookup: Lookup = () => Promise.reject(new Error('asked'));
    for (const host of ['127.0.0.1', '2130706433', 'localhost', 'shop.localhost']) {
      expect(await send(`http://${host}:${port}/`, { lookup })).toMatchObject({ outcome: 'delivered', status: 200 });
    }
  });

  test('as soon as 4 kB of an endless answer have come, or the time is up', async () => {
    const chunk = `400\r\n${'a'.repeat(1024)}\r\n`;
    const endless = await listen((socket) =>
      trickle(socket, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunk, 2),
    );
    const started = performance.now();
    const patient = { timeoutMs: 20_000 };
    expect(await send(`http://shop.test:${endless.port}/`, patient)).toMatchObject({
      outcome: 'delivered',
      status: 200,
    });
    expect(performance.now() - started).toBeLessThan(patient.timeoutMs);

    const hanging = await listen((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\na'));
    const late = send(`http://shop.test:${hanging.port}/`, { timeoutMs: 1000 });
    expect(await late).toMatchObject({ outcome: 'delivered', status: 200 });
  });

  test('even when the answer breaks off after its status', async () => {
    const shop = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\na'));
    expect(await send(`http://shop.test:${shop.port}/`)).toMatchObject({ outcome: 'delivered', status: 200 });
  });

  test('without the proxy that the environment names', async () => {
    const proxy = await listen((socket) => socket.end('HTTP/1.1 500 Proxy\r\n\r\n'));
    const port = serve(() => new Response('ok'));
    await withProxy(proxy.url, async () => {
      expect(await send(`http://shop.test:${port}/`)).toMatchObject({ outcome: 'delivered', status: 200 });
    });
    expect(proxy.requests).toEqual([]);
  });
});

describe('retry', () => {
  test.each([400, 401, 404, 410, 429, 500, 503])('after HTTP %i', async (status) => {
    const port = serve(() => new Response('no', { status }));
    expect(await send(`http://shop.test:${port}/`)).toEqual({
      outcome: 'retry',
      status,
      reason: `the shop answered HTTP ${status}`,
      retryAfterMs: null,
      answer: 'no',
    });
  });

  test('when the shop says', async () => {
    const port = serve(() => new Response('no', { status: 503, headers: { 'retry-after': '120' } }));
    expect(await send(`http://shop.test:${port}/`)).toMatchObject({
      outcome: 'retry',
      status: 503,
      retryAfterMs: 120_000,
    });
  });

  test('after a redirect, which is not followed', async () => {
    const elsewhere = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const port = serve(() => Response.redirect(`http://127.0.0.1:${elsewhere.port}/`, 307));
    const result = await send(`http://shop.test:${port}/`);
    expect(result).toMatchObject({ outcome: 'retry', status: 307, reason: expect.stringContaining('not followed') });
    expect(elsewhere.requests).toEqual([]);
  });

  test('after no answer in time, headers that trickle, or a resolver that hangs', async () => {
    const mute = await listen(() => {});
    const slow = await listen((socket) => trickle(socket, 'HTTP/1.1 200 OK\r\nX: '));
    const late = { outcome: 'retry', status: null, reason: 'no answer within 120 ms', retryAfterMs: null } as const;
    expect(await send(`http://shop.test:${mute.port}/`, { timeoutMs: 120 })).toEqual(late);
    expect(await send(`http://shop.test:${slow.port}/`, { timeoutMs: 120 })).toEqual(late);
    expect(await send('http://shop.test/', { timeoutMs: 120, lookup: () => new Promise(() => {}) })).toEqual(late);
  });

  test.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.end()],
    ['garbage', (socket: Socket) => socket.end('hello\r\n\r\n')],
  ])('after a connection that was %s, sent once', async (_name, answer) => {
    const shop = await listen(answer);
    expect(await send(`http://shop.test:${shop.port}/?token=S3CRET`)).toMatchObject({
      outcome: 'retry',
      status: null,
      reason: expect.not.stringContaining('S3CRET'),
    });
    expect(shop.requests).toHaveLength(1);
  });

  test('when nobody listens', async () => {
    const shop = await listen(() => {});
    closers.splice(0)[0]?.();
    expect(await send(`http://shop.test:${shop.port}/`)).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('refused'),
    });
  });

  test('when the name does not resolve', async () => {
    const lookup: Lookup = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(await send('http://shop.test/', { lookup })).toMatchObject({
      outcome: 'retry',
      reason: 'shop.test could not be resolved (ENOTFOUND).',
    });
  });

  test('when a header cannot be sent', async () => {
    expect(await send('http://127.0.0.1:1/', {}, { 'x-a': 'b\r\nc: d' })).toMatchObject({ outcome: 'retry' });
  });
});

describe('what the shop answered', () => {
  test('is told, its first 4 kB, and only when it said something', async () => {
    const port = serve(
      ({ url }) => new Response('錯'.repeat(Number(new URL(url).searchParams.get('n'))), { status: 500 }),
    );
    const said = async (n: number) => (await send(`http://shop.test:${port}/?n=${n}`)).answer;
    expect([await said(0), await said(3)]).toEqual([undefined, '錯錯錯']);
    expect(Buffer.byteLength((await said(5000)) ?? '')).toBeLessThanOrEqual(4098);
  });

  test('is told as far as it came before it broke off', async () => {
    const shop = await listen((socket) => socket.end('HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\nFatal'));
    expect(await send(`http://shop.test:${shop.port}/`)).toMatchObject({ status: 500, answer: 'Fatal' });
  });
});

describe('dead', () => {
  test('when the name resolves to a forbidden address; nothing is sent', async () => {
    const shop = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    expect(await send(`http://other.test:${shop.port}/`, { policy: { hosts: [], ranges: [] } })).toEqual({
      outcome: 'dead',
      reason: expect.stringContaining('other.test resolves to 127.0.0.1'),
    });
    expect(await send(`http://127.0.0.1:${shop.port}/`, { policy: { hosts: [], ranges: [] } })).toMatchObject({
      outcome: 'dead',
    });
    expect(shop.requests).toEqual([]);
  });

  test('when the address is no address', async () => {
    expect(await send('gopher://shop.test/')).toMatchObject({ outcome: 'dead' });
  });
});

describe.skipIf(!canMakeCertificates)('https', () => {
  let key = '';
  let cert = '';
  beforeAll(() => {
    ({ key, cert } = makeCertificate('shop.test'));
  });

  function serveTls(): { readonly port: number; requests: number } {
    const shop = { port: 0, requests: 0 };
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      tls: { key, cert },
      fetch() {
        shop.requests += 1;
        return new Response('ok');
      },
    });
    closers.push(() => server.stop(true));
    shop.port = Number(server.port);
    return shop;
  }

  test('the name of the certificate is checked although the address is pinned', async () => {
    const shop = serveTls();
    expect(await send(`https://shop.test:${shop.port}/`, { ca: cert })).toMatchObject({
      outcome: 'delivered',
      status: 200,
    });
    const policy = { hosts: ['other.test'], ranges: [] };
    expect(await send(`https://other.test:${shop.port}/`, { ca: cert, policy })).toMatchObject({
      outcome: 'retry',
      status: null,
      reason: expect.stringContaining('ALTNAME'),
    });
    expect(shop.requests).toBe(1);
  });

  test('an unknown authority is not trusted', async () => {
    const shop = serveTls();
    const result = await send(`https://shop.test:${shop.port}/`);
    expect(result).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('certificate is not trusted') });
    expect(shop.requests).toBe(0);
  });
});

test.each([
  ['120', 120_000],
  [' 5 ', 5000],
  ['Thu, 01 Jan 1970 00:10:00 GMT', 540_000],
  ['0', null],
  ['-5', null],
  ['soon', null],
  ['Thu, 01 Jan 1970 00:00:01 GMT', null],
  [undefined, null],
])('Retry-After %p is %p ms', (header, expected) => {
  expect(readRetryAfter(header, 60_000)).toBe(expected);
});
