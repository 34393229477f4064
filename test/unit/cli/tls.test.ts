import { afterAll, describe, expect, test } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { unlinkSync, writeFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { readCertificate } from '../../../src/cli/certificate.ts';
import { watchCertificate } from '../../../src/cli/certificate-watch.ts';
import { onHangup } from '../../../src/cli/signal.ts';
import { listenTls } from '../../../src/cli/tls-listen.ts';
import { createLog } from '../../../src/log.ts';
import { canMakeCertificates, makeCertificate } from '../../support/certificate.ts';
import { rejection } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';

const HOST = '127.0.0.1';
const [FIRST, SECOND] = canMakeCertificates ? ['first', 'second'].map(() => makeCertificate('pay.example')) : [];
const pair = (one: typeof FIRST) => one ?? { cert: '', key: '' };
const nameOf = (cert: string) => new X509Certificate(cert).fingerprint256;

function open(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const options = { host: HOST, port, servername: 'pay.example', rejectUnauthorized: false };
    const socket = connect(options, () => resolve(socket)).once('error', reject);
  });
}

async function seenAt(port: number): Promise<string> {
  const socket = await open(port);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** One request over a connection that stays open; gives the body. */
function ask(socket: TLSSocket, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (bytes: Buffer) => {
      text += bytes;
      const [, body] = /\r\n\r\n<(.*)>$/.exec(text) ?? [];
      if (body === undefined) return;
      socket.off('data', take);
      resolve(body);
    };
    socket.on('data', take).once('close', () => reject(new Error('the connection was cut')));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: pay.example\r\n\r\n`);
  });
}

describe.skipIf(!canMakeCertificates)('a socket with TLS', () => {
  const start = async (answer: (request: Request) => Promise<string> | string, tls = pair(FIRST)) => {
    const options = { host: HOST, port: 0, tls };
    const listener = await listenTls({
      ...options,
      fetch: async (request) => new Response(`<${await answer(request)}>`),
    });
    return { ...listener, renew: listener.renew, [Symbol.asyncDispose]: () => listener.stop() };
  };

  test('gives new connections the renewed certificate, and cuts neither those that are open nor what is under way', async () => {
    const slow = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    await using server = await start((request) => {
      if (!request.url.endsWith('/slow')) return 'quick';
      begun.resolve();
      return slow.promise;
    });
    const [idle, busy] = [await open(server.port), await open(server.port)];
    expect(await ask(idle, '/')).toBe('quick');
    const answer = ask(busy, '/slow');
    await begun.promise;
    server.renew(pair(SECOND));
    expect(await seenAt(server.port)).toBe(nameOf(pair(SECOND).cert));
    expect(await ask(idle, '/again')).toBe('quick');
    slow.resolve('slow');
    expect(await answer).toBe('slow');
    idle.destroy();
    busy.destroy();
  });

  test('loses no connection that is just being made, however often it is renewed', async () => {
    await using server = await start(() => 'here');
    const call = async () => {
      const socket = await open(server.port);
      const answer = await ask(socket, '/');
      socket.destroy();
      return answer;
    };
    const answers: Promise<string>[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      answers.push(...Array.from({ length: 4 }, call));
      await new Promise((resolve) => setImmediate(resolve));
      server.renew(pair(turn % 2 ? FIRST : SECOND));
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['here']));
  });

  test('knows who calls, and refuses who comes to the server behind it', async () => {
    const peers: (string | null)[] = [];
    await using server = await start((request) => {
      peers.push(server.peerOf(request));
      return 'seen';
    });
    const call = (port: number) => fetch(`https://${HOST}:${port}/`, { tls: { rejectUnauthorized: false } });
    expect((await call(server.port)).status).toBe(200);
    expect((await call(server.innerPort)).status).toBe(403);
    expect(peers).toEqual([HOST]);
  });

  test('carries what is large, both ways', async () => {
    await using server = await start(async (request) => 'x'.repeat((await request.arrayBuffer()).byteLength));
    const body = new Uint8Array(3_000_000);
    const tls = { rejectUnauthorized: false };
    const response = await fetch(`https://${HOST}:${server.port}/`, { method: 'POST', body, tls });
    expect((await response.text()).length).toBe(3_000_002);
  });

  test('has stopped when what was under way is answered, not before', async () => {
    const slow = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const server = await start(() => {
      begun.resolve();
      return slow.promise;
    });
    const order: string[] = [];
    const socket = await open(server.port);
    const answered = ask(socket, '/slow').then((answer) => order.push(answer));
    await begun.promise;
    const stopped = server[Symbol.asyncDispose]().then(() => order.push('stopped'));
    slow.resolve('answered');
    await Promise.all([answered, stopped]);
    expect(order).toEqual(['answered', 'stopped']);
    socket.destroy();
  });

  test('does not share a port that is taken', async () => {
    await using first = await start(() => '');
    const again = listenTls({ host: HOST, port: first.port, tls: pair(FIRST), fetch: () => new Response() });
    expect(await rejection(again)).toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe.skipIf(!canMakeCertificates)('a certificate on the disk', () => {
  const folder = makeFolder();
  afterAll(() => folder[Symbol.dispose]());
  const files = { certFile: folder.file('cert.pem'), keyFile: folder.file('key.pem') };
  const put = (cert: string, key: string) => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
  };

  const watch = () => {
    put(pair(FIRST).cert, pair(FIRST).key);
    const [taken, lines]: [string[], string[]] = [[], []];
    const clock = { now: Date.now() };
    const log = createLog({ level: 'debug', now: () => clock.now, write: (line) => lines.push(line) });
    const take = ({ cert }: { readonly cert: string }) => void taken.push(cert);
    const made = watchCertificate({ files, serving: readCertificate(files), take, log, now: () => clock.now });
    return { check: made.check, taken, lines, clock, [Symbol.dispose]: made.stop };
  };

  test('is taken once when it was renewed, and not before its key lies beside it', () => {
    using t = watch();
    t.check();
    expect([t.taken, t.lines]).toEqual([[], []]);
    put(pair(SECOND).cert, pair(FIRST).key);
    t.check();
    expect([t.taken, t.lines]).toEqual([[], [expect.stringContaining('key.pem is not the key of')]]);
    put(pair(SECOND).cert, pair(SECOND).key);
    t.check();
    t.check();
    expect(t.taken).toEqual([pair(SECOND).cert]);
    expect(t.lines).toEqual([expect.anything(), expect.stringContaining('a renewed certificate is served')]);
  });

  test.each([
    ['is broken', () => put('-----BEGIN CERTIFICATE-----\nAAAA', pair(SECOND).key), 'no whole certificate'],
    ['is gone', () => unlinkSync(files.certFile), 'cannot be read'],
  ])('that %s changes nothing, and the log says why', (_, spoil, reason) => {
    using t = watch();
    spoil();
    t.check();
    expect([t.taken, t.lines]).toEqual([[], [expect.stringContaining(reason)]]);
    expect(t.lines[0]).toContain('the one before stays');
  });

  test('that has ended already does not take the place of one that has not', () => {
    using t = watch();
    put(pair(SECOND).cert, pair(SECOND).key);
    t.clock.now += 60 * 86_400_000;
    t.check();
    expect([t.taken, t.lines]).toEqual([[], [expect.stringContaining('it ended at')]]);
  });
});

test('SIGHUP does not end the process', async () => {
  const heard = new Promise<string>((resolve) => onHangup(() => resolve('heard')));
  process.kill(process.pid, 'SIGHUP');
  expect(await heard).toBe('heard');
  process.removeAllListeners('SIGHUP');
});
