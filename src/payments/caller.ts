import type { KeyKind } from '../core/payment.ts';

/** Whose API key a call carries. */
export interface Caller {
  readonly keyId: number;
  readonly projectId: number;
  readonly kind: KeyKind;
}
