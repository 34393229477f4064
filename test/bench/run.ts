/**
 * `npm run bench`: how PayCore compares with the same answers written by hand (see baseline.ts), measured in turns in one
 * run, and how fast and how large the binary is. The ratios are what counts; the figures depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { getBinary, makeFolder } from '../binary/support/binary.ts';
import { createKey, simulate } from '../binary/support/parties.ts';
import { stopAll } from '../binary/support/process.ts';
import { type Candidates, type Comparison, callbackRounds, median, pageRounds, queryRounds } from './rounds.ts';
import { makePayments, startBaseline, startPayCore } from './servers.ts';

const CALLBACKS = { rounds: 5, size: 2000 };
const READS = { rounds: 5, size: 5000 };
const IN_FLIGHT = 64;
const STARTS = 15;

const GOALS = { callbacks: 1.5, query: 0.5, startMs: 60, idleMb: 90 };

async function compare(): Promise<readonly Comparison[]> {
  const simulator = await simulate();
  const dataDir = makeFolder('bench');
  const key = await createKey(dataDir, 'bench');
  const paycore = await startPayCore(dataDir, simulator.url, key.api_key);
  const needed = (CALLBACKS.rounds + 1) * CALLBACKS.size;
  const open = {
    quiet: await makePayments(paycore, 'Q', needed, paycore.silentShop.url),
    live: await makePayments(paycore, 'L', needed, paycore.liveShop.url),
    code: await makePayments(paycore, 'C', 100, paycore.silentShop.url, 'cvs'),
    barcode: await makePayments(paycore, 'B', 100, paycore.silentShop.url, 'barcode'),
  };
  const baseline = await startBaseline(makeFolder('baseline'), [
    ...open.quiet,
    ...open.live,
    ...open.code,
    ...open.barcode,
  ]);
  const candidates: Candidates = { paycore, baseline, inFlight: IN_FLIGHT };
  const results = [
    await queryRounds(candidates, open.code, READS),
    await pageRounds(candidates, 'payer page, store code', open.code, READS),
    await pageRounds(candidates, 'payer page, barcodes', open.barcode, READS),
    await callbackRounds(candidates, 'callbacks, shop that answers', open.live, CALLBACKS, paycore.liveShop),
    await callbackRounds(candidates, 'callbacks, shop that hangs', open.quiet, CALLBACKS, null),
  ];
  console.log(`after the load: PayCore ${paycore.memoryMb()} MB, baseline ${baseline.memoryMb()} MB\n`);
  await paycore.stop();
  await baseline.stop();
  await simulator.process.kill('SIGTERM');
  return results;
}

/** From the start of the process to the first answer, data directory existing. */
async function measureStart(): Promise<number> {
  const dataDir = makeFolder('start');
  await createKey(dataDir);
  const probe = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  const times: number[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const begun = performance.now();
    const child = spawnServer(dataDir, Number(port));
    while (!(await answers(Number(port)))) await Bun.sleep(0.5);
    times.push(performance.now() - begun);
    child.kill('SIGTERM');
    await child.exited;
  }
  return median(times);
}

function spawnServer(dataDir: string, port: number) {
  return Bun.spawn([getBinary(), 'serve'], {
    cwd: makeFolder(),
    env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
}

async function measureIdle(): Promise<number> {
  const dataDir = makeFolder('idle');
  await createKey(dataDir);
  const child = spawnServer(dataDir, 0);
  await Bun.sleep(5000);
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0);
  child.kill('SIGTERM');
  await child.exited;
  return kilobytes / 1024;
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    );
  }
}

const verdict = (good: boolean) => (good ? 'met' : 'MISSED');

function goalOf({ name, ratio }: Comparison): string {
  if (name.startsWith('callbacks')) return `≥ ${GOALS.callbacks} ${verdict(ratio >= GOALS.callbacks)}`;
  if (name.startsWith('query')) return `≥ ${GOALS.query} ${verdict(ratio >= GOALS.query)}`;
  return '';
}

if (import.meta.main) {
  try {
    getBinary();
    const idleMb = await measureIdle();
    const startMs = await measureStart();
    const results = await compare();
    const perSecond = (value: number) => `${Math.round(value)}/s`;
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    printTable([
      ['median of rounds', 'PayCore', 'baseline', 'ratio', 'p50', 'p99', 'baseline p99', 'goal'],
      ...results.map((one) => [
        one.name,
        perSecond(one.paycore.rate),
        perSecond(one.baseline.rate),
        one.ratio.toFixed(2),
        ms(one.paycore.p50),
        ms(one.paycore.p99),
        ms(one.baseline.p99),
        goalOf(one),
      ]),
    ]);
    console.log(
      `\nfirst answer after ${startMs.toFixed(0)} ms (≤ ${GOALS.startMs} ${verdict(startMs <= GOALS.startMs)})`,
    );
    console.log(`idle memory ${idleMb.toFixed(0)} MB (≤ ${GOALS.idleMb} ${verdict(idleMb <= GOALS.idleMb)})`);
    console.log(
      `${IN_FLIGHT} requests in flight, ${cpus().length} cores, load generator and servers each a process of their own`,
    );
  } finally {
    await stopAll();
  }
}
