import type { ClientRequest, IncomingMessage, request } from 'node:http';
import { requestTargetOf } from '../core/shop-address.ts';
import { type Lookup, resolveTarget, type TargetAddress, type TargetPolicy } from './target.ts';

export interface DeliveryRequest {
  readonly url: string;
  /** JSON text, sent as it is. */
  readonly body: string;
  /** Added to ours, e.g. the signature. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface DeliveryDeps {
  readonly policy: TargetPolicy;
  readonly lookup: Lookup;
  /** For the whole delivery, name resolution included. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** PayCore's own, for the User-Agent header. */
  readonly version: string;
  /** PEM of certificate authorities that are trusted instead of the public ones. */
  readonly ca?: string;
  /** Who gets it, in what is said of failures; the shop unless told otherwise. */
  readonly receiver?: string;
}

/** `retry` and `dead` say why in one line for the merchant; `retryAfterMs` is what the shop asked for, from now. */
export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly status: number }
  | {
      readonly outcome: 'retry';
      readonly status: number | null;
      readonly reason: string;
      readonly retryAfterMs: number | null;
    }
  | { readonly outcome: 'dead'; readonly reason: string };

/** Only so much of a shop's answer is read, so that it is not cut off in the middle of an ordinary one. */
const MAX_ANSWER = 4096;
const SHOP = 'the shop';

/**
 * POSTs once to an address that was checked, and to no other: the connection is pinned to what was resolved. Redirects
 * are not followed. Never rejects.
 */
export async function deliver(request: DeliveryRequest, deps: DeliveryDeps): Promise<DeliveryResult> {
  const late = failed(`no answer within ${deps.timeoutMs} ms`);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deps.timeoutMs);
  try {
    const expired = new Promise<null>((resolve) => {
      deadline.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const target = await Promise.race([resolveTarget(request.url, deps.policy, deps.lookup), expired]);
    if (target === null) return late;
    if ('kind' in target) {
      return target.kind === 'unresolved' ? failed(target.message) : { outcome: 'dead', reason: target.message };
    }
    return await post(request, await loadSender(request.url), target.addresses, deps, deadline.signal, late);
  } catch (error) {
    return failed(describe(error, deps.receiver));
  } finally {
    clearTimeout(timer);
  }
}

type Send = typeof request;

/** Loaded with the first delivery: starting without them takes an eighth of the time less. */
async function loadSender(url: string): Promise<Send> {
  const isHttps = url.toLowerCase().startsWith('https:');
  return (isHttps ? await import('node:https') : await import('node:http')).request;
}

function post(
  request: DeliveryRequest,
  send: Send,
  addresses: readonly TargetAddress[],
  deps: DeliveryDeps,
  signal: AbortSignal,
  late: DeliveryResult,
): Promise<DeliveryResult> {
  return new Promise((resolve) => {
    const outgoing = open(request, send, addresses, deps);
    let judged: DeliveryResult | null = null;
    // The first call counts, and whatever ends the exchange after the status came changes nothing any more.
    const settle = (otherwise: DeliveryResult) => {
      resolve(judged ?? otherwise);
      outgoing.destroy();
    };
    outgoing.on('response', (answer) => {
      judged = judge(answer, deps);
      drain(answer, () => settle(late));
    });
    outgoing.on('error', (error) => settle(failed(describe(error, deps.receiver))));
    outgoing.on('close', () => settle(failed('the connection was closed without an answer')));
    signal.addEventListener('abort', () => settle(late), { once: true });
    if (signal.aborted) settle(late);
    else outgoing.end(request.body);
  });
}

function open(
  request: DeliveryRequest,
  send: Send,
  addresses: readonly TargetAddress[],
  deps: DeliveryDeps,
): ClientRequest {
  return send(new URL(request.url), {
    method: 'POST',
    path: requestTargetOf(request.url),
    // No pool: a connection kept from an earlier delivery would go to an address that was checked back then.
    agent: false,
    lookup: (_host, options, done) => {
      const [first] = addresses;
      if (!first) return done(new Error('no address'), []);
      return options.all ? done(null, [...addresses]) : done(null, first.address, first.family);
    },
    headers: {
      ...request.headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(request.body),
      'user-agent': `PayCore/${deps.version}`,
      connection: 'close',
    },
    ...(deps.ca === undefined ? {} : { ca: deps.ca }),
  });
}

/** Calls back once the answer has ended, broken off, or been read far enough. */
function drain(answer: IncomingMessage, done: () => void): void {
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size >= MAX_ANSWER) done();
  });
  for (const event of ['end', 'error', 'aborted', 'close']) answer.on(event, done);
}

/** The status alone decides, so that a body which breaks off or never ends changes nothing. */
function judge(answer: IncomingMessage, { now, receiver = SHOP }: DeliveryDeps): DeliveryResult {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  const moved = status >= 300 && status < 400 ? '; redirects are not followed, give the final address' : '';
  return failed(
    `${receiver} answered HTTP ${status}${moved}`,
    status,
    readRetryAfter(answer.headers['retry-after'], now()),
  );
}

function failed(reason: string, status: number | null = null, retryAfterMs: number | null = null): DeliveryResult {
  return { outcome: 'retry', status, reason, retryAfterMs };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) as milliseconds from now; null when missing, unreadable or past. */
export function readRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const pause = /^\d{1,10}$/.test(text)
    ? Number(text) * 1000
    : /^[A-Z]/i.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return pause > 0 ? pause : null;
}

/** Codes and not messages: a shop's address may carry a secret in its query. */
function describe(error: unknown, receiver = SHOP): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ECONNREFUSED') return `the connection was refused (ECONNREFUSED); is ${receiver} running?`;
  if (typeof code === 'string' && /CERT|LEAF_SIGNATURE|ALTNAME|ISSUER/.test(code)) {
    return `${receiver}'s certificate is not trusted (${code})`;
  }
  return `the connection failed (${typeof code === 'string' ? code : 'no code'})`;
}
