import { NotificationError } from './errors.ts';
import { asObject } from './failure.ts';
import type { Notification } from './schema.ts';

/** Of a request: `Headers`, or an object with names in any case, as Node's servers and frameworks have it. */
export type HeadersLike =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** Milliseconds since the epoch; for tests. */
  readonly now?: number | undefined;
  /** How old or new a notification may be; 5 minutes when left out. */
  readonly toleranceMs?: number | undefined;
}

const FIVE_MINUTES = 300_000;
/** Each costs one HMAC; a sender has one, or two while a secret is being replaced. */
const MOST_SIGNATURES = 20;

/**
 * Gives back the notification when PayCore has sent it, else throws NotificationError. It is the check of Standard
 * Webhooks: HMAC-SHA256 over `id.timestamp.body`, compared by WebCrypto in constant time.
 *
 * @param secrets `whsec_…`; several while a secret is being replaced
 * @param rawBody exactly as it came, before any parser: `await request.text()`
 */
export async function verifyNotification(
  secrets: string | readonly string[],
  headers: HeadersLike,
  rawBody: string | Uint8Array | ArrayBuffer,
  { now = Date.now(), toleranceMs = FIVE_MINUTES }: VerifyOptions = {},
): Promise<Notification> {
  const keys = (typeof secrets === 'string' ? [secrets] : secrets).map(readSecret);
  if (keys.length === 0) throw new NotificationError('SECRET_INVALID', 'expected a secret, got none');
  const body = readBody(rawBody);
  const id = readHeader(headers, 'webhook-id');
  const timestamp = readHeader(headers, 'webhook-timestamp');
  checkTime(timestamp, now, toleranceMs);
  const signed = join(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const signatures = readSignatures(readHeader(headers, 'webhook-signature'));
  if (!(await isSigned(keys, signatures, signed))) {
    throw new NotificationError(
      'SIGNATURE_INVALID',
      'no signature is right: the secret is another one, the body is not exactly what was sent, or PayCore did not send it',
    );
  }
  return parse(body);
}

type Bytes = Uint8Array<ArrayBuffer>;

async function isSigned(keys: readonly Bytes[], signatures: readonly Bytes[], signed: Bytes): Promise<boolean> {
  const { subtle } = crypto;
  for (const bytes of keys) {
    const key = await subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    for (const signature of signatures) {
      if (await subtle.verify('HMAC', key, signature, signed)) return true;
    }
  }
  return false;
}

/** `v1,<base64>`, several with blanks between them; those of other kinds are for others. */
function readSignatures(header: string): Bytes[] {
  return header
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .flatMap((part) => (part.startsWith('v1,') ? (decode(part.slice(3)) ?? []) : []));
}

function readSecret(secret: string): Bytes {
  const bytes = typeof secret === 'string' && secret.startsWith('whsec_') ? decode(secret.slice(6)) : null;
  if (bytes && bytes.length > 0) return bytes;
  throw new NotificationError('SECRET_INVALID', 'expected a secret of the form whsec_…, got something else');
}

function decode(base64: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function readBody(raw: string | Uint8Array | ArrayBuffer): Bytes {
  if (typeof raw === 'string') return new TextEncoder().encode(raw);
  // By its name, since test runners give a module an ArrayBuffer of its own.
  const isBuffer = Object.prototype.toString.call(raw) === '[object ArrayBuffer]';
  if (isBuffer || ArrayBuffer.isView(raw)) return new Uint8Array(raw);
  throw new NotificationError(
    'BODY_NOT_RAW',
    `expected the body as it came, as text or bytes, got ${raw === null ? 'null' : typeof raw}: take it before a parser does`,
  );
}

function readHeader(headers: HeadersLike, name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : findHeader(headers, name);
  if (typeof value === 'string' && value !== '') return value;
  throw new NotificationError('HEADER_MISSING', `expected the header ${name}, got a request without it`);
}

function isHeaders(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

function findHeader(headers: Readonly<Record<string, string | readonly string[] | undefined>>, name: string) {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'object' ? found[0] : found;
}

function checkTime(timestamp: string, now: number, toleranceMs: number): void {
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new NotificationError(
      'TIMESTAMP_INVALID',
      'expected seconds since 1970 in webhook-timestamp, got something else',
    );
  }
  const age = now - Number(timestamp) * 1000;
  const [code, word] = age > 0 ? (['TIMESTAMP_TOO_OLD', 'old'] as const) : (['TIMESTAMP_TOO_NEW', 'ahead'] as const);
  if (Math.abs(age) <= toleranceMs) return;
  const seconds = Math.round(Math.abs(age) / 1000);
  throw new NotificationError(
    code,
    `the notification is ${seconds} s ${word}, more than ${toleranceMs / 1000} s: somebody plays it again, or this machine’s clock is wrong`,
  );
}

function join(one: Uint8Array, other: Uint8Array): Bytes {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function parse(body: Uint8Array): Notification {
  try {
    const parsed = asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
    if (typeof parsed?.event === 'string') return parsed as unknown as Notification;
  } catch {
    // Said below.
  }
  throw new NotificationError('BODY_INVALID', 'expected a JSON object with an event, got a signed body without one');
}
