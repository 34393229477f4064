import type { Clock } from '../../core/time.ts';

/** Figures that many ask for and that may be some seconds old: those who ask at once share what is being computed. */
export function createCache<T>(clock: Pick<Clock, 'elapsed'>, lifetimeMs: number, most = 1000) {
  const kept = new Map<string, { readonly until: number; readonly data: Promise<T> }>();

  return {
    get(key: string, compute: () => Promise<T>): Promise<T> {
      const now = clock.elapsed();
      const known = kept.get(key);
      if (known && known.until > now) return known.data;
      if (kept.size >= most) kept.clear();
      const data = compute();
      kept.set(key, { until: now + lifetimeMs, data });
      // Who asks next shall not be told the same failure.
      data.catch(() => {
        if (kept.get(key)?.data === data) kept.delete(key);
      });
      return data;
    },
    /** Something has changed: what is asked for next is computed anew. */
    clear: () => kept.clear(),
  };
}
