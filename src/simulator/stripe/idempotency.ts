import { digest } from '../rest.ts';
import type { Shelf, Shelves } from '../shelves.ts';
import type { World } from '../world.ts';
import { refuse, StripeFailure } from './failure.ts';

/** What became of a request, as it is answered again. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

/** One request under a key: whose, which one, and the parameters whatever their order. */
interface Claim {
  readonly slot: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

interface Kept extends Outcome, Claim {
  readonly at: number;
}

/** Stripe API reference, Idempotent requests: keys are kept for a day at least. */
const KEPT_MS = 24 * 3600 * 1000;
const KEY_LENGTH = 255;

/** Keys whose first request still runs; of each simulator its own. */
const running = new WeakMap<Shelves, Set<string>>();

function runningIn({ shelves }: World): Set<string> {
  const found = running.get(shelves) ?? new Set<string>();
  running.set(shelves, found);
  return found;
}

const shelf = (world: World): Shelf<Kept> => world.shelves.open('stripe.idempotency', 10_000);

export function makeClaim(owner: string, key: string, requestId: string, path: string, body: string): Claim {
  if (key.length > KEY_LENGTH) refuse(`Idempotency keys can have up to ${KEY_LENGTH} characters.`);
  const parameters = body.split('&').sort().join('&');
  return { slot: `${owner}:${digest(key)}`, fingerprint: digest(`${path}\n${parameters}`), requestId };
}

function clash(status: number, message: string, extras: { readonly code?: string } = {}): StripeFailure {
  return new StripeFailure(status, { type: 'idempotency_error', ...extras, message });
}

/** The first outcome under this key, if there is one. Throws when it belongs to another request, or is not there yet. */
export function recall(world: World, { slot, fingerprint }: Claim): Kept | null {
  if (runningIn(world).has(slot)) {
    const code = 'idempotency_key_in_use';
    throw clash(409, 'Another request with this Idempotency-Key is still running.', { code });
  }
  const kept = shelf(world).get(slot);
  if (!kept || world.now() - kept.at >= KEPT_MS) return null;
  if (kept.fingerprint === fingerprint) return kept;
  const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
  throw clash(400, message);
}

/** Keeps the outcome under the key, a refusal too; whatever was refused before `work` began is not kept. */
export async function runOnce(world: World, claim: Claim, work: () => Promise<Outcome>): Promise<Outcome> {
  const taken = runningIn(world);
  taken.add(claim.slot);
  try {
    return shelf(world).put(claim.slot, { ...(await work()), ...claim, at: world.now() });
  } finally {
    taken.delete(claim.slot);
  }
}
