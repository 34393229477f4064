import { afterEach, describe, expect, setSystemTime, test } from 'bun:test';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createGatewayHttp, GatewayCallError, type PostOptions } from '../../../src/gateways/http.ts';
import { canMakeCertificates, makeCertificate } from '../../support/certificate.ts';
import { holdTimers } from '../../support/clock.ts';
import { listenRaw, type RawServer, trickle, withProxy } from '../../support/sockets.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server of bare sockets that is gone after the test. */
async function listen(answer?: Parameters<typeof listenRaw>[0]): Promise<RawServer> {
  const server = await listenRaw(answer);
  closers.push(server.close);
  return server;
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const http = createGatewayHttp();

function post(url: string, options: Partial<PostOptions> = {}, client = http) {
  return client.post(url, { body: 'a=1', headers: {}, timeoutMs: 20_000, ...options });
}

async function failureOf(call: Promise<unknown>): Promise<GatewayCallError> {
  const outcome = await call.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof GatewayCallError) return outcome;
  throw new Error(`expected a GatewayCallError, but ${String(outcome)}`);
}

describe('an answer', () => {
  test('comes with status, headers, bytes, the gateway clock and the time it took', async () => {
    const server = await listen((socket) =>
      socket.end(
        'HTTP/1.1 418 Odd\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\nX-A: b\r\nContent-Length: 3\r\n\r\n\xff\x00a',
        'latin1',
      ),
    );
    const answer = await post(`${server.url}/x`, { headers: { 'content-type': 'text/plain' } });
    expect(answer.status).toBe(418);
    expect(answer.headers.get('x-a')).toBe('b');
    expect([...answer.body]).toEqual([255, 0, 97]);
    expect(answer.date).toBe(Date.UTC(2026, 10, 21));
    expect(answer.elapsedMs).toBeWithin(0, 20_000);
    expect(server.requests[0]).toStartWith('POST /x HTTP/1.1\r\n');
    expect(server.requests[0]).toEndWith('\r\n\r\na=1');
    expect(server.requests[0]).toMatch(/content-type: text\/plain\r\n/i);
  });

  test('without a readable date has none', async () => {
    const server = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\nDate: soon\r\nContent-Length: 0\r\n\r\n'));
    expect((await post(server.url)).date).toBeNull();
  });

  test('to a GET and of bytes', async () => {
    const server = Bun.serve({
      port: 0,
      fetch: async (request) => new Response(`${request.method} ${(await request.bytes()).length}`),
    });
    closers.push(() => server.stop(true));
    const get = await http.get(server.url.href, { headers: {}, timeoutMs: 20_000 });
    expect(Buffer.from(get.body).toString()).toBe('GET 0');
    const sent = await post(server.url.href, { body: new Uint8Array(300_000) });
    expect(Buffer.from(sent.body).toString()).toBe('POST 300000');
  });

  test('takes as long as it takes, whatever becomes of the machine’s clock meanwhile', async () => {
    const server = Bun.serve({
      port: 0,
      fetch: () => {
        setSystemTime(Date.now() + 40 * 86_400_000);
        return new Response('ok');
      },
    });
    closers.push(() => server.stop(true));
    closers.push(() => setSystemTime());
    const { elapsedMs } = await post(server.url.href);
    expect(elapsedMs).toBeLessThan(60_000);
  });

  test('that redirects is not followed', async () => {
    const other = await listen((socket) => socket.end(OK));
    const server = await listen((socket) =>
      socket.end(`HTTP/1.1 302 Found\r\nLocation: ${other.url}/\r\nContent-Length: 0\r\n\r\n`),
    );
    const answer = await post(server.url);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${other.url}/`]);
    expect(other.connections).toBe(0);
  });
});

describe('not_sent', () => {
  test('when the connection is refused', async () => {
    const server = await listen(() => {});
    closers.splice(0)[0]?.();
    const failure = await failureOf(post(`${server.url}/pay`));
    expect([failure.kind, failure.code]).toEqual(['not_sent', 'ECONNREFUSED']);
  });

  test('when the name does not exist', async () => {
    expect((await failureOf(post('http://nosuch.invalid/'))).kind).toBe('not_sent');
  });

  test('when the request cannot be built', async () => {
    expect((await failureOf(post('nonsense'))).kind).toBe('not_sent');
    expect((await failureOf(post('ftp://127.0.0.1/'))).kind).toBe('not_sent');
    const failure = await failureOf(post('http://127.0.0.1:1/', { headers: { 'x-key': 'S3CRET\r\nx: y' } }));
    expect(failure.kind).toBe('not_sent');
    expect(failure.message).not.toContain('S3CRET');
  });

  test.skipIf(!canMakeCertificates)('when the certificate is not trusted, and the server saw no request', async () => {
    let requests = 0;
    const server = Bun.serve({
      port: 0,
      tls: makeCertificate('gateway.test'),
      fetch() {
        requests += 1;
        return new Response();
      },
    });
    closers.push(() => server.stop(true));
    const failure = await failureOf(post(`https://localhost:${server.port}/`));
    expect([failure.kind, failure.code]).toEqual(['not_sent', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
    expect(requests).toBe(0);
  });
});

describe('broken', () => {
  test.each([
    ['reset after the request', (socket: Socket) => socket.resetAndDestroy()],
    ['closed without an answer', (socket: Socket) => socket.end()],
    ['half a header', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le')],
    ['half a body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')],
    [
      'half a chunked body',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    ],
    ['garbage', (socket: Socket) => socket.end('hello\r\n\r\n')],
  ])('%s, and the request was sent once', async (_name, answer) => {
    const server = await listen(answer);
    expect((await failureOf(post(server.url))).kind).toBe('broken');
    expect(server.requests).toHaveLength(1);
  });

  test('a TLS port that does not speak TLS', async () => {
    const server = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await failureOf(post(server.url.replace('http:', 'https:')))).kind).toBe('broken');
  });
});

describe('timeout', () => {
  const TRICKLE = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';
  const SLOW_HEADERS = 'HTTP/1.1 200 OK\r\nX-Slow: ';

  test.each([
    ['no answer', () => {}],
    ['a body that trickles', (socket: Socket) => trickle(socket, TRICKLE)],
    ['headers that trickle', (socket: Socket) => trickle(socket, SLOW_HEADERS)],
  ])('%s', async (_name, answer) => {
    const server = await listen(answer);
    const timers = holdTimers();
    const call = failureOf(post(server.url, { timeoutMs: 150 }, createGatewayHttp(timers)));
    while (server.requests.length === 0) await Bun.sleep(5);
    expect(timers.held).toMatchObject([{ ms: 150 }]);
    timers.fire();
    expect((await call).kind).toBe('timeout');
    expect(server.requests).toHaveLength(1);
  });

  test('after the time that was given, on the clock of the machine', async () => {
    const server = await listen(() => {});
    const started = performance.now();
    expect((await failureOf(post(server.url, { timeoutMs: 150 }))).kind).toBe('timeout');
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  test('even when the runtime does not stop', async () => {
    const deaf = createGatewayHttp({ fetch: () => new Promise(() => {}) });
    expect((await failureOf(post('http://127.0.0.1:1/', { timeoutMs: 60 }, deaf))).kind).toBe('timeout');
  });
});

describe('too_large', () => {
  test('announced', async () => {
    const server = await listen((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n'));
    expect((await failureOf(post(server.url))).kind).toBe('too_large');
  });

  test('streamed: the connection ends long before 10 MB', async () => {
    let pulled = 0;
    const server = Bun.serve({
      port: 0,
      fetch: () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              await Bun.sleep(1);
              pulled += 100_000;
              if (pulled > 10_000_000) controller.close();
              else controller.enqueue(new Uint8Array(100_000));
            },
          }),
        ),
    });
    closers.push(() => server.stop(true));
    expect((await failureOf(post(server.url.href))).kind).toBe('too_large');
    expect(pulled).toBeLessThan(10_000_000);
  });

  test('the limit itself is accepted', async () => {
    const server = await listen((socket) => socket.end(OK));
    expect((await post(server.url, { maxBytes: 2 })).body).toHaveLength(2);
    expect((await failureOf(post(server.url, { maxBytes: 1 }))).kind).toBe('too_large');
  });
});

describe('an answer that is compressed although nobody asked for it', () => {
  const FOLD = {
    gzip: gzipSync,
    'X-GZip': gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
    'br, gzip': (bytes: Buffer) => gzipSync(brotliCompressSync(bytes)),
    identity: (bytes: Buffer) => bytes,
    '': (bytes: Buffer) => bytes,
  } as const;
  const send = (encoding: string, body: Uint8Array) =>
    listen((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.end(body);
    });

  for (const [encoding, fold] of Object.entries(FOLD)) {
    test(`is read, up to the size that any may have: "${encoding}"`, async () => {
      const body = Buffer.from('{"a":"金流"}'.repeat(100));
      const { url } = await send(encoding, fold(body));
      expect(Buffer.from((await post(url, { maxBytes: body.length })).body)).toEqual(body);
      expect((await failureOf(post(url, { maxBytes: body.length - 1 }))).kind).toBe('too_large');
    });
  }

  test('is not unfolded by the runtime, which knows no limit', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(5_000_000)));
    let given: unknown;
    const client = createGatewayHttp({
      fetch: async (_url, init) => {
        given = init.decompress;
        return new Response(bomb, { headers: { 'content-encoding': 'gzip, gzip' } });
      },
    });
    expect((await failureOf(post('http://gateway.example/', {}, client))).kind).toBe('too_large');
    expect(given).toBe(false);
  });

  test('by what it is not, or by what nobody knows', async () => {
    const broken = await send('gzip', Buffer.from('plain'));
    expect((await failureOf(post(broken.url))).kind).toBe('broken');
    const unknown = await send('rot13', Buffer.from('cynva'));
    expect(String(Buffer.from((await post(unknown.url)).body))).toBe('cynva');
    const empty = await send('gzip', Buffer.alloc(0));
    expect((await post(empty.url)).body).toHaveLength(0);
  });
});

describe('one request is one request', () => {
  test.each(['get', 'post'] as const)(
    '%s: a kept-alive connection that dies is neither used nor retried',
    async (method) => {
      const server = await listen((socket, _text, raw) => {
        if (raw.requests.length === 1) socket.write(OK);
        else socket.resetAndDestroy();
      });
      const send = () =>
        method === 'get' ? http.get(server.url, { headers: {}, timeoutMs: 20_000 }) : post(server.url);
      expect((await send()).status).toBe(200);
      expect((await failureOf(send())).kind).toBe('broken');
      expect([server.requests.length, server.connections]).toEqual([2, 2]);
    },
  );

  test('proxies in the environment are not used', async () => {
    const proxy = await listen((socket) => socket.end(OK));
    const server = await listen((socket) => socket.end(OK));
    await withProxy(proxy.url, async () => {
      expect((await post(server.url)).status).toBe(200);
    });
    expect([proxy.connections, server.connections]).toEqual([0, 1]);
  });
});

test('errors name origin and path, and nothing that may be secret', async () => {
  const server = await listen((socket) => socket.resetAndDestroy());
  const failure = await failureOf(
    post(`${server.url}/pay?token=S3CRET`, { body: 'HashKey=S3CRET', headers: { authorization: 'Bearer S3CRET' } }),
  );
  expect(failure.message).toStartWith(`POST ${server.url}/pay: `);
  expect(JSON.stringify([failure.message, failure.stack, failure.cause, { ...failure }])).not.toContain('S3CRET');
});
