import { PayCoreError } from '../core/errors.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import { hashApiKey } from '../security/vault.ts';
import type { KeyOwner } from '../store/queries/keys.ts';
import { createAddressReader } from './address.ts';
import { type ApiAnswer, fail, toResponse } from './answer.ts';
import { parseJsonObject, readBody, requireJsonType } from './body.ts';
import { createIdempotency } from './idempotency.ts';
import { createLimits, type LimitTable } from './limits.ts';

/** One authenticated call of the API. */
export interface ApiCall {
  readonly caller: Caller;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Request;
}

const API_KEY = /^pc_(live|test)_[A-Za-z0-9]{20,100}$/;

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
  const findKey = createKeyFinder(deps);

  /** Whose key it is; counts the call. Throws API_KEY_INVALID or RATE_LIMITED. */
  const authenticate = async (request: Request): Promise<Caller> => {
    const given = request.headers.get('x-api-key') ?? '';
    const key = API_KEY.test(given) ? await findKey(hashApiKey(given)) : null;
    if (!key) {
      limits.chargeAddress('wrongKeys', request);
      throw new PayCoreError('API_KEY_INVALID');
    }
    limits.charge(request.method === 'GET' ? 'reads' : 'writes', String(key.id));
    return { keyId: key.id, projectId: key.projectId, kind: key.kind };
  };

  const post = async (request: Request, handler: Handler): Promise<ApiAnswer> => {
    const caller = await authenticate(request);
    requireJsonType(request);
    const bytes = await readBody(request);
    const run = async () => handler({ caller, body: parseJsonObject(bytes), request });
    const key = request.headers.get('idempotency-key');
    if (key === null) return run();
    const route = `${request.method} ${new URL(request.url).pathname}`;
    // What fails is written to the log here: an answer that is kept for twins has forgotten its error.
    return runOnce(caller, key, { route, body: bytes }, () => run().catch((error) => explain(request, error)));
  };

  const explain = (request: Request, error: unknown): ApiAnswer => {
    if (!(error instanceof PayCoreError) || error.status >= 500) {
      deps.log.error('request failed', { method: request.method, path: new URL(request.url).pathname, error });
    }
    return fail(error);
  };

  const answer = async (request: Request, work: () => Promise<ApiAnswer>): Promise<Response> => {
    try {
      return toResponse(await work());
    } catch (error) {
      return toResponse(explain(request, error));
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

export type Api = ReturnType<typeof createApi>;

/** A key that was found is known for so long: one that another process revokes works no longer than that. */
const KEY_KNOWN_MS = SECOND;
const MAX_KEYS_KNOWN = 1000;

function createKeyFinder({ store, clock }: Pick<Deps, 'store' | 'clock'>) {
  const known = new Map<string, { readonly key: KeyOwner; readonly until: number }>();

  return async (hash: Uint8Array): Promise<KeyOwner | null> => {
    const name = Buffer.from(hash).toString('latin1');
    const found = known.get(name);
    const now = clock.now();
    if (found && now < found.until) return found.key;
    const key = await store.findKey(hash);
    if (known.size >= MAX_KEYS_KNOWN) known.clear();
    if (key) known.set(name, { key, until: now + KEY_KNOWN_MS });
    else known.delete(name);
    return key;
  };
}
