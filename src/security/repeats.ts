import { MINUTE } from '../core/time.ts';
import type { Log, LogFields } from '../log.ts';

/**
 * What is said again and again: the first few times within a minute it is said, then it is counted, and the count is told
 * once the minute is over. Nobody can push everything else out of the log.
 */
export interface RepeatOptions {
  /** So often it is said in each minute. */
  readonly atFirst: number;
  /** Milliseconds since the epoch; may jump. */
  readonly now: () => number;
  /** Things that are told apart, 1,000 unless given; what is beyond them is counted as one. */
  readonly maxKeys?: number;
}

interface Entry {
  readonly since: number;
  said: number;
  left: number;
  readonly tell: (count: number) => void;
}

const OTHERS = '';

export function createRepeats({ atFirst, now, maxKeys = 1000 }: RepeatOptions) {
  const entries = new Map<string, Entry>();

  /** A minute is over, also when the clock was put back. The oldest stand first. */
  const tellOver = (at: number): void => {
    for (const [key, { since, left, tell }] of entries) {
      if (at >= since && at - since < MINUTE) break;
      entries.delete(key);
      if (left > 0) tell(left);
    }
  };

  return {
    /** True: say it. False: it was counted, and `tell` is called with the count later. */
    maySay(key: string, tell: (count: number) => void): boolean {
      const at = now();
      tellOver(at);
      const name = entries.has(key) || entries.size < maxKeys ? key : OTHERS;
      const entry = entries.get(name) ?? { since: at, said: 0, left: 0, tell };
      entries.set(name, entry);
      const isSaid = entry.said < atFirst;
      if (isSaid) entry.said += 1;
      else entry.left += 1;
      return isSaid;
    },
  };
}

/** So many warnings, or errors, of one wording a minute are written down. */
const LINES_A_MINUTE = 60;

/** A log in which no warning and no error takes more than its share of the lines. What went well is always told. */
export function limitRepeats(log: Log, now: () => number): Log {
  const repeats = createRepeats({ atFirst: LINES_A_MINUTE, now });
  const build = (inner: Log): Log => {
    const at = (level: 'warn' | 'error') => (message: string, fields?: LogFields) => {
      const tell = (repeated: number) => log[level](message, { repeated });
      if (repeats.maySay(`${level} ${message}`, tell)) inner[level](message, fields);
    };
    return { ...inner, warn: at('warn'), error: at('error'), child: (fields) => build(inner.child(fields)) };
  };
  return build(log);
}
