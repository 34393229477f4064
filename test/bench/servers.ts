import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../binary/support/binary.ts';
import { createKey, pointAt, serve } from '../binary/support/parties.ts';
import { type Commit, fillBaseline } from './baseline.ts';
import type { FilledPayment, FillJob } from './fill.ts';
import type { LoadJob, LoadResult } from './load.ts';
import { type Shops, TURNS } from './shops.ts';

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

export interface Filled {
  readonly dataDir: string;
  readonly apiKey: string;
  readonly payments: readonly FilledPayment[];
}

/** A data directory of PayCore with so many pending payments, whose shops take turns. */
export async function fillPayCore(rows: number, shops: Shops): Promise<Filled> {
  const dataDir = makeFolder('bench');
  const { api_key: apiKey } = await createKey(dataDir, 'bench');
  using memory = openMemory();
  cpSync(dataDir, memory.path, { recursive: true });
  const out = join(memory.path, 'payments.json');
  const job: FillJob = {
    dataDir: memory.path,
    project: 'bench',
    count: rows,
    payokUrls: TURNS.map((name) => shops[name].url),
    out,
  };
  await runScript('fill.ts', job);
  copyFileSync(join(memory.path, 'paycore.db'), join(dataDir, 'paycore.db'));
  return { dataDir, apiKey, payments: JSON.parse(readFileSync(out, 'utf8')) };
}

const MEMORY = '/dev/shm';

/** A folder in memory, where the machine has one: nothing of what is filled in has to survive a power cut. */
function openMemory(): Disposable & { readonly path: string } {
  const path = existsSync(MEMORY) ? mkdtempSync(join(MEMORY, 'paycore-bench-')) : makeFolder('fill');
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The same payments in PayCore and in the servers written by hand. */
export async function install(rows: number, shops: Shops, commits: readonly Commit[]): Promise<Installation> {
  const { dataDir, apiKey, payments } = await fillPayCore(rows, shops);
  const { port, process } = await serve(dataDir, SERVER_ENV);
  const folder = makeFolder('baseline');
  const file = (commit: Commit) => join(folder, `${commit}.db`);
  using memory = openMemory();
  const filled = join(memory.path, 'baseline.db');
  fillBaseline(filled, payments);
  for (const commit of commits) copyFileSync(filled, file(commit));
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

/** Runs a script of this folder as a process of its own, with its job in a file; gives what it prints. */
export async function runScript(script: string, job: unknown): Promise<string> {
  const file = join(makeFolder('job'), 'job.json');
  await Bun.write(file, JSON.stringify(job));
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${script} failed`);
  return output;
}

/** Sends the requests from the load generator; every answer has to be the expected one. */
export async function load(job: LoadJob): Promise<LoadResult> {
  const result: LoadResult = JSON.parse(await runScript('load.ts', job));
  if (result.bad > 0) throw new Error(`${result.bad} of ${job.requests.length} answers are wrong: ${result.firstBad}`);
  return result;
}
