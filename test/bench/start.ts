import { getBinary, makeFolder } from '../binary/support/binary.ts';
import { createKey } from '../binary/support/parties.ts';
import { median } from './rounds.ts';
import { memoryMb } from './usage.ts';

/** How soon the binary answers, and how much memory it takes while nobody asks it anything. */

const STARTS = 15;
const IDLE_MS = 5000;

/** From the start of the process to the first answer, data directory existing. */
export async function measureStart(): Promise<number> {
  const dataDir = makeFolder('start');
  await createKey(dataDir);
  const probe = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const port = Number(probe.port);
  await probe.stop(true);
  const times: number[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const begun = performance.now();
    const child = spawnServer(dataDir, port);
    while (!(await answers(port))) await Bun.sleep(0.5);
    times.push(performance.now() - begun);
    child.kill('SIGTERM');
    await child.exited;
  }
  return median(times);
}

/** Resident memory in MB, some seconds after the start. */
export async function measureIdle(): Promise<number> {
  const dataDir = makeFolder('idle');
  await createKey(dataDir);
  const child = spawnServer(dataDir, 0);
  await Bun.sleep(IDLE_MS);
  const used = memoryMb(child.pid);
  child.kill('SIGTERM');
  await child.exited;
  return used;
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
