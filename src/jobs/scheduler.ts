import { HOUR } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { leaveScope } from '../scope.ts';
import type { Job } from './job.ts';

/**
 * The one loop of background work: it sleeps until the next row is due, or until somebody says that work has come.
 */
export interface Scheduler {
  start(): void;
  /** Work may have become due. */
  wake(): void;
  /** Runs every job that is due once, or only those of these names. Tests call it with a clock of their own. */
  tick(only?: readonly string[]): Promise<void>;
  stop(): void;
}

/** A sleep is never longer than this: another process may have written a row. */
const LONGEST_SLEEP_MS = 5000;
/** Work that comes in a rush is taken up together. */
const GATHER_MS = 5;
/** A job that fails is not tried again at once. */
const AFTER_ERROR_MS = 1000;

export function createScheduler(jobs: readonly Job[], deps: Pick<Deps, 'clock' | 'log'>): Scheduler {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running = false;
  let soon = false;
  /** Work came while it was looked up when the next is due, and may not be in what was found. */
  let missed = false;
  let stopped = true;
  const tick = createTick(jobs, deps);

  const arm = (ms: number): void => {
    if (stopped) return;
    if (timer) clearTimeout(timer);
    // A request may have woken the loop; what it does from then on is nobody's request.
    timer = leaveScope(() => setTimeout(loop, ms));
  };

  const loop = async (): Promise<void> => {
    if (running || stopped) return;
    running = true;
    soon = false;
    try {
      await tick();
      missed = false;
      const time = await sleepTime(jobs, deps);
      arm(missed ? GATHER_MS : Math.max(time, GATHER_MS));
    } catch (error) {
      deps.log.error('background loop failed', { error });
      arm(AFTER_ERROR_MS);
    } finally {
      running = false;
    }
  };

  return {
    start() {
      stopped = false;
      arm(0);
    },
    wake() {
      missed = true;
      if (running || soon) return;
      soon = true;
      arm(GATHER_MS);
    },
    tick,
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Several loops that run beside each other. Work that comes is the first one's. */
export function joinSchedulers(first: Scheduler, ...others: readonly Scheduler[]): Scheduler {
  const all = [first, ...others];
  return {
    start() {
      for (const one of all) one.start();
    },
    wake: first.wake,
    async tick(only) {
      for (const one of all) await one.tick(only);
    },
    stop() {
      for (const one of all) one.stop();
    },
  };
}

/** Runs what is due, one job after the other. */
function createTick(jobs: readonly Job[], { clock, log }: Pick<Deps, 'clock' | 'log'>): Scheduler['tick'] {
  const notBefore = new Map<string, number>();

  const isDue = async (job: Job): Promise<boolean> => {
    const due = await job.nextDue();
    return due !== null && due <= clock.now() && (notBefore.get(job.name) ?? 0) <= clock.elapsed();
  };

  const runJob = async (job: Job): Promise<void> => {
    try {
      await job.run();
      notBefore.delete(job.name);
    } catch (error) {
      notBefore.set(job.name, clock.elapsed() + AFTER_ERROR_MS);
      log.error('background job failed', { job: job.name, error });
    }
  };

  return async (only) => {
    for (const job of jobs) if ((only?.includes(job.name) ?? true) && (await isDue(job))) await runJob(job);
  };
}

/** Until the next job is due. */
async function sleepTime(jobs: readonly Job[], { clock }: Pick<Deps, 'clock'>): Promise<number> {
  const all = await Promise.all(jobs.map((job) => job.nextDue()));
  const dues = all.filter((due) => due !== null);
  return Math.max(0, Math.min(LONGEST_SLEEP_MS, Math.min(...dues, Number.MAX_SAFE_INTEGER) - clock.now()));
}

/** How often old rows are looked for. */
export const PRUNE_EVERY_MS = HOUR;
