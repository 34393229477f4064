import ipaddr from 'ipaddr.js';

export interface RateLimiter {
  /** Takes one from the key's allowance. */
  take(key: string): Allowance;
  /** Nothing is left of it; asking takes nothing. */
  isUsedUp(key: string): boolean;
}

/** What came of asking, and what is left. */
export interface Allowance {
  readonly allowed: boolean;
  readonly remaining: number;
  /** 0 when allowed, else how long until one is there again. */
  readonly retryAfterMs: number;
  /** Until nothing is missing any more. */
  readonly fullAfterMs: number;
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
    isUsedUp(key) {
      const bucket = buckets.get(key);
      return bucket !== undefined && bucket.tokens + Math.max(0, now() - bucket.updatedAt) * perMs < 1 - ROUNDING;
    },
    take(key) {
      const bucket = find(key, now());
      if (buckets.size > maxKeys) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      const allowed = bucket.tokens >= 1 - ROUNDING;
      const retryAfterMs = allowed ? 0 : Math.ceil((1 - ROUNDING / 2 - bucket.tokens) / perMs);
      if (allowed) bucket.tokens = Math.max(0, bucket.tokens - 1);
      return {
        allowed,
        remaining: Math.floor(bucket.tokens + ROUNDING),
        retryAfterMs,
        fullAfterMs: Math.ceil((limit - bucket.tokens) / perMs),
      };
    },
  };
}

/** As a socket writes it; what is mapped into IPv6 comes from a socket that listens on both. */
const PLAIN_IPV4 = /^(?:::ffff:)?((?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2}))$/i;
/** Longer than any address: what is none must not fill the memory. */
const MAX_KEY = 64;

/** What stands for one client: an IPv4 address, or the /64 that an IPv6 subscriber has to himself. */
export function clientKey(address: string): string {
  // Nearly every request: parsing costs ten times as much as recognising.
  const plain = PLAIN_IPV4.exec(address)?.[1];
  if (plain !== undefined) return plain;
  if (address.length > MAX_KEY || !ipaddr.isValid(address)) return address.slice(0, MAX_KEY);
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
