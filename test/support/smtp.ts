import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { present } from './parts.ts';

/** A mail server that does what a test wants: it takes mail, refuses it at some point, or hangs there. */

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, without the dots that SMTP adds. */
  readonly raw: string;
  readonly subject: string;
  readonly text: string;
  readonly user: string | null;
  readonly encrypted: boolean;
}

type Verb = 'CONNECT' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'CONTENT';

export interface SmtpOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** With `tls`: in the clear at first. */
  readonly startTls?: boolean;
  /** Wanted from whoever sends. */
  readonly login?: { readonly user: string; readonly password: string };
}

export interface SmtpServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  connections: number;
  /** Open at this moment. */
  readonly open: Set<Socket>;
  /** What it says instead of yes at a point; null: nothing at all, ever. Given the line as well. */
  answer: Partial<Record<Verb, (line: string) => string | null | undefined>>;
  close(): void;
}

export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpServer> {
  const open = new Set<Socket>();
  const greet = (socket: Socket) => {
    smtp.connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    talk(smtp, options, socket, true);
  };
  const isTls = options.tls !== undefined && !options.startTls;
  const server: Server = isTls ? createTlsServer({ ...options.tls }, greet) : createServer(greet);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtp: SmtpServer = {
    port: (server.address() as AddressInfo).port,
    received: [],
    connections: 0,
    open,
    answer: {},
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
  return smtp;
}

interface Letter {
  from: string;
  to: string[];
  user: string | null;
}

function talk(smtp: SmtpServer, options: SmtpOptions, socket: Socket, isNew: boolean): void {
  const letter: Letter = { from: '', to: [], user: null };
  let buffer = '';
  let inContent = false;

  const say = (verb: Verb, line: string, usual: string): boolean => {
    const wanted = smtp.answer[verb]?.(line);
    if (wanted === null) return false;
    socket.write(`${wanted ?? usual}\r\n`);
    return wanted === undefined;
  };

  const take = (line: string): void => {
    const verb = (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase();
    if (verb === 'EHLO') {
      const offers = ['250-test', ...(options.startTls && !(socket instanceof TLSSocket) ? ['250-STARTTLS'] : [])];
      say('EHLO', line, [...offers, options.login ? '250 AUTH PLAIN' : '250 HELP'].join('\r\n'));
    } else if (verb === 'STARTTLS') {
      if (!options.startTls) socket.write('502 no such command\r\n');
      else if (say('STARTTLS', line, '220 go')) upgrade();
    } else if (verb === 'AUTH') {
      const [, user = '', password = ''] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0');
      const isRight = user === options.login?.user && password === options.login?.password;
      if (isRight) letter.user = user;
      say('AUTH', line, isRight ? '235 welcome' : `535 5.7.8 bad credentials ${user} ${password}`);
    } else if (verb === 'MAIL') {
      letter.from = /<([^>]*)>/.exec(line)?.[1] ?? '';
      letter.to = [];
      const isOut = options.login !== undefined && letter.user === null;
      say('MAIL', line, isOut ? '530 5.7.0 sign in first' : '250 ok');
    } else if (verb === 'RCPT') {
      if (say('RCPT', line, '250 ok')) letter.to.push(/<([^>]*)>/.exec(line)?.[1] ?? '');
    } else if (verb === 'DATA') {
      inContent = say('DATA', line, '354 go on');
    } else if (verb === 'QUIT') {
      socket.end('221 bye\r\n');
    } else {
      socket.write('250 ok\r\n');
    }
  };

  const takeContent = (raw: string): void => {
    inContent = false;
    if (say('CONTENT', raw, '250 queued')) {
      const isEncrypted = socket instanceof TLSSocket;
      smtp.received.push({ ...letter, ...readMail(raw.replace(/^\.\./gm, '.')), encrypted: isEncrypted });
    }
  };

  const upgrade = (): void => {
    socket.removeListener('data', listen);
    const secure = new TLSSocket(socket, { isServer: true, ...present(options.tls) });
    secure.on('error', () => {});
    talk(smtp, options, secure, false);
  };

  const listen = (chunk: Buffer): void => {
    buffer += chunk.toString();
    for (;;) {
      const end = buffer.indexOf(inContent ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const part = buffer.slice(0, end);
      buffer = buffer.slice(end + (inContent ? 5 : 2));
      if (inContent) takeContent(part);
      else take(part);
    }
  };
  socket.on('data', listen);
  if (isNew) say('CONNECT', '', '220 test ESMTP');
}

function readMail(raw: string): Pick<ReceivedMail, 'raw' | 'subject' | 'text'> {
  const cut = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, cut).replace(/\r\n[ \t]+/g, ' ');
  const body = raw.slice(cut + 4);
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
  const coding = header('content-transfer-encoding').toLowerCase();
  const text =
    coding === 'base64' ? Buffer.from(body, 'base64').toString() : coding === 'quoted-printable' ? unquote(body) : body;
  return { raw, subject: decodeWords(header('subject')), text: text.replaceAll('\r\n', '\n') };
}

function unquote(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
      how.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString() : unquote(word.replaceAll('_', ' ')),
    );
}
