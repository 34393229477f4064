import { digest } from '../digest.ts';
import { parseForm } from '../http.ts';
import { FORM_TYPE } from '../input.ts';
import type { Shelf, Shelves } from '../shelves.ts';
import type { Call, Route, World } from '../world.ts';
import { readSettings } from './accounts.ts';
import { type Caller, identify, ownerOf } from './caller.ts';
import { refuse, StripeFailure } from './failure.ts';
import { makeId } from './intent.ts';
import { type Branch, growTree } from './schema.ts';

/** What became of a request, as it is answered again. */
interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

interface Kept extends Outcome {
  /** Of the request: its path, and the parameters whatever their order. */
  readonly fingerprint: string;
  readonly requestId: string;
  readonly at: number;
}

/** Stripe API reference, Idempotent requests: keys are kept for a day at least. */
const KEPT_MS = 24 * 3600 * 1000;
const KEY_LENGTH = 255;
const openKept = (world: World): Shelf<Kept> => world.shelves.open('stripe.idempotency', 10_000);

/** Keys whose first request still runs; of each simulator its own. */
const running = new WeakMap<Shelves, Set<string>>();

function runningIn({ shelves }: World): Set<string> {
  const found = running.get(shelves) ?? new Set<string>();
  running.set(shelves, found);
  return found;
}

function refuseKey(status: 400 | 409, message: string, extras: { readonly code?: string } = {}): never {
  throw new StripeFailure(status, { type: 'idempotency_error', ...extras, message });
}

/** The first outcome under this key, if there is one. Throws when it belongs to another request, or is not there yet. */
function recall(world: World, slot: string, fingerprint: string): Kept | null {
  if (runningIn(world).has(slot)) {
    const code = 'idempotency_key_in_use';
    refuseKey(409, 'Another request with this Idempotency-Key is still running.', { code });
  }
  const kept = openKept(world).get(slot);
  if (!kept || world.now() - kept.at >= KEPT_MS) return null;
  if (kept.fingerprint === fingerprint) return kept;
  const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
  return refuseKey(400, message);
}

/** Answers the body. What it throws is kept under the Idempotency-Key, as an outcome like others. */
type Work = () => unknown;

/** Reads and checks the parameters, before anything happens; what is refused here is not kept under the key. */
export type Endpoint = (caller: Caller, tree: Branch, params: readonly string[]) => Work;

function readTree(call: Call): Branch {
  if (call.request.method !== 'POST') return growTree([...call.url.searchParams]);
  if (call.body !== '' && call.contentType !== FORM_TYPE) {
    refuse(`Invalid request: your POST content type must be ${FORM_TYPE}.`);
  }
  return growTree(parseForm(call.body) ?? refuse('Invalid request: the form is not encoded right.'));
}

const answer = (outcome: Outcome, requestId: string, extra: Readonly<Record<string, string>> = {}): Response =>
  new Response(`${JSON.stringify(outcome.body, null, 2)}\n`, {
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
  if (idempotencyKey.length > KEY_LENGTH) refuse(`Idempotency keys can have up to ${KEY_LENGTH} characters.`);
  const slot = `${ownerOf(caller)}:${digest(idempotencyKey)}`;
  const fingerprint = digest(`${call.url.pathname}\n${call.body.split('&').sort().join('&')}`);
  const echo = { 'idempotency-key': idempotencyKey, 'original-request': requestId };
  const before = recall(world, slot, fingerprint);
  if (before) {
    const replayed = { ...echo, 'original-request': before.requestId, 'idempotent-replayed': 'true' };
    return answer(before, requestId, replayed);
  }
  const work = begin();
  const taken = runningIn(world).add(slot);
  try {
    const outcome = await think(work);
    openKept(world).put(slot, { ...outcome, fingerprint, requestId, at: world.now() });
    return answer(outcome, requestId, echo);
  } finally {
    taken.delete(slot);
  }
}

/** A call of Stripe's API, for secret keys, or one that browsers make too, with a publishable key. */
export const serve =
  (endpoint: Endpoint, isForBrowsers = false): Route['answer'] =>
  async (call) => {
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
