/**
 * So many tries at once, and then one after each interval. Kept as one instant, that at which nothing is missing any more
 * (the "generic cell rate algorithm"): a row of one number, which is forgotten when that instant has gone by.
 */
export interface Allowance {
  readonly burst: number;
  readonly everyMs: number;
}

/** When nothing will be missing, after one more was taken; or how long until one may be. */
export type Taken = { readonly fullAt: number } | { readonly waitMs: number };

/** `fullAt`: as it was kept; null when nothing is missing. */
export function takeOne({ burst, everyMs }: Allowance, fullAt: number | null, now: number): Taken {
  // A clock that was put back must not lock anybody out for longer than the allowance does.
  const from = Math.min(Math.max(fullAt ?? now, now), now + burst * everyMs);
  const next = from + everyMs;
  const waitMs = next - now - burst * everyMs;
  return waitMs > 0 ? { waitMs } : { fullAt: next };
}
