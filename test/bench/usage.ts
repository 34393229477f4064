import { readFileSync } from 'node:fs';

/** What a process has used so far, as Linux counts it. */
export interface Usage {
  readonly cpuMicros: number;
  /** Bytes that had to go to the disk. */
  readonly written: number;
  /** Bytes handed to write(), to the log and to sockets as well, however often the same page. */
  readonly handed: number;
}

/** Linux counts processor time in hundredths of a second for every reader of /proc. */
const TICK_MICROS = 10_000;

export function readUsage(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in parentheses and may hold spaces; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const io = readFileSync(`/proc/${pid}/io`, 'utf8');
  const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? Number.NaN);
  return {
    cpuMicros: (Number(fields[11]) + Number(fields[12])) * TICK_MICROS,
    written: count('write_bytes'),
    handed: count('wchar'),
  };
}

/** Spent between two readings, for each of `count` requests. */
export function usagePer(before: Usage, after: Usage, count: number): Usage {
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / count,
    written: (after.written - before.written) / count,
    handed: (after.handed - before.handed) / count,
  };
}

export function memoryMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
