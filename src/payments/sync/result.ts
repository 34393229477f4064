import type { Attempt } from '../../core/attempt.ts';
import type { SyncResultType, SyncState, SyncTrigger } from '../../core/lifecycle/sync.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { Patience } from '../calls.ts';

/** What came of asking a gateway about an attempt. */
export interface SyncResult {
  /** The gateway was asked. */
  readonly asked: boolean;
  readonly result: SyncResultType;
  /** With `cooldown` and `busy`: when the gateway may be asked again. */
  readonly cooldownUntil?: number;
  readonly error?: unknown;
  /** What the payer has approved was not this question’s to take. */
  readonly isDenied?: true;
}

/** `patience`: with other processes, when it is not that of the trigger. */
type Look = [payment: Payment, attempt: Attempt, trigger: SyncTrigger, patience?: Patience];

export interface SyncAttempt {
  (...look: Look): Promise<SyncResult>;
  /** The question that is under way about an attempt, if any. */
  readonly findRunning: (attemptId: number) => Promise<SyncResult> | undefined;
  /** The question that a payer has caused and that waits for its turn, if any. */
  readonly findLater: (attemptId: number) => Promise<SyncResult> | undefined;
  /** With a question that begins after this: one that is under way may have been answered before what is told now. */
  readonly anew: (...look: Look) => Promise<SyncResult>;
}

export interface SyncSubject {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly trigger: SyncTrigger;
  /** When the gateway gave its answer, by its own clock; null while there is none. */
  readonly saidAt: number | null;
}

/** What the rules look at. */
export function stateOf(
  { clockSkew }: Pick<Deps, 'clockSkew'>,
  { payment, attempt, gateway, method, trigger }: SyncSubject,
): SyncState {
  return {
    payment,
    attempt,
    trigger,
    skew: clockSkew(),
    rules: {
      graces: method.graceMs,
      settle: gateway.settle,
      canCancel: gateway.cancel !== undefined,
      isInSite: method.inSite === true,
      orderLifetimeMs: method.orderLifetimeMs,
    },
  };
}
