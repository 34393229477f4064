import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../binary/support/binary.ts';
import { pointAt, serve } from '../binary/support/parties.ts';
import type { Commit } from './baseline.ts';
import type { FilledPayment } from './fill.ts';
import { fillBoth } from './filled.ts';
import type { LoadJob, LoadResult } from './load.ts';
import { runScript } from './script.ts';
import type { Shops } from './shops.ts';

/** The servers that are compared, each its own process, over the same payments. */

export interface Measured {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface PayCore extends Measured {
  readonly apiKey: string;
}

export interface Installation {
  readonly payments: readonly FilledPayment[];
  readonly paycore: PayCore;
  readonly single: Measured;
  /** Null where nobody asks it anything. */
  readonly group: Measured | null;
  stop(): Promise<void>;
}

/** No gateway is asked anything: all looks are an hour away. */
const NOWHERE = 'http://127.0.0.1:9';

export const SERVER_ENV = {
  ...pointAt(NOWHERE),
  PAYCORE_LOG_LEVEL: 'info',
  // One key and one address ask as much as all shops and payers of the world.
  PAYCORE_RATE_LIMIT: 'off',
};

/** The same payments in PayCore and in the servers written by hand. `reuse`: see filled.ts. */
export async function install(
  rows: number,
  shops: Shops,
  commits: readonly Commit[],
  reuse: string | null = null,
): Promise<Installation> {
  const folder = makeFolder('bench');
  const { dataDir, baseline, apiKey, payments } = await fillBoth(folder, rows, shops, reuse);
  const file = (commit: Commit) => (commit === 'single' ? baseline : join(folder, `${commit}.db`));
  for (const commit of commits) if (commit !== 'single') copyFileSync(baseline, file(commit));
  const { port, process } = await serve(dataDir, SERVER_ENV);
  const [single, group] = await Promise.all([
    startBaseline(file('single'), 'single'),
    commits.includes('group') ? startBaseline(file('group'), 'group') : null,
  ]);
  return {
    payments,
    paycore: { port, pid: process.pid, apiKey, stop: async () => void (await process.kill('SIGTERM')) },
    single,
    group,
    async stop() {
      await Promise.all([process.kill('SIGTERM'), single.stop(), group?.stop()]);
    },
  };
}

/** Ended with the bench, however it ends. */
const baselines = new Set<Measured>();

export async function stopBaselines(): Promise<void> {
  await Promise.all([...baselines].map((one) => one.stop()));
}

async function startBaseline(path: string, commit: Commit): Promise<Measured> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'baseline.ts'), path, commit], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const port = Number(/listening (\d+)/.exec(new TextDecoder().decode(value))?.[1]);
  const server: Measured = {
    port,
    pid: child.pid,
    async stop() {
      baselines.delete(server);
      child.kill('SIGTERM');
      await child.exited;
    },
  };
  baselines.add(server);
  return server;
}

/** Sends the requests from the load generator; every answer has to be the expected one. */
export async function load(job: LoadJob): Promise<LoadResult> {
  const result: LoadResult = JSON.parse(await runScript('load.ts', job));
  if (result.bad > 0) throw new Error(`${result.bad} of ${job.requests.length} answers are wrong: ${result.firstBad}`);
  return result;
}
