import type { Attempt } from '../../core/attempt.ts';
import type { Deps } from '../../deps.ts';
import { planSettling } from '../create/gateway-call.ts';
import { reportFacts } from '../facts.ts';
import { hadNoEffect } from '../failure.ts';

/**
 * Taking what the payer has approved is part of a question. It is written down before the gateway is called, where every
 * process sees it; only an outcome ends it.
 */
export interface Capture {
  readonly begin: () => Promise<boolean>;
  readonly isBegun: () => boolean;
  /** It was not this question’s to take: another process may be at it. */
  readonly isDenied: () => boolean;
  /** The attempt as whoever was asked about it knew it. */
  readonly askedWhen: () => Attempt;
}

/** The gateway does it once, however often it is asked for it. */
const REPEATABLE = { usesNumber: false } as const;

export function planCapture(deps: Pick<Deps, 'store' | 'clock'>, attempt: Attempt): Capture {
  let movingSince: number | null = null;
  let isDenied = false;
  return {
    async begin() {
      const now = deps.clock.now();
      const mayTake = await deps.store.beginCharge(attempt.id, REPEATABLE, now);
      if (mayTake) movingSince = now;
      else isDenied = true;
      return mayTake;
    },
    isBegun: () => movingSince !== null,
    isDenied: () => isDenied,
    askedWhen: () => (movingSince === null ? attempt : { ...attempt, movingSince }),
  };
}

export interface CaptureFailure {
  readonly mayChooseAgain: boolean;
  /** The gateway has said what came of it, and it could not be written down: it is told again when it is asked. */
  readonly isAnswered: boolean;
  readonly error: unknown;
}

/** The call failed: certainly without effect, or its outcome is asked for within seconds. */
export async function endCapture(
  deps: Deps,
  attempt: Attempt,
  { mayChooseAgain, isAnswered, error }: CaptureFailure,
): Promise<void> {
  if (isAnswered || !hadNoEffect(error)) return planSettling(deps, attempt);
  await reportFacts(deps, {
    attemptId: attempt.id,
    facts: [{ type: 'continued' }],
    source: 'gateway.request',
    mayChooseAgain,
  });
}
