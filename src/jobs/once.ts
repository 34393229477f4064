import type { Deps } from '../deps.ts';

type Parts = Pick<Deps, 'store' | 'clock' | 'processId'>;

/**
 * Runs what one node does for all, once in this time, whichever node comes first. True: it was done here. When it fails, the
 * next that comes may do it.
 */
export async function runForAll(
  { store, clock, processId: owner }: Parts,
  name: string,
  everyMs: number,
  work: () => Promise<void>,
): Promise<boolean> {
  // Where one process alone serves, it is the one.
  if (!store.isShared) {
    await work();
    return true;
  }
  // A little shorter: who did it comes again after exactly that time, and must not find his own claim.
  if (!(await store.claim({ name, owner, now: clock.now(), leaseMs: Math.round(everyMs * 0.9) }))) return false;
  try {
    await work();
    return true;
  } catch (error) {
    await store.release(name, owner).catch(() => undefined);
    throw error;
  }
}
