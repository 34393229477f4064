import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';

/** Puts a clock that differs from the gateways' before a person, and takes it back when it is right again. */
export function createSkewJob({ clock, clockSkew, store }: Pick<Deps, 'clock' | 'clockSkew' | 'store'>): Job {
  /** Null: what a process before this one has said may still stand. */
  let isSaid: boolean | null = null;
  const isOff = () => clockSkew() !== null;

  return {
    name: 'skew',
    nextDue: async () => (isOff() === isSaid ? null : clock.now()),
    async run() {
      const skew = clockSkew();
      const now = clock.now();
      const data = { seconds: Math.round((skew ?? 0) / 1000) };
      if (skew === null) await store.closeTrouble('clock_skew', '', now);
      else await store.raiseTrouble({ kind: 'clock_skew', subject: '', data, since: now });
      isSaid = skew !== null;
    },
  };
}
