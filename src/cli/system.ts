import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { createProgram, type Ports, type Program } from '../program.ts';
import { openData } from './open.ts';

/** Time and chance of the machine. */
export const SYSTEM: Pick<Ports, 'clock' | 'random' | 'sleep'> = {
  clock: { now: Date.now, elapsed: () => performance.now() },
  random: randomBytes,
  sleep: (ms) => Bun.sleep(ms),
};

/** What payers and gateways see; `port` is what the server listens on. */
export function publicUrlOf({ publicUrl, tls }: Config, port: number): string {
  return publicUrl ?? `${tls ? 'https' : 'http'}://localhost:${port}`;
}

/** The program without a socket, over the data that a server may be serving; a command tells its user what is wrong itself. */
export async function openProgram(config: Config): Promise<Program> {
  const opened = await openData(config);
  const log = createLog({ level: config.logLevel, now: SYSTEM.clock.now, write: () => {} });
  return createProgram(config, {
    ...opened,
    ...SYSTEM,
    log,
    publicUrl: publicUrlOf(config, config.port),
    peerOf: () => null,
  });
}
