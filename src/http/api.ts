import { PayCoreError } from '../core/errors.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import { createAddressReader } from './address.ts';
import { type ApiAnswer, fail, toResponse } from './answer.ts';
import { createAuthentication } from './authentication.ts';
import { parseJsonObject, readBody, requireJsonType } from './body.ts';
import { createIdempotency } from './idempotency.ts';
import { createLimits, type LimitTable } from './limits.ts';

/** One authenticated call of the API. */
export interface ApiCall {
  readonly caller: Caller;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Request;
}

type PageHandler = (body: Readonly<Record<string, unknown>>) => Promise<ApiAnswer>;
type Handler = (call: ApiCall) => Promise<ApiAnswer>;

/**
 * The way of every API call: key, content type, size, JSON, idempotency, handler, answer. Whatever goes wrong on the
 * way is answered in the API's error shape.
 */
export function createApi(deps: Deps, table: LimitTable) {
  const addressOf = createAddressReader(deps);
  const runOnce = createIdempotency(deps);
  const limits = createLimits(deps, addressOf, table);
  const authenticate = createAuthentication(deps, limits);

  const post = async (request: Request, handler: Handler): Promise<ApiAnswer> => {
    const caller = await authenticate(request);
    requireJsonType(request);
    const bytes = await readBody(request);
    const run = async () => handler({ caller, body: parseJsonObject(bytes), request });
    const key = request.headers.get('idempotency-key');
    if (key === null) return run();
    const route = `${request.method} ${new URL(request.url).pathname}`;
    // What fails is written to the log here: an answer that is kept for twins has forgotten its error.
    return runOnce(caller, key, { route, body: bytes }, () => run().catch((error) => explain(deps, request, error)));
  };

  const answer = async (request: Request, work: () => Promise<ApiAnswer>): Promise<Response> => {
    try {
      return toResponse(await work());
    } catch (error) {
      return toResponse(explain(deps, request, error));
    }
  };

  const postByPage = async (request: Request, handler: PageHandler): Promise<ApiAnswer> => {
    limits.chargeAddress('form', request);
    requireJsonType(request);
    return handler(parseJsonObject(await readBody(request)));
  };

  return {
    addressOf,
    limits,
    authenticate,
    answer,
    /** A POST with key and JSON body. */
    post: (request: Request, handler: Handler) => answer(request, () => post(request, handler)),
    /** A POST with JSON body whose right is the page's token in the address; the handler checks it. */
    postByPage: (request: Request, handler: PageHandler) => answer(request, () => postByPage(request, handler)),
    /** A GET with key. */
    get: (request: Request, handler: Handler) =>
      answer(request, async () => handler({ caller: await authenticate(request), body: {}, request })),
  };
}

/** Written to the log when it is a fault of ours. */
function explain({ log }: Pick<Deps, 'log'>, request: Request, error: unknown): ApiAnswer {
  if (!(error instanceof PayCoreError) || error.status >= 500) {
    log.error('request failed', { method: request.method, path: new URL(request.url).pathname, error });
  }
  return fail(error);
}

export type Api = ReturnType<typeof createApi>;
