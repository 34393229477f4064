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
  const log = createLog({
    level: config.logLevel,
    now: Date.now,
    write: (line) => {
      file.write(line);
      if (echo) process.stderr.write(`${line}\n`);
    },
  });
  return { log, close: () => file.close() };
}
