import type { Log } from '../log.ts';
import { UnfoldsTooFar, unfold } from './unfold.ts';

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The gateway's own clock (Date header), milliseconds since the epoch; null when missing or unreadable. */
  readonly date: number | null;
  readonly elapsedMs: number;
}

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole exchange: waiting for a free connection, connecting, sending, and the last byte of the answer. */
  readonly timeoutMs: number;
  /** Largest accepted answer, as it comes and unfolded, 1 MB unless given. */
  readonly maxBytes?: number;
  /** Whose places the call takes; those of the address's origin unless given. */
  readonly lane?: string;
}

export interface PostOptions extends GetOptions {
  readonly body: string | Uint8Array;
}

/**
 * One exchange with a gateway. A redirect is an answer like any other and is not followed, nothing is ever sent twice,
 * and proxies named in the environment are not used. Rejects with `GatewayCallError` only.
 */
export interface GatewayHttp {
  get(url: string, options: GetOptions): Promise<GatewayResponse>;
  post(url: string, options: PostOptions): Promise<GatewayResponse>;
}

/**
 * `not_sent`: certainly no byte of the request left. `timeout`, `broken`, `too_large`: the gateway may have acted on it,
 * the outcome is unknown.
 */
export type GatewayCallKind = 'not_sent' | 'timeout' | 'broken' | 'too_large';

/** The message names origin and path, never query, headers or body, since these carry credentials. */
export class GatewayCallError extends Error {
  override readonly name = 'GatewayCallError';
  readonly kind: GatewayCallKind;
  /** The runtime's code, e.g. `ECONNREFUSED`, or null. */
  readonly code: string | null;
  readonly elapsedMs: number;

  constructor(kind: GatewayCallKind, message: string, details: { code?: string | null; elapsedMs: number }) {
    super(message);
    this.kind = kind;
    this.code = details.code ?? null;
    this.elapsedMs = details.elapsedMs;
  }
}

/** Bun's additions. `proxy`: false keeps HTTP_PROXY and its kind out of the call. `decompress`: see `unfold`. */
type Init = RequestInit & { proxy: false; decompress: false };
export type Fetch = (url: string, init: Init) => Promise<Response>;
export type SetTimer = (run: () => void, ms: number) => () => void;

export interface GatewayHttpOptions {
  readonly fetch?: Fetch;
  /** Milliseconds since some instant: only what an exchange took is measured. */
  readonly now?: () => number;
  /** Runs something after so many milliseconds, unless what it answers is called before. */
  readonly setTimer?: SetTimer;
  readonly log?: Log;
  /** Exchanges at a time in one lane; further ones wait inside their own timeout. */
  readonly concurrency?: number;
  /** How many may wait in one lane; more are turned away at once. */
  readonly queue?: number;
}

const DEFAULT_MAX_BYTES = 1_000_000;

/** The runtime has no more `fetch` under way in all; what comes after waits, whoever it is for. */
export const RUNTIME_FETCHES = 256;
/**
 * Calls to one gateway at a time. A gateway that hangs holds its own places for up to 40 s each and nobody else's: the
 * places of all gateways together stay within what the runtime has. Notifications to shops do not count, they go out
 * another way.
 */
export const PLACES_IN_LANE = 32;
/** Whoever is further back would not get a place within the timeout of a call, at a second a call. */
const QUEUE_IN_LANE = 1000;

export function createGatewayHttp(options: GatewayHttpOptions = {}): GatewayHttp {
  const call: Fetch = options.fetch ?? realFetch;
  const now = options.now ?? (() => performance.now());
  const setTimer = options.setTimer ?? setRealTimer;
  const gate = createGate(options.concurrency ?? PLACES_IN_LANE, options.queue ?? QUEUE_IN_LANE);

  const send = async (method: 'GET' | 'POST', url: string, request: GetOptions & { body?: string | Uint8Array }) => {
    const startedAt = now();
    const exchange: Exchange = { label: `${method} the gateway`, phase: 'waiting', timedOut: false, startedAt, now };
    const deadline = new AbortController();
    const cancelTimer = setTimer(() => {
      exchange.timedOut = true;
      deadline.abort();
    }, request.timeoutMs);
    try {
      const { target, init } = buildRequest(method, url, request, deadline.signal);
      exchange.label = `${method} ${target.origin}${target.pathname}`;
      const leave = await gate.enter(request.lane ?? target.origin, deadline.signal);
      try {
        exchange.phase = 'sent';
        const answer = await settleBefore(deadline.signal, exchangeOnce(call, target.href, init, request.maxBytes));
        const elapsedMs = Math.round(now() - startedAt);
        options.log?.debug('gateway answered', { call: exchange.label, status: answer.status, elapsed_ms: elapsedMs });
        return { ...answer, elapsedMs };
      } finally {
        leave();
      }
    } catch (error) {
      const failure = describeFailure(error, exchange);
      const { kind, code, elapsedMs } = failure;
      options.log?.warn('gateway call failed', { call: exchange.label, kind, code, elapsed_ms: elapsedMs });
      throw failure;
    } finally {
      cancelTimer();
      // Also ends a connection whose answer was too large or no longer wanted.
      deadline.abort();
    }
  };
  return { get: (url, request) => send('GET', url, request), post: (url, request) => send('POST', url, request) };
}

/** The network. */
export const realFetch: Fetch = (url, init) => fetch(url, init as RequestInit);

export function setRealTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** The same calls, in a lane of their own: some gateways share an origin, as behind a proxy, and some have several. */
export function inLane(http: GatewayHttp, lane: string): GatewayHttp {
  return {
    get: (url, options) => http.get(url, { ...options, lane }),
    post: (url, options) => http.post(url, { ...options, lane }),
  };
}

interface Exchange {
  label: string;
  phase: 'waiting' | 'sent';
  timedOut: boolean;
  readonly startedAt: number;
  readonly now: () => number;
}

class TooLarge extends Error {}
class LaneFull extends Error {}

/**
 * Bun sends a GET again by itself when a kept-alive connection turns out to be closed, and a POST on such a connection
 * breaks although nothing is wrong with the gateway. Hence a connection of its own for every exchange.
 */
function buildRequest(
  method: 'GET' | 'POST',
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body?: string | Uint8Array },
  signal: AbortSignal,
): { readonly target: URL; readonly init: Init } {
  const target = new URL(url);
  if (target.protocol !== 'https:' && target.protocol !== 'http:') throw new TypeError('not an http address');
  const headers = new Headers(request.headers);
  headers.set('accept-encoding', 'identity');
  headers.set('connection', 'close');
  const body = request.body === undefined ? {} : { body: request.body as BodyInit };
  const bun = { proxy: false, decompress: false } as const;
  return { target, init: { method, headers, signal, redirect: 'manual', keepalive: false, ...bun, ...body } };
}

async function exchangeOnce(call: Fetch, url: string, init: Init, maxBytes = DEFAULT_MAX_BYTES) {
  const response = await call(url, init);
  const arrived = await readBody(response, maxBytes);
  const body = await unfold(arrived, response.headers.get('content-encoding'), maxBytes);
  const date = Date.parse(response.headers.get('date') ?? '');
  return { status: response.status, headers: response.headers, body, date: Number.isNaN(date) ? null : date };
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw new TooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The runtime is asked to stop at the deadline; this makes sure that nobody waits for it to do so. */
function settleBefore<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/**
 * Codes that this runtime gives only before the first byte of a request is written. `EPROTO` is not among them: although
 * its text speaks of the handshake, a record that breaks after the request has arrived gives it too.
 */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ConnectionRefused', 'FailedToOpenSocket']);
const NO_ROUTE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function describeFailure(error: unknown, exchange: Exchange): GatewayCallError {
  const elapsedMs = Math.round(exchange.now() - exchange.startedAt);
  const code = readCode(error);
  const fail = (kind: GatewayCallKind, text: string) =>
    new GatewayCallError(kind, `${exchange.label}: ${text}`, { code, elapsedMs });

  if (exchange.phase === 'waiting') {
    return exchange.timedOut || error instanceof LaneFull
      ? fail('not_sent', 'too many calls to this gateway are under way already; nothing was sent')
      : fail('not_sent', 'the request could not be built (address or header not valid); nothing was sent');
  }
  if (exchange.timedOut) return fail('timeout', `no complete answer within ${elapsedMs} ms; the outcome is unknown`);
  if (error instanceof TooLarge || error instanceof UnfoldsTooFar)
    return fail('too_large', 'the answer is larger than accepted; the outcome is unknown');
  if (code && NEVER_CONNECTED.has(code)) return fail('not_sent', `no connection (${code}); nothing was sent`);
  // Later in an exchange the same codes mean a route that went away under it.
  if (code && NO_ROUTE.has(code) && String((error as Error).message).includes('Unable to connect')) {
    return fail('not_sent', `no route (${code}); nothing was sent`);
  }
  if (code && UNTRUSTED.has(code))
    return fail('not_sent', `its certificate is not trusted (${code}); nothing was sent`);
  return fail(
    'broken',
    `the connection broke before the answer was complete (${code ?? 'no code'}); the outcome is unknown`,
  );
}

function readCode(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : null;
}

/** Lets `limit` callers of a lane in at a time, the others in the order they came. */
function createGate(limit: number, longest: number) {
  const lanes = new Map<string, { inside: number; readonly queue: Set<() => void> }>();
  return {
    /** Resolves with the function that leaves again; rejects when the signal aborts first, or too many wait already. */
    enter(lane: string, signal: AbortSignal): Promise<() => void> {
      const place = lanes.get(lane) ?? { inside: 0, queue: new Set<() => void>() };
      lanes.set(lane, place);
      const leave = () => {
        const [next] = place.queue;
        if (next) next();
        else place.inside -= 1;
        if (place.inside === 0) lanes.delete(lane);
      };
      if (place.inside < limit) {
        place.inside += 1;
        return Promise.resolve(leave);
      }
      if (place.queue.size >= longest) return Promise.reject(new LaneFull());
      return new Promise((resolve, reject) => {
        const cancelAtGateway = () => {
          place.queue.delete(admit);
          reject(signal.reason);
        };
        const admit = () => {
          place.queue.delete(admit);
          signal.removeEventListener('abort', cancelAtGateway);
          resolve(leave);
        };
        place.queue.add(admit);
        signal.addEventListener('abort', cancelAtGateway, { once: true });
      });
    },
  };
}
