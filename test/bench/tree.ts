import { readFileSync } from 'node:fs';

/** Processor time of a process and of all it has made, in seconds: of those that ended too, once it has waited for them. */
export function readTreeSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return [
    readSeconds(pid, ['own', 'ended']),
    ...children.map((child) => {
      try {
        return readSeconds(child, ['own']);
      } catch {
        // It ended in this moment.
        return 0;
      }
    }),
  ].reduce((sum, seconds) => sum + seconds, 0);
}

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;
/** Of user and system; their places after the name of the program, which stands in parentheses and may hold spaces. */
const PLACES = { own: [11, 12], ended: [13, 14] } as const;

export function readSeconds(pid: number, kinds: readonly (keyof typeof PLACES)[] = ['own']): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return kinds.flatMap((kind) => PLACES[kind]).reduce((sum, place) => sum + Number(fields[place]), 0) / TICKS;
}
