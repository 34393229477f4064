import { parseForm } from '../http.ts';
import type { Call, Route } from '../world.ts';
import { readSettings } from './accounts.ts';
import { type Caller, identify, ownerOf } from './caller.ts';
import { refuse, StripeFailure } from './failure.ts';
import { makeClaim, type Outcome, recall, runOnce } from './idempotency.ts';
import { makeId } from './intent.ts';
import { type Branch, growTree } from './schema.ts';

/** Answers the body. What it throws is kept under the Idempotency-Key, as an outcome like others. */
type Work = () => unknown;

/** Reads and checks the parameters, before anything happens; what is refused here is not kept under the key. */
export type Endpoint = (caller: Caller, tree: Branch, params: readonly string[]) => Work;

const FORM_TYPE = 'application/x-www-form-urlencoded';

function readTree(call: Call): Branch {
  if (call.request.method !== 'POST') return growTree([...call.url.searchParams]);
  if (call.body !== '' && call.contentType !== FORM_TYPE) {
    refuse(`Invalid request: your POST content type must be ${FORM_TYPE}.`);
  }
  return growTree(parseForm(call.body) ?? refuse('Invalid request: the form is not encoded right.'));
}

function answer(outcome: Outcome, requestId: string, extra: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(outcome.body, null, 2)}\n`, {
    status: outcome.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-cache, no-store',
      'request-id': requestId,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Request-Id',
      // Chromium embeds and reads across origins only what says so.
      'cross-origin-resource-policy': 'cross-origin',
      ...extra,
    },
  });
}

async function settle(work: Work): Promise<Outcome> {
  try {
    return { status: 200, body: await work() };
  } catch (error) {
    if (error instanceof StripeFailure) return { status: error.status, body: { error: error.body } };
    throw error;
  }
}

async function perform(call: Call, caller: Caller, endpoint: Endpoint): Promise<Response> {
  const { world, request } = call;
  const { requestId, idempotencyKey } = caller;
  const begin = () => endpoint(caller, readTree(call), call.params);
  if (request.method !== 'POST') return answer(await settle(begin()), requestId);
  /** Stripe thinks; a client that leaves meanwhile changes nothing about what happens then. */
  const think = async (work: Work): Promise<Outcome> => {
    const { latencyMs } = readSettings(world);
    if (latencyMs > 0) await world.pause(latencyMs, request.signal);
    return settle(work);
  };
  if (idempotencyKey === null) return answer(await think(begin()), requestId);
  const claim = makeClaim(ownerOf(caller), idempotencyKey, requestId, call.url.pathname, call.body);
  const echo = { 'idempotency-key': idempotencyKey, 'original-request': requestId };
  const before = recall(world, claim);
  if (before) {
    const replayed = { ...echo, 'original-request': before.requestId, 'idempotent-replayed': 'true' };
    return answer(before, requestId, replayed);
  }
  const work = begin();
  return answer(await runOnce(world, claim, () => think(work)), requestId, echo);
}

/** A call of Stripe's API, for secret keys, or one that browsers make too, with a publishable key. */
export function serve(endpoint: Endpoint, isForBrowsers = false): Route['answer'] {
  return async (call) => {
    const { world, url, request } = call;
    const requestId = makeId(world, 'req_', 14);
    try {
      const idempotencyKey = request.headers.get('idempotency-key');
      const known = identify(call, isForBrowsers);
      return await perform(call, { world, origin: url.origin, ...known, requestId, idempotencyKey }, endpoint);
    } catch (error) {
      const thrown = () => {
        throw error;
      };
      return answer(await settle(thrown), requestId);
    }
  };
}
