import { afterAll, describe, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import { listen } from '../../../src/cli/listen.ts';
import type { IntakeOptions } from '../../../src/http/intake.ts';
import { useApp } from '../../support/apps.ts';
import { makePage } from '../../support/limited.ts';

const app = useApp({}, 'file');
const closers: (() => unknown)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

const KB = 1024;
const CREATE = '/api/paycore/pay/ecpay/aio';
const HOOK = '/api/paycore/webhooks/ecpay';

/** The same program behind a socket of its own, which takes bodies in so. */
async function serve(bodies: IntakeOptions): Promise<number> {
  const { handle } = await app.createTwin({ bodies, peerOf: (request) => listener.peerOf(request) }).open();
  const listener = listen({ host: '127.0.0.1', port: 0, fetch: handle });
  closers.push(listener.stop);
  return listener.port;
}

interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends the head of a POST and as much of its body as is given, and nothing more; `ended`: the connection was closed. */
function hold(port: number, path: string, { length = 1000, sent = '', headers = {} as Record<string, string> } = {}) {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const socket: Socket = connect(port, '127.0.0.1');
  const answer = Promise.withResolvers<Reply>();
  const ended = Promise.withResolvers<void>();
  closers.push(() => socket.destroy());
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    text += chunk;
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const expected = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (Buffer.byteLength(body) >= expected) answer.resolve({ status: Number(head.split(' ')[1]), head, body });
  });
  socket.on('error', () => {});
  socket.on('close', () => ended.resolve());
  socket.write(
    [`POST ${path} HTTP/1.1`, 'Host: pay.example', ...lines, `Content-Length: ${length}`, '', sent].join('\r\n'),
  );
  return { answer: answer.promise, ended: ended.promise };
}

const codeOf = ({ body }: Reply): string => JSON.parse(body).error.error_code;
const keyed = () => ({ 'x-api-key': app.keys.test.api_key });

describe('a length that is told twice', () => {
  const twice = (length: number) => ({ length, headers: { 'Content-Length': String(length) } });

  test('keeps nobody else out', async () => {
    const port = await serve({});
    const odd = await hold(port, HOOK, { ...twice(3), sent: 'a=1' }).answer;
    const next = hold(port, HOOK, { length: 3, sent: 'a=1' });
    const answers = [odd, await next.answer].map(({ status, body }) => [status, body]);
    expect(answers).toEqual(Array(2).fill([400, '0|ECPay callback cannot be read.']));
  });

  test('lets in no more than one that is told once', async () => {
    const port = await serve({});
    const { status, body } = await hold(port, HOOK, { ...twice(65 * KB), sent: 'a'.repeat(65 * KB) }).answer;
    expect([status, body]).toEqual([400, '0|The callback is too large or was cut off.']);
  });
});

describe('a body that does not come to an end', () => {
  test('is waited for only so long, then told so in the shape of whoever sends it, and its connection ends', async () => {
    const port = await serve({ waitMs: 60 });
    const { path, query } = await makePage(app);
    const call = hold(port, CREATE, { sent: '{"amount":', headers: keyed() });
    const callback = hold(port, HOOK, { sent: 'a=1' });
    const press = hold(port, `${path}/choose${query}`, { sent: 'route=' });
    const told = await call.answer;
    expect([told.status, codeOf(told)]).toEqual([408, 'REQUEST_TIMEOUT']);
    const refused = await callback.answer;
    expect([refused.status, refused.body]).toEqual([400, '0|The callback is too large or was cut off.']);
    const page = await press.answer;
    expect([page.status, page.body]).toEqual([408, expect.stringContaining('<main')]);
    for (const { head } of [told, refused, page]) expect(head).toMatch(/^connection: close$/im);
    await Promise.all([call.ended, callback.ended, press.ended]);
  });

  test('makes room for the next when its sender has too many, and shops with a key do not feel it', async () => {
    const room = { total: 100 * KB, perSender: 50 * KB };
    const port = await serve({ rooms: { keyed: room, open: room } });
    const shop = hold(port, CREATE, { headers: keyed(), length: 40 * KB });
    const first = hold(port, HOOK, { length: 30 * KB, sent: 'a'.repeat(KB) });
    const second = hold(port, HOOK, { length: 30 * KB, sent: 'a'.repeat(KB) });
    const { status, head } = await first.answer;
    expect([status, /^retry-after: (\d+)$/im.exec(head)?.[1]]).toEqual([503, '1']);
    await first.ended;
    const third = await app.deps.store
      .findProjectByName('shop')
      .then(() => hold(port, HOOK, { length: 3, sent: 'a=1' }).answer);
    expect([third.status, third.body.slice(0, 2)]).toEqual([400, '0|']);
    const waiting = await Promise.race([shop.answer, second.answer, Bun.sleep(20).then(() => 'both')]);
    expect(waiting).toBe('both');
  });
});

test('a callback may have 64 kB', async () => {
  const send = (bytes: number) => app.callback('a'.repeat(bytes), 'application/x-www-form-urlencoded');
  const [most, more] = [await send(64 * KB), await send(64 * KB + 1)];
  expect(most.text).not.toContain('too large');
  expect([more.status, more.text]).toEqual([400, '0|The callback is too large or was cut off.']);
});

describe('before a byte of the body is waited for', () => {
  const port = () => Number(new URL(app.url).port);

  test('the key is checked', async () => {
    for (const headers of [{}, { 'x-api-key': 'pc_test_nobody' }]) {
      const answer = await hold(port(), CREATE, { headers }).answer;
      expect([answer.status, codeOf(answer)]).toEqual([401, 'API_KEY_INVALID']);
    }
  });

  test('the page’s token is checked, wherever a page may send something', async () => {
    const { path } = await makePage(app, 'ecpay/ecpg', { buyer_email: 'buyer@example.com' });
    const no = path.split('/').at(-1);
    const pages = ['go', 'choose'].map((name) => `${path}/${name}?token=wrong`);
    const scripts = [`/api/paycore/pay/ecpay/ecpg/${no}/create?token=wrong`, `${path}/form?token=wrong`];
    for (const address of [...pages, ...scripts, '/zh-tw/link/LNK0000000000000000000000']) {
      expect([address, (await hold(port(), address).answer).status]).toEqual([address, 404]);
    }
    for (const query of ['', '?token=', '?locale=en']) {
      const answer = await hold(port(), `/api/paycore/pay/ecpay/ecpg/${no}/create${query}`).answer;
      expect([query, answer.status, codeOf(answer)]).toEqual([query, 401, 'API_KEY_INVALID']);
    }
  });
});
