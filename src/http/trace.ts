import type { Random } from '../core/ids.ts';
import { type Quota, type RequestScope, runInScope } from '../scope.ts';

type Handle = (request: Request) => Response | Promise<Response>;

/** What a caller may call its request: it stands in answers and in the log as it is. */
const SOUND_ID = /^[A-Za-z0-9._-]{1,64}$/;
const ID_BYTES = 10;
const POOL_BYTES = 400 * ID_BYTES;

/**
 * Gives every request its id and every answer its headers: `X-Request-Id` always, and the three `RateLimit-…` where the
 * caller was charged. Of the IETF's drafts on rate limit headers these are the fields up to version 07, plain integers
 * that programs know since years; later versions put them into structured fields, which few can read and no standard
 * has settled yet.
 */
export function createTracer(deps: { readonly random: Random }): (handle: Handle) => Handle {
  const makeId = createIds(deps.random);
  return (handle) => (request) => {
    const given = request.headers.get('x-request-id');
    const requestId = given !== null && SOUND_ID.test(given) ? given : makeId();
    const scope: RequestScope = { requestId, quota: null, mustClose: false };
    const answer = runInScope(scope, () => handle(request));
    return answer instanceof Promise ? answer.then((response) => sign(response, scope)) : sign(answer, scope);
  };
}

function sign(response: Response, { requestId, quota, mustClose }: RequestScope): Response {
  response.headers.set('x-request-id', requestId);
  if (quota) tellQuota(response.headers, quota);
  if (mustClose) response.headers.set('connection', 'close');
  return response;
}

/** `RateLimit-Reset` counts the seconds until the whole allowance is there again. */
function tellQuota(headers: Headers, { limit, remaining, fullAfterMs }: Quota): void {
  headers.set('ratelimit-limit', String(limit));
  headers.set('ratelimit-remaining', String(remaining));
  headers.set('ratelimit-reset', String(Math.ceil(fullAfterMs / 1000)));
}

/** `req_` + 20 hexadecimal digits. Random, since a number that counts would tell everybody how busy the shop is. */
function createIds(random: Random): () => string {
  let pool = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at + ID_BYTES > pool.length) {
      pool = Buffer.from(random(POOL_BYTES));
      at = 0;
    }
    at += ID_BYTES;
    return `req_${pool.toString('hex', at - ID_BYTES, at)}`;
  };
}
