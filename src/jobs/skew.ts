import type { Deps } from '../deps.ts';
import type { Job } from './job.ts';

type Parts = Pick<Deps, 'clock' | 'clockSkew' | 'store' | 'nodeName'>;

/** Puts a clock that differs from the gateways' before a person, and takes it back when it is right again. */
export function createSkewJob({ clock, clockSkew, store, nodeName }: Parts): Job {
  /** Null: what a process before this one has said may still stand. */
  let isSaid: boolean | null = null;
  const isOff = () => clockSkew() !== null;
  // Each machine has a clock of its own; those of nodes that are gone are closed by whoever takes them over.
  const subject = store.isShared ? nodeName : '';

  return {
    name: 'skew',
    nextDue: async () => (isOff() === isSaid ? null : clock.now()),
    async run() {
      const skew = clockSkew();
      const now = clock.now();
      const data = { seconds: Math.round((skew ?? 0) / 1000), ...(subject === '' ? {} : { node: subject }) };
      // As an installation has it that had one machine.
      if (isSaid === null && subject !== '') await store.closeTrouble('clock_skew', '', now);
      if (skew === null) await store.closeTrouble('clock_skew', subject, now);
      else await store.raiseTrouble({ kind: 'clock_skew', subject, data, since: now });
      isSaid = skew !== null;
    },
  };
}
