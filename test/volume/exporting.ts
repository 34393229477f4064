import { readFileSync } from 'node:fs';
import { MASTER_KEY, type TestApp } from '../support/app.ts';
import { signInOwner } from '../support/desk.ts';

/** What it costs to write a list out: in a process of its own, as the program would serve it, without its background work. */
export interface Exported {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Most memory of the process that wrote, and what it had before. */
  readonly peakMb: number;
  readonly beforeMb: number;
  /** How long a health probe waited meanwhile, and before; milliseconds. */
  readonly probeP99: number;
  readonly probeSlowest: number;
  readonly quietP99: number;
}

const PROBE_EVERY_MS = 20;
const QUIET_MS = 3000;

export async function measureExport(app: TestApp, path: string): Promise<Exported> {
  // Sessions are looked at with the machine's clock there.
  app.clock.set(Date.now());
  const owner = await signInOwner(app);
  const cookie = [...owner.cookies, ['paycore_view', '0.live.zh-tw']]
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  const { PATH = '' } = process.env;
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/exporter.ts`], {
    env: {
      ...{ PATH, PAYCORE_DATA_DIR: app.folder, PAYCORE_MASTER_KEY: MASTER_KEY },
      ...{ PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error' },
    },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  try {
    const url = (await readLine(child.stdout)).trim();
    const quiet = await probe(url, Bun.sleep(QUIET_MS));
    const beforeMb = memoryOf(child.pid).now;
    const begun = performance.now();
    const download = drain(`${url}${path}`, cookie);
    const busy = await probe(url, download);
    const { rows, bytes } = await download;
    return {
      ...{ rows, bytes, beforeMb, seconds: (performance.now() - begun) / 1000, peakMb: memoryOf(child.pid).most },
      ...{ probeP99: at(busy, 0.99), probeSlowest: at(busy, 1), quietP99: at(quiet, 0.99) },
    };
  } finally {
    child.kill();
    await child.exited;
  }
}

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('\n')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the exporter said "${text}" and ended`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

async function drain(url: string, cookie: string): Promise<{ readonly rows: number; readonly bytes: number }> {
  const response = await fetch(url, { headers: { cookie } });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  let [lines, bytes] = [0, 0];
  for await (const part of response.body) {
    bytes += part.length;
    for (const byte of part) if (byte === 10) lines += 1;
  }
  return { rows: lines - 1, bytes };
}

/** Asks for health again and again until something else has ended. */
async function probe(url: string, until: Promise<unknown>): Promise<readonly number[]> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  until.then(end, end);
  const times: number[] = [];
  while (!isOver) {
    const start = performance.now();
    await (await fetch(`${url}/healthz`)).arrayBuffer();
    times.push(performance.now() - start);
    await Bun.sleep(PROBE_EVERY_MS);
  }
  return times.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
  return { now: read('VmRSS'), most: read('VmHWM') };
}
