import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder, ROOT } from '../binary/support/binary.ts';
import { createKey } from '../binary/support/parties.ts';
import { fillBaseline } from './baseline.ts';
import type { FilledPayment, FillJob } from './fill.ts';
import { runScript } from './script.ts';
import { type Shops, TURNS } from './shops.ts';

/**
 * Data that is filled already. Filling takes longer than measuring, so a folder can be named that keeps it: a later run
 * with as many rows and the same schema copies it, for as long as no payment in it is due to be looked at.
 */
export interface Filled {
  readonly dataDir: string;
  readonly apiKey: string;
  readonly payments: readonly FilledPayment[];
}

export interface FilledBoth extends Filled {
  /** Database of the servers written by hand. */
  readonly baseline: string;
}

interface About {
  /** Of rows and schema. */
  readonly key: string;
  readonly filledAt: number;
  readonly apiKey: string;
  readonly payokUrls: readonly string[];
}

/** Payments are looked at an hour after their number was issued; a run must be over by then. */
const KEPT_MS = 45 * 60_000;

const urlsOf = (shops: Shops): readonly string[] => TURNS.map((name) => shops[name].url);

/** A data directory of PayCore with so many pending payments, whose shops take turns. */
export async function fillPayCore(dataDir: string, rows: number, shops: Shops): Promise<Filled> {
  const { api_key: apiKey } = await createKey(dataDir, 'bench');
  using memory = openMemory();
  cpSync(dataDir, memory.path, { recursive: true });
  const out = join(memory.path, 'payments.json');
  const job: FillJob = { dataDir: memory.path, project: 'bench', count: rows, payokUrls: urlsOf(shops), out };
  await runScript('fill.ts', job);
  // With what a close has left in the journal.
  for (const name of readdirSync(memory.path).filter((one) => one.startsWith('paycore.db')))
    copyFileSync(join(memory.path, name), join(dataDir, name));
  return { dataDir, apiKey, payments: JSON.parse(readFileSync(out, 'utf8')) };
}

const MEMORY = '/dev/shm';

/** A folder in memory, where the machine has one: nothing of what is filled in has to survive a power cut. */
function openMemory(): Disposable & { readonly path: string } {
  const path = existsSync(MEMORY) ? mkdtempSync(join(MEMORY, 'paycore-bench-')) : makeFolder('fill');
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Both databases in `folder`, filled now or copied from what `reuse` keeps. */
export async function fillBoth(folder: string, rows: number, shops: Shops, reuse: string | null): Promise<FilledBoth> {
  if (reuse === null) return fillAnew(folder, rows, shops);
  const about = readAbout(reuse);
  const usable =
    about?.key === keyOf(rows) &&
    Date.now() - about.filledAt < KEPT_MS &&
    about.payokUrls.join(' ') === urlsOf(shops).join(' ');
  if (!usable) await keep(reuse, rows, shops);
  cpSync(reuse, folder, { recursive: true });
  const payments: readonly FilledPayment[] = JSON.parse(readFileSync(join(reuse, 'payments.json'), 'utf8'));
  return { ...pathsIn(folder), apiKey: readAbout(folder)?.apiKey ?? '', payments };
}

async function fillAnew(folder: string, rows: number, shops: Shops): Promise<FilledBoth> {
  const { dataDir, baseline } = pathsIn(folder);
  const filled = await fillPayCore(dataDir, rows, shops);
  using memory = openMemory();
  const path = join(memory.path, 'baseline.db');
  fillBaseline(path, filled.payments);
  copyFileSync(path, baseline);
  return { ...filled, baseline };
}

const pathsIn = (folder: string) => ({ dataDir: join(folder, 'data'), baseline: join(folder, 'single.db') });

async function keep(reuse: string, rows: number, shops: Shops): Promise<void> {
  rmSync(join(reuse, 'about.json'), { force: true });
  rmSync(join(reuse, 'data'), { recursive: true, force: true });
  mkdirSync(reuse, { recursive: true });
  const filledAt = Date.now();
  const { apiKey, payments } = await fillAnew(reuse, rows, shops);
  writeFileSync(join(reuse, 'payments.json'), JSON.stringify(payments));
  const about: About = { key: keyOf(rows), filledAt, apiKey, payokUrls: urlsOf(shops) };
  // Last, since it says that all the rest is there.
  writeFileSync(join(reuse, 'about.json'), JSON.stringify(about));
}

function keyOf(rows: number): string {
  const schema = createHash('sha256');
  const folder = join(ROOT, 'migrations');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.sql')) schema.update(name).update(readFileSync(join(folder, name)));
  return `${rows} ${schema.digest('hex')}`;
}

function readAbout(folder: string): About | null {
  const path = join(folder, 'about.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Where the shops of kept payments listened: they have to be found there again. */
export function keptPorts(reuse: string | null): readonly number[] {
  const about = reuse === null ? null : readAbout(reuse);
  return about?.payokUrls.map((url) => Number(new URL(url).port)) ?? [];
}
