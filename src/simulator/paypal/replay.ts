import type { World } from '../world.ts';
import { digest } from './digest.ts';
import { refuse } from './errors.ts';

const HOUR_MS = 3600 * 1000;

/** How long PayPal remembers a PayPal-Request-Id (PayPal Orders v2 and Payments v2, header parameters). */
const memory = { create: 6 * HOUR_MS, capture: 6 * HOUR_MS, refund: 45 * 24 * HOUR_MS } as const;

/** What a request under a PayPal-Request-Id came to: something made, or a refusal that is final under this id. */
export interface Outcome {
  readonly id: string;
  readonly issue: string | null;
}

interface Replay extends Outcome {
  readonly at: number;
  /** Of path and body. */
  readonly digest: string;
}

/** One request that may come again. */
export interface Repeatable {
  readonly clientId: string;
  readonly kind: keyof typeof memory;
  readonly requestId: string | null;
  readonly path: string;
  readonly body: unknown;
}

const open = (world: World) => world.shelves.open<Replay>('paypal.replays');

/** Ids are apart by account and by kind of call. */
function keyOf({ clientId, kind, requestId }: Repeatable): string {
  return `${clientId}:${kind}:${requestId ?? ''}`;
}

function digestOf({ path, body }: Repeatable): string {
  return digest(`${path}\n${JSON.stringify(body)}`);
}

/** What the same request came to before; throws when its id belongs to another one. */
export function recall(world: World, request: Repeatable): Outcome | null {
  const found = request.requestId === null ? undefined : open(world).get(keyOf(request));
  if (!found || found.at + memory[request.kind] <= world.now()) return null;
  if (found.digest === digestOf(request)) return found;
  return refuse(422, 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED', {
    field: 'PayPal-Request-Id',
    value: request.requestId ?? '',
  });
}

export function remember(world: World, request: Repeatable, outcome: Outcome): void {
  if (request.requestId === null) return;
  const { id, issue } = outcome;
  open(world).put(keyOf(request), { id, issue, at: world.now(), digest: digestOf(request) });
}
