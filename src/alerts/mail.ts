import { SECOND } from '../core/time.ts';

/** Sends one mail over SMTP. */

/** `tls`: from the first byte. `starttls`: before anything is told. `none`: in the clear, e.g. to this machine's own server. */
export type MailSecurity = 'tls' | 'starttls' | 'none';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  /** Null: the server wants no name. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Of all tries of this mail, so that one which was taken twice is seen to be the same. */
  readonly id: string;
  readonly date: Date;
}

/** `refused`: addresses that the server would not take it for, while it did for others. */
export type SendResult =
  | { readonly ok: true; readonly refused: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export interface MailLimits {
  /** For the whole mail, name resolution included. */
  readonly timeoutMs: number;
  /** PEM of certificate authorities that are trusted instead of the public ones. */
  readonly ca?: string;
}

export const MAIL_TIME = 45 * SECOND;
/** A server answers a command with a line or a few. */
const MAX_ANSWER = 64 * 1024;
const MAX_REASON = 200;

/** Never rejects, and is over when its time is: the connection with it. */
export async function sendMail(server: MailServer, mail: Mail, limits: MailLimits): Promise<SendResult> {
  try {
    const content = await compose(mail);
    return { ok: true, refused: await converse(server, mail, content, limits) };
  } catch (error) {
    return { ok: false, reason: explain(error, server) };
  }
}

async function compose({ from, to, subject, text, id, date }: Mail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const headers = { 'Auto-Submitted': 'auto-generated' };
  const sender = { name: 'PayCore', address: from };
  return new MailComposer({ from: sender, to: [...to], subject, text, messageId: id, date, headers }).compile().build();
}

async function converse(
  server: MailServer,
  mail: Mail,
  content: Buffer,
  limits: MailLimits,
): Promise<readonly string[]> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const { host, port, security, login } = server;
  const { timeoutMs, ca } = limits;
  const connection = new SMTPConnection({
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
    ...{ maxResponseSize: MAX_ANSWER, socketCloseTimeout: SECOND },
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<readonly string[]>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it did not take the mail within ${timeoutMs / SECOND} s`)), timeoutMs);
      connection.on('error', reject);
      connection.on('end', () => reject(new Error('it closed the connection')));
      const send = () => {
        const envelope = { from: mail.from, to: [...mail.to] };
        connection.send(envelope, content, (error, info) => (error ? reject(error) : resolve(info?.rejected ?? [])));
      };
      connection.connect((error) => {
        if (error) return reject(error);
        if (login === null) return send();
        const credentials = { user: login.user, pass: login.password };
        connection.login({ ...credentials, credentials }, (refused) => (refused ? reject(refused) : send()));
      });
    });
  } finally {
    clearTimeout(timer);
    connection.quit();
    connection.close();
  }
}

interface MailError {
  readonly code?: unknown;
  readonly response?: unknown;
  readonly message?: unknown;
}

/** The server's own words, without the password that some of them repeat. */
function explain(error: unknown, { host, port, login }: MailServer): string {
  const { code, response, message } = (error ?? {}) as MailError;
  const said = typeof response === 'string' && response !== '' ? `it answered "${response}"` : String(message ?? '');
  const short = hidePassword(said.split(/[\r\n]/)[0] ?? '', login).slice(0, MAX_REASON);
  const known = typeof code === 'string' && !short.includes(code) ? ` (${code})` : '';
  return `mail server ${host}:${port}: ${short}${known}`;
}

function hidePassword(text: string, login: MailServer['login']): string {
  if (login === null || login.password === '') return text;
  const { user, password } = login;
  const base64 = (plain: string) => Buffer.from(plain).toString('base64');
  const spellings = [password, base64(password), base64(`\0${user}\0${password}`)];
  return spellings.reduce((hidden, spelling) => hidden.replaceAll(spelling, '…'), text);
}
