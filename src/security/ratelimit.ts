import ipaddr from 'ipaddr.js';

export interface RateLimiter {
  /** Takes one from the key's allowance. `retryAfterMs` is 0 when allowed, else how long until one is there again. */
  take(key: string): { readonly allowed: boolean; readonly retryAfterMs: number };
}

export interface RateLimitOptions {
  /** How many at once, and how many per window in the long run. At least 1. */
  readonly limit: number;
  readonly windowMs: number;
  /** Milliseconds since the epoch; may jump. */
  readonly now: () => number;
  /** Keys kept in memory, 10,000 unless given; the one unused for longest is forgotten first. */
  readonly maxKeys?: number;
}

interface Bucket {
  tokens: number;
  updatedAt: number;
}

/** What adding up parts of a token may leave behind. */
const ROUNDING = 1e-9;

/** One token bucket a key. */
export function createRateLimiter({ limit, windowMs, now, maxKeys = 10_000 }: RateLimitOptions): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const perMs = limit / windowMs;

  const find = (key: string, at: number): Bucket => {
    const bucket = buckets.get(key) ?? { tokens: limit, updatedAt: at };
    bucket.tokens = Math.min(limit, bucket.tokens + Math.max(0, at - bucket.updatedAt) * perMs);
    bucket.updatedAt = at;
    // A map keeps the order of insertion: taken out and put back, the key is the youngest.
    buckets.delete(key);
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    take(key) {
      const bucket = find(key, now());
      if (buckets.size > maxKeys) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      if (bucket.tokens < 1 - ROUNDING)
        return { allowed: false, retryAfterMs: Math.ceil((1 - ROUNDING / 2 - bucket.tokens) / perMs) };
      bucket.tokens = Math.max(0, bucket.tokens - 1);
      return { allowed: true, retryAfterMs: 0 };
    },
  };
}

/** What stands for one client: an IPv4 address, or the /64 that an IPv6 subscriber has to himself. */
export function clientKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
