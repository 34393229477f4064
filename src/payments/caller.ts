import type { Actor } from '../core/actor.ts';
import type { KeyKind } from '../core/payment.ts';

/** Whose API key a call carries. */
export interface Caller {
  readonly keyId: number;
  readonly projectId: number;
  readonly kind: KeyKind;
}

export function actorOf({ keyId }: Caller): Actor {
  return { type: 'api_key', id: keyId };
}
