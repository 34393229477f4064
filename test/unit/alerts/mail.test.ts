import { afterEach, describe, expect, test } from 'bun:test';
import { type Mail, type MailServer, sendMail } from '../../../src/alerts/mail.ts';
import { canMakeCertificates, makeCertificate } from '../../support/certificate.ts';
import { type SmtpOptions, type SmtpServer, startSmtp } from '../../support/smtp.ts';
import { trickle } from '../../support/sockets.ts';

const servers: SmtpServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function start(options: SmtpOptions = {}): Promise<SmtpServer> {
  const server = await startSmtp(options);
  servers.push(server);
  return server;
}

const MAIL: Mail = {
  from: 'paycore@shop.example',
  to: ['owner@shop.example', 'night@shop.example'],
  subject: '付款金額不符：訂單 ORDER-1',
  text: '第一行\n.\n..兩點\nhttps://pay.example/admin\n',
  id: '<alert.1@pay.example>',
  date: new Date(0),
};

const LOGIN = { user: 'owner', password: 'p@ss\\wörd' };

const send = (port: number, change: Partial<MailServer> = {}, limits: { timeoutMs?: number; ca?: string } = {}) =>
  sendMail({ host: '127.0.0.1', port, security: 'none', login: null, ...change }, MAIL, { timeoutMs: 5000, ...limits });

describe('a mail', () => {
  test('comes as it was written, to everybody', async () => {
    const server = await start();
    expect(await send(server.port)).toEqual({ ok: true, refused: [] });
    const [mail, ...more] = server.received;
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ from: MAIL.from, to: MAIL.to, subject: MAIL.subject, user: null });
    expect(mail?.text.trimEnd()).toBe(MAIL.text.trimEnd());
    expect(mail?.raw).toContain('Message-ID: <alert.1@pay.example>');
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
  });

  test('is sent under a name and password, which the reason of a refusal does not repeat', async () => {
    const server = await start({ login: LOGIN });
    expect(await send(server.port, { login: LOGIN })).toEqual({ ok: true, refused: [] });
    expect(server.received[0]?.user).toBe('owner');
    const wrong = await send(server.port, { login: { user: 'owner', password: 'guess-3141' } });
    expect(wrong).toMatchObject({ ok: false, reason: expect.stringContaining('535 5.7.8 bad credentials owner …') });
    expect(JSON.stringify(wrong)).not.toContain('guess-3141');
    expect(await send(server.port)).toMatchObject({ ok: false, reason: expect.stringContaining('530') });
  });

  test('that a server takes for some only says for whom not', async () => {
    const server = await start();
    server.answer.RCPT = (line) => (line.includes('night@') ? '550 no such mailbox' : undefined);
    expect(await send(server.port)).toEqual({ ok: true, refused: ['night@shop.example'] });
    server.answer.RCPT = () => '550 no such mailbox';
    expect(await send(server.port)).toMatchObject({ ok: false, reason: expect.stringContaining('no such mailbox') });
  });

  test('to a server that is not there, or goes away, fails and says so', async () => {
    const server = await start();
    server.answer.CONTENT = () => '451 4.3.0 queue is full';
    expect(await send(server.port)).toMatchObject({ ok: false, reason: expect.stringContaining('queue is full') });
    server.answer = {
      MAIL: () => {
        for (const socket of server.open) socket.destroy();
        return null;
      },
    };
    expect(await send(server.port)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('mail server 127.0.0.1'),
    });
    const { port } = server;
    server.close();
    expect(await send(port)).toMatchObject({ ok: false, reason: expect.stringContaining('ECONNREFUSED') });
  });

  test.each(['CONNECT', 'EHLO', 'MAIL', 'DATA', 'CONTENT'] as const)(
    'to a server that hangs at %s is over in time, and so is the connection',
    async (verb) => {
      const server = await start();
      server.answer[verb] = () => null;
      const began = performance.now();
      const result = await send(server.port, {}, { timeoutMs: 300 });
      expect(result).toMatchObject({ ok: false });
      expect(performance.now() - began).toBeLessThan(3000);
      await until(() => server.open.size === 0);
    },
  );

  test('to a server that never stops talking is over in time', async () => {
    const server = await start();
    server.answer.CONNECT = () => {
      for (const socket of server.open) trickle(socket, '220-', 'x');
      return null;
    };
    expect(await send(server.port, {}, { timeoutMs: 300 })).toMatchObject({ ok: false });
    await until(() => server.open.size === 0);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !isSo(); n += 1) await Bun.sleep(20);
  expect(isSo()).toBe(true);
}

describe.skipIf(!canMakeCertificates)('over TLS a mail', () => {
  const certificate = canMakeCertificates ? makeCertificate('localhost') : { key: '', cert: '' };

  test.each([
    ['from the start', 'tls', false],
    ['asked for', 'starttls', true],
  ] as const)('is encrypted, %s, and only to whom is trusted', async (_, security, startTls) => {
    const server = await start({ tls: certificate, startTls, login: LOGIN });
    const change = { host: 'localhost', security, login: LOGIN } as const;
    expect(await send(server.port, change, { ca: certificate.cert })).toEqual({ ok: true, refused: [] });
    expect(server.received).toMatchObject([{ encrypted: true, user: 'owner' }]);
    expect(await send(server.port, change)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/certificate|CERT/i),
    });
    expect(server.received.length).toBe(1);
  });

  test('is not sent in the clear to a server that does not offer it', async () => {
    const server = await start({ login: LOGIN });
    expect(await send(server.port, { security: 'starttls', login: LOGIN })).toMatchObject({ ok: false });
    expect(server.received).toEqual([]);
  });
});
