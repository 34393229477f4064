import { AnswerError, ConnectionError, TimeoutError } from './errors.ts';

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** A request, as it is sent again and again. */
export interface Sendable {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of a POST; the same on every try. */
  readonly idempotencyKey: string | null;
}

/** An answer that came whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: it is not JSON, and did not say that it is. */
  readonly body: unknown;
  /** When it came, milliseconds since the epoch. */
  readonly now: number;
}

export interface Limits {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends once. Throws what the signal was aborted with, TimeoutError, ConnectionError, or AnswerError for an answer that
 * leads elsewhere: the key goes nowhere but to where it was meant to go.
 */
export async function sendOnce(request: Sendable, { fetch, timeoutMs, signal }: Limits): Promise<Reply> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, timeoutMs);
  const stop = () => controller.abort();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const response = await fetch(request.url, toInit(request, controller.signal));
    refuseRedirect(request, response);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(response, text), now: Date.now() };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AnswerError) throw error;
    throw isLate ? lateError(request, timeoutMs) : brokenError(request, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function toInit({ method, headers, body }: Sendable, signal: AbortSignal): RequestInit {
  return {
    method,
    headers,
    signal,
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    ...(body === undefined ? {} : { body }),
  };
}

function refuseRedirect(request: Sendable, response: Response): void {
  const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  if (!isRedirect) return;
  // Unread bodies would keep their connections.
  response.body?.cancel().catch(() => {});
  throw new AnswerError({
    code: 'REDIRECTED',
    status: response.status,
    idempotencyKey: request.idempotencyKey,
    message: `${nameOf(request)} was answered with a redirect, which is not followed since the API key would go with it. Set \`url\` to the final address, e.g. with https.`,
  });
}

/** A success that says it is JSON and is not was cut off on the way; that is a failure of the connection. */
function parse(response: Response, text: string): unknown {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (response.ok) throw error;
    return undefined;
  }
}

function lateError(request: Sendable, timeoutMs: number): TimeoutError {
  const message = `${nameOf(request)} was not answered within ${timeoutMs} ms. It may have arrived: send the very same request again.`;
  return new TimeoutError({ code: 'TIMEOUT', message, idempotencyKey: request.idempotencyKey });
}

function brokenError(request: Sendable, cause: unknown): ConnectionError {
  const message = `${nameOf(request)} got no whole answer. It may have arrived: send the very same request again.`;
  return new ConnectionError({ code: 'CONNECTION_FAILED', message, cause, idempotencyKey: request.idempotencyKey });
}

/** Without the query, which may hold what payers typed. */
export function nameOf({ method, url }: Pick<Sendable, 'method' | 'url'>): string {
  return `${method} ${url.split('?')[0]}`;
}
