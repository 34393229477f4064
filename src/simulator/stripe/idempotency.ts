import type { Shelf, Shelves } from '../shelves.ts';
import type { World } from '../world.ts';
import { type FailureBody, refuse, StripeFailure } from './failure.ts';
import { hashText } from './ids.ts';

/** What became of a request, as it is answered again. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

interface Kept extends Outcome {
  readonly fingerprint: string;
  readonly requestId: string;
  readonly at: number;
}

/** Stripe API reference, Idempotent requests: keys are kept for a day at least. */
const KEPT_MS = 24 * 3600 * 1000;
const KEY_LENGTH = 255;

/** Keys whose first request still runs; of each simulator its own. */
const running = new WeakMap<Shelves, Set<string>>();

function runningIn(world: World): Set<string> {
  const found = running.get(world.shelves) ?? new Set<string>();
  running.set(world.shelves, found);
  return found;
}

function shelf(world: World): Shelf<Kept> {
  return world.shelves.open<Kept>('stripe.idempotency', 10_000);
}

/** One request under a key: whose, which one, and the parameters whatever their order. */
export interface Claim {
  readonly slot: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

export function makeClaim(owner: string, key: string, requestId: string, path: string, body: string): Claim {
  if (key.length > KEY_LENGTH) refuse(`Idempotency keys can have up to ${KEY_LENGTH} characters.`);
  const parameters = body.split('&').sort().join('&');
  return { slot: `${owner}:${hashText(key)}`, fingerprint: hashText(`${path}\n${parameters}`), requestId };
}

function clash(status: number, code: string | null, message: string): StripeFailure {
  const body: FailureBody = { type: 'idempotency_error', ...(code === null ? {} : { code }), message };
  return new StripeFailure(status, body);
}

/** The first outcome under this key, if there is one. Throws when it belongs to another request, or is not there yet. */
export function recall(world: World, claim: Claim): (Outcome & { readonly requestId: string }) | null {
  if (runningIn(world).has(claim.slot)) {
    throw clash(409, 'idempotency_key_in_use', 'Another request with this Idempotency-Key is still running.');
  }
  const kept = shelf(world).get(claim.slot);
  if (!kept || world.now() - kept.at >= KEPT_MS) return null;
  if (kept.fingerprint === claim.fingerprint) return kept;
  const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
  throw clash(400, null, message);
}

/** Keeps the outcome under the key, a refusal too; whatever was refused before `work` began is not kept. */
export async function runOnce(world: World, claim: Claim, work: () => Promise<Outcome>): Promise<Outcome> {
  const taken = runningIn(world);
  taken.add(claim.slot);
  try {
    const { status, body } = await work();
    const { fingerprint, requestId } = claim;
    shelf(world).put(claim.slot, { status, body, fingerprint, requestId, at: world.now() });
    return { status, body };
  } finally {
    taken.delete(claim.slot);
  }
}
