import { MINUTE_MS } from './clock.ts';

interface QueryLimit {
  /** 0 = no limit. */
  readonly queriesPerMinute: number;
  readonly restSeconds: number;
}

/**
 * ECPay answers 403 for half an hour to whoever asks too often, without saying how often that is (ECPay developer
 * documentation, pages 2858 and 2890). Integrators who keep 200 ms between two queries report no trouble.
 */
export const standardLimit: QueryLimit = { queriesPerMinute: 300, restSeconds: 30 * 60 };

export class Limiter {
  readonly #given: QueryLimit;
  readonly #recent = new Map<string, readonly number[]>();
  readonly #rests = new Map<string, number>();
  #limit: QueryLimit;

  constructor(given: QueryLimit) {
    this.#given = given;
    this.#limit = given;
  }

  get limit(): QueryLimit {
    return this.#limit;
  }

  /** False when the merchant has to rest; only merchants the simulator knows may be asked about. */
  admit(merchantId: string, now: number): boolean {
    const { queriesPerMinute, restSeconds } = this.#limit;
    if (queriesPerMinute === 0) return true;
    if ((this.#rests.get(merchantId) ?? 0) > now) return false;
    const times = [...(this.#recent.get(merchantId) ?? []).filter((at) => at > now - MINUTE_MS), now];
    if (times.length <= queriesPerMinute) {
      this.#recent.set(merchantId, times);
      return true;
    }
    this.#recent.delete(merchantId);
    this.#rests.set(merchantId, now + restSeconds * 1000);
    return false;
  }

  /** Also ends every rest. */
  change(limit: QueryLimit): void {
    this.#limit = limit;
    this.#recent.clear();
    this.#rests.clear();
  }

  reset(): void {
    this.change(this.#given);
  }

  resting(now: number): readonly (readonly [merchantId: string, until: number])[] {
    return [...this.#rests].filter(([, until]) => until > now);
  }
}
