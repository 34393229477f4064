import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Crew } from './crew.ts';
import type { Job } from './job.ts';

/** Questions to gateways whose time has come, each waiting behind what its own account is asked. */

/** Rows taken at a time: this many hold up nobody else noticeably. */
const BATCH = 128;
/** A look that dies with the process is made again after this at the latest. */
export const LOOK_LEASE_MS = 2 * MINUTE;

export interface Looks<T> {
  readonly name: string;
  findNext(): Promise<number | null>;
  /** Takes what is due; each is put off. `owner`: the process that will look. */
  claim(now: number, limit: number, leaseMs: number, owner: string): Promise<readonly T[]>;
  readonly crews: readonly Crew<T>[];
  crewOf(due: T): Crew<T>;
  accountOf(due: T): string;
  /** True when the gateway answered, null when it was not asked. */
  look(due: T): Promise<boolean | null>;
}

export interface LookJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

export function createLookJob<T>(deps: Pick<Deps, 'clock' | 'log' | 'processId'>, looks: Looks<T>): LookJob {
  const { clock, log, processId } = deps;
  const { name, crews } = looks;
  const isFull = () => crews.every((crew) => crew.isFull());

  const claim = async (): Promise<void> => {
    if (isFull()) return;
    const now = clock.now();
    const until = now + LOOK_LEASE_MS;
    for (const due of await looks.claim(now, BATCH, LOOK_LEASE_MS, processId)) {
      looks.crewOf(due).offer(looks.accountOf(due), due, { until, now, hasFailed: false });
    }
  };

  const look = (account: string, due: T): Promise<boolean | null> =>
    looks.look(due).catch((error) => {
      log.error('a look at a gateway could not be made', { job: name, account, error });
      return false;
    });

  return {
    name,
    async nextDue() {
      if (crews.some((crew) => crew.hasReady())) return clock.now();
      return isFull() ? null : looks.findNext();
    },
    async run() {
      await claim();
      for (const crew of crews) {
        for (const place of crew.takeSome()) crew.start(place, () => look(place.target, place.item));
      }
    },
    load() {
      const loads = crews.map((crew) => crew.load());
      return {
        waiting: loads.reduce((sum, { waiting }) => sum + waiting, 0),
        underWay: loads.reduce((sum, { underWay }) => sum + underWay, 0),
      };
    },
    async settled() {
      await Promise.all(crews.map((crew) => crew.settled()));
    },
  };
}

/** One set of credentials: who hangs at one account may answer at another. */
export function nameAccount({ gateway, credentialId }: { gateway: string; credentialId: number | null }): string {
  return `${gateway} ${credentialId}`;
}
