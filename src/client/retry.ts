import { ConnectionError, PayCoreError } from './errors.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/**
 * Everything that is sent can be sent again: reads change nothing, and each POST carries the same Idempotency-Key on
 * every try. A try is worth it where the next may find things otherwise. After a gateway that did not answer in time
 * (504) the very same request is what PayCore wants: it settles what became of the first, and answers with that.
 */
const WORTH_ANOTHER = new Set([408, 429, 502, 503, 504]);

export function isWorthAnother(error: unknown): error is PayCoreError {
  return error instanceof PayCoreError && (error instanceof ConnectionError || WORTH_ANOTHER.has(error.status));
}

/**
 * Milliseconds before the next try: twice as long each time, with chance in it so that many shops do not come back in
 * one moment, and never earlier than the server asked for.
 *
 * @param failed number of tries so far
 * @param chance from 0 to below 1
 */
export function waitBefore(failed: number, retryAfter: number | null, chance: number): number {
  const usual = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failed - 1));
  return Math.max(Math.round(usual * (0.5 + chance / 2)), (retryAfter ?? 0) * 1000);
}

/** Rejects with the signal's reason as soon as that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
