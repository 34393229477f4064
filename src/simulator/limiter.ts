import { MINUTE_MS } from './clock.ts';

export interface QueryLimit {
  /** 0 = no limit. */
  readonly queriesPerMinute: number;
  readonly restSeconds: number;
}

/**
 * ECPay answers 403 for half an hour to whoever asks too often, without saying how often that is (ECPay developer
 * documentation, pages 2858 and 2890). Integrators who keep 200 ms between two queries report no trouble.
 */
export const standardLimit: QueryLimit = { queriesPerMinute: 300, restSeconds: 30 * 60 };

export interface Limiter {
  /** False when the merchant has to rest; only merchants the simulator knows may be asked about. */
  admit(merchantId: string, now: number): boolean;
  limit(): QueryLimit;
  /** Also ends every rest. */
  change(limit: QueryLimit): void;
  resting(now: number): { merchantId: string; until: number }[];
  reset(): void;
}

export function openLimiter(given: QueryLimit): Limiter {
  let limit = given;
  const recent = new Map<string, readonly number[]>();
  const rests = new Map<string, number>();
  const forget = () => {
    recent.clear();
    rests.clear();
  };
  return {
    admit: (merchantId, now) => {
      if (limit.queriesPerMinute === 0) return true;
      if ((rests.get(merchantId) ?? 0) > now) return false;
      const times = [...(recent.get(merchantId) ?? []).filter((at) => at > now - MINUTE_MS), now];
      if (times.length <= limit.queriesPerMinute) {
        recent.set(merchantId, times);
        return true;
      }
      recent.delete(merchantId);
      rests.set(merchantId, now + limit.restSeconds * 1000);
      return false;
    },
    limit: () => limit,
    change: (wanted) => {
      limit = wanted;
      forget();
    },
    resting: (now) =>
      [...rests].filter(([, until]) => until > now).map(([merchantId, until]) => ({ merchantId, until })),
    reset: () => {
      limit = given;
      forget();
    },
  };
}
