import type { Attempt } from '../core/attempt.ts';
import type { Payment } from '../core/payment.ts';
import type { Gateway, Method } from '../gateways/gateway.ts';

/** What came of looking at an attempt. */
export interface Look {
  /** The gateway was asked. */
  readonly asked: boolean;
  readonly result:
    | 'paid'
    | 'unpaid'
    | 'mismatch'
    | 'unknown'
    | 'not_found'
    | 'resting'
    | 'failed'
    | 'unsupported'
    | 'over';
  /** With `resting`: when the gateway may be asked again. */
  readonly restsUntil?: number;
  readonly error?: unknown;
}

/** Why an attempt is looked at: somebody waits for the answer, somebody opened its page, or its time has come. */
export type Occasion = 'waiting' | 'viewed' | 'scheduled';

export type LookAt = (payment: Payment, attempt: Attempt, occasion: Occasion) => Promise<Look>;

export interface Subject {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly occasion: Occasion;
}
