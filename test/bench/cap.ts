import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps a process to a part of one core, so that it is what limits, not the machine it shares with the database and the load
 * generator. By a control group where this user may make one, else by stopping and continuing it.
 */
export interface Cap {
  readonly how: string;
  /** Takes the cap away. */
  lift(): void;
}

/** Short, so that a process that has used up its part waits for some milliseconds only. */
const PERIOD_US = 10_000;

const GROUPS: readonly {
  readonly how: string;
  readonly root: string;
  readonly write: (folder: string, share: number) => void;
}[] = [
  {
    how: 'cgroup v1, cpu.cfs_quota_us',
    root: '/sys/fs/cgroup/cpu',
    write: (folder, share) => {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(Math.round(PERIOD_US * share)));
    },
  },
  {
    how: 'cgroup v2, cpu.max',
    root: '/sys/fs/cgroup',
    write: (folder, share) => writeFileSync(join(folder, 'cpu.max'), `${Math.round(PERIOD_US * share)} ${PERIOD_US}`),
  },
];

/** `share`: of one core. */
export function cap(pid: number, share: number): Cap {
  for (const { how, root, write } of GROUPS) {
    const folder = join(root, `paycore-bench-${pid}`);
    try {
      if (!existsSync(join(root, 'cgroup.procs'))) continue;
      mkdirSync(folder);
      write(folder, share);
      writeFileSync(join(folder, 'cgroup.procs'), String(pid));
      return { how, lift: () => leave(root, folder) };
    } catch {
      if (existsSync(folder)) rmdirSync(folder);
    }
  }
  return capByPauses(pid, share);
}

/** A group goes when nobody is in it any more. */
function leave(root: string, folder: string): void {
  for (const pid of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
    writeFileSync(join(root, 'cgroup.procs'), pid);
  rmdirSync(folder);
}

const SLICE_MS = 20;

/** Counts what the process is awake, not what it uses: who waits for the database meanwhile loses that time. */
function capByPauses(pid: number, share: number): Cap {
  let over = false;
  const send = (signal: 'SIGSTOP' | 'SIGCONT') => {
    try {
      process.kill(pid, signal);
    } catch {
      over = true;
    }
  };
  const walk = async () => {
    while (!over) {
      send('SIGSTOP');
      await Bun.sleep(SLICE_MS * (1 - share));
      send('SIGCONT');
      await Bun.sleep(SLICE_MS * share);
    }
  };
  void walk();
  return {
    how: `SIGSTOP and SIGCONT in slices of ${SLICE_MS} ms`,
    lift: () => {
      over = true;
      send('SIGCONT');
    },
  };
}
