import { parseForm } from '../http.ts';
import type { Call, Route, World } from '../world.ts';
import { readSettings } from './accounts.ts';
import { type Branch, growTree } from './brackets.ts';
import { type Caller, identify, ownerOf } from './caller.ts';
import { refuse, StripeFailure } from './failure.ts';
import { makeClaim, type Outcome, recall, runOnce } from './idempotency.ts';
import { makeId } from './ids.ts';

/** Answers the body. What it throws is kept under the Idempotency-Key, as an outcome like others. */
export type Work = () => unknown;

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

function failureOutcome(error: unknown): Outcome {
  if (error instanceof StripeFailure) return { status: error.status, body: { error: error.body } };
  throw error;
}

async function settle(work: Work): Promise<Outcome> {
  try {
    return { status: 200, body: await work() };
  } catch (error) {
    return failureOutcome(error);
  }
}

/** Stripe thinks; a client that leaves meanwhile changes nothing about what happens then. */
async function thinkAndSettle(world: World, request: Request, work: Work): Promise<Outcome> {
  const { latencyMs } = readSettings(world);
  if (latencyMs > 0) await world.pause(latencyMs, request.signal);
  return settle(work);
}

async function perform(call: Call, caller: Caller, endpoint: Endpoint): Promise<Response> {
  const { world, request } = call;
  const begin = () => endpoint(caller, readTree(call), call.params);
  if (request.method !== 'POST') return answer(await settle(begin()), caller.requestId);
  if (caller.idempotencyKey === null) {
    return answer(await thinkAndSettle(world, request, begin()), caller.requestId);
  }
  const claim = makeClaim(ownerOf(caller), caller.idempotencyKey, caller.requestId, call.url.pathname, call.body);
  const echo = { 'idempotency-key': caller.idempotencyKey, 'original-request': caller.requestId };
  const before = recall(world, claim);
  if (before) {
    const replayed = { ...echo, 'original-request': before.requestId, 'idempotent-replayed': 'true' };
    return answer(before, caller.requestId, replayed);
  }
  const work = begin();
  return answer(await runOnce(world, claim, () => thinkAndSettle(world, request, work)), caller.requestId, echo);
}

async function handle(call: Call, endpoint: Endpoint, isForBrowsers: boolean): Promise<Response> {
  const requestId = makeId(call.world.random, 'req_', 14);
  try {
    const caller: Caller = {
      world: call.world,
      origin: call.url.origin,
      ...identify(call, isForBrowsers),
      requestId,
      idempotencyKey: call.request.headers.get('idempotency-key'),
    };
    return await perform(call, caller, endpoint);
  } catch (error) {
    return answer(failureOutcome(error), requestId);
  }
}

/** A call of Stripe's API, for secret keys. */
export function serve(endpoint: Endpoint): Route['answer'] {
  return (call) => handle(call, endpoint, false);
}

/** One that browsers make too, with a publishable key. */
export function serveBrowsers(endpoint: Endpoint): Route['answer'] {
  return (call) => handle(call, endpoint, true);
}
