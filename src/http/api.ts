import { PayCoreError } from '../core/errors.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import { clientKey } from '../security/ratelimit.ts';
import { createAddressReader } from './address.ts';
import { type ApiAnswer, fail, toResponse } from './answer.ts';
import { createAuthentication } from './authentication.ts';
import { MAX_CALL, MAX_FORM, parseJsonObject, requireJsonType } from './body.ts';
import { createIdempotency } from './idempotency.ts';
import { createIntake, type IntakeOptions } from './intake.ts';
import { createLimits, type LimitTable } from './limits.ts';

/** One authenticated call of the API. */
export interface ApiCall {
  readonly caller: Caller;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Request;
}

interface PageCall<T> {
  /** Checks the token, before anything is read. */
  readonly admit: () => Promise<T>;
  readonly handle: (admitted: T, body: ApiCall['body']) => Promise<ApiAnswer>;
}
type Handler = (call: ApiCall) => Promise<ApiAnswer>;

/**
 * The way of every API call: key, content type, size, JSON, idempotency, handler, answer. Whatever goes wrong on the
 * way is answered in the API's error shape.
 */
export function createApi(deps: Deps, table: LimitTable, bodies: IntakeOptions = {}) {
  const addressOf = createAddressReader(deps);
  const runOnce = createIdempotency(deps);
  const limits = createLimits(deps, addressOf, table);
  const authenticate = createAuthentication(deps, limits);
  const intake = createIntake(bodies);
  /** From whoever it is; those of one address share what may be on its way. */
  const receive = (request: Request, limit: number): Promise<Uint8Array> =>
    intake.receive(request, { door: 'open', sender: clientKey(addressOf(request)), limit });

  const post = async (request: Request, handler: Handler): Promise<ApiAnswer> => {
    const caller = await authenticate(request);
    requireJsonType(request);
    const bytes = await intake.receive(request, { door: 'keyed', sender: String(caller.keyId), limit: MAX_CALL });
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

  const postByPage = async <T>(request: Request, { admit, handle }: PageCall<T>): Promise<ApiAnswer> => {
    limits.chargeAddress('form', request);
    const admitted = await admit();
    requireJsonType(request);
    return handle(admitted, parseJsonObject(await receive(request, MAX_FORM)));
  };

  return {
    addressOf,
    limits,
    authenticate,
    answer,
    /** A POST with key and JSON body. */
    post: (request: Request, handler: Handler) => answer(request, () => post(request, handler)),
    receive,
    /** A POST with JSON body whose right is the page's token in the address. */
    postByPage: <T>(request: Request, call: PageCall<T>) => answer(request, () => postByPage(request, call)),
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
