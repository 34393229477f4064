import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createFileSink, createLog, type Log } from '../log.ts';

export interface ServerLog {
  readonly log: Log;
  close(): void;
}

/** JSON lines into `paycore.log` of the data directory and, with `echo`, to standard error. */
export function createServerLog(config: Config, echo: boolean): ServerLog {
  const file = createFileSink(join(config.dataDir, 'paycore.log'));
  let lines: string[] = [];
  const flush = (): void => {
    const text = lines.join('\n');
    lines = [];
    if (text === '') return;
    file.write(text);
    if (echo) process.stderr.write(`${text}\n`);
  };
  const log = createLog({
    level: config.logLevel,
    now: Date.now,
    // One write for all that a turn of the event loop had to say.
    write: (line) => {
      if (lines.push(line) === 1) setImmediate(flush);
    },
  });
  return {
    log,
    close: () => {
      flush();
      file.close();
    },
  };
}
