import { AnswerError, ConfigurationError, type PayCoreError } from './errors.ts';
import { asObject, toError } from './failure.ts';
import { type CallOptions, readBounds, type Settings } from './options.ts';
import { keepOpen, tellOutcome } from './outcome.ts';
import { nameOf, type Reply, type Sendable, sendOnce } from './reply.ts';
import { isWorthAnother, waitBefore } from './retry.ts';
import type { AnswerOf, BodyOf, QueryOf, Route } from './types.ts';

export interface Given<R extends Route> {
  /** For what stands in braces in the route. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: QueryOf<R> | undefined;
  readonly body?: BodyOf<R> | undefined;
  /** Health is told without the frame that the API puts around its answers. */
  readonly isBare?: boolean;
  /** A status besides 2xx whose body is the answer. */
  readonly alsoGood?: number;
}

export type Call = <R extends Route>(route: R, given?: Given<R>, options?: CallOptions) => Promise<AnswerOf<R>>;

/** One call: made once, sent until it is answered, worth no more, or out of time. */
export function createCall(settings: Settings): Call {
  return async <R extends Route>(route: R, given: Given<R> = {}, options: CallOptions = {}) => {
    const request = prepare(settings, route, given, options);
    const bounds = readBounds(options, settings);
    const end = performance.now() + bounds.deadlineMs;
    let open: PayCoreError | null = null;
    for (let failed = 1; ; failed++) {
      const left = Math.max(1, Math.ceil(end - performance.now()));
      const timeoutMs = Math.min(bounds.timeoutMs, left);
      try {
        const reply = await sendOnce(request, { fetch: settings.fetch, timeoutMs, signal: options.signal });
        // The definitions of the routes say what they answer; the tests hold PayCore to that.
        return readAnswer(request, given, reply) as AnswerOf<R>;
      } catch (error) {
        if (failed > bounds.retries || !isWorthAnother(error)) throw tellOutcome(request, open, error);
        const wait = waitBefore(failed, error.retryAfter, settings.random());
        // Waiting beyond the end is of no use to anybody: `retryAfter` says when another call makes sense.
        if (performance.now() + wait >= end) throw tellOutcome(request, open, error);
        open = keepOpen(open, error);
        await settings.sleep(wait, options.signal);
      }
    }
  };
}

function prepare<R extends Route>(
  { base, apiKey }: Settings,
  route: R,
  { params = {}, query, body }: Given<R>,
  options: CallOptions,
): Sendable {
  const [method, path] = split(route);
  const url = `${base}${fill(path, params)}${writeQuery(query ?? {})}`;
  const headers = { accept: 'application/json', ...(apiKey === null ? {} : { 'x-api-key': apiKey }) };
  if (method === 'GET') return { method, url, headers, idempotencyKey: null };
  const key = options.idempotencyKey ?? makeKey();
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ConfigurationError('idempotencyKey must be 1 to 255 printable ASCII characters without blanks');
  }
  return {
    method,
    url,
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body ?? {}),
    idempotencyKey: key,
  };
}

/** `POST /api/…`; what is named at run time may be anything. */
function split(route: string): [Sendable['method'], string] {
  const [, method, path] = /^(GET|POST) (\/(?:[\w-]+|\{\w+\})(?:\/(?:[\w-]+|\{\w+\}))*)$/.exec(route) ?? [];
  if (path !== undefined) return [method === 'GET' ? 'GET' : 'POST', path];
  throw new ConfigurationError(`expected a route such as "POST /api/paycore/pay/ecpay/atm", got "${route}"`);
}

/** Whatever would lead to another route is refused. */
function fill(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value: unknown = params[name];
    if (typeof value === 'string' && /^[\w-]+$/.test(value)) return value;
    throw new ConfigurationError(`${name} must be a number that PayCore gave out, but is ${JSON.stringify(value)}`);
  });
}

function writeQuery(query: object): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** Pages without https have no randomUUID. */
function makeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function readAnswer(request: Sendable, { isBare = false, alsoGood }: Given<Route>, reply: Reply): unknown {
  const isGood = (reply.status >= 200 && reply.status < 300) || reply.status === alsoGood;
  const frame = asObject(reply.body);
  if (isGood && isBare && frame) return frame;
  if (isGood && frame?.success === true && 'data' in frame) return frame.data;
  if (!isGood) throw toError(request, reply);
  const type = reply.headers.get('content-type') ?? 'no content type';
  throw new AnswerError({
    code: 'ANSWER_INVALID',
    status: reply.status,
    idempotencyKey: request.idempotencyKey,
    message: `${nameOf(request)} answered ${reply.status} with ${type}, but not as PayCore does. Is \`url\` the address of PayCore?`,
  });
}
