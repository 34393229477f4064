import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { HOUR } from '../core/time.ts';
import { type BackupFacts, BackupFailure } from '../payments/backups/facts.ts';
import type { MakeBackup } from '../payments/backups/index.ts';

/** Far longer than any database takes that fits on one machine. */
const LONGEST_MS = 2 * HOUR;

/**
 * Makes backups in a process of its own, by the very command that people have for it: copying and checking a large database
 * takes minutes, in which requests are answered as usual, and it goes after them where there is one processor for both.
 */
export function backUpInProcess({ dataDir }: Pick<Config, 'dataDir'>): MakeBackup {
  return async (file) => {
    const child = Bun.spawn([...selfCommand(), 'backup', file, '--json'], {
      env: { ...process.env, PAYCORE_DATA_DIR: resolve(dataDir), PAYCORE_DATABASE_URL: '' },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      timeout: LONGEST_MS,
    });
    putBehind(child.pid);
    const stopFlushing = flushAlong(`${file}.${child.pid}.unfinished`);
    const [out, problem, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]).finally(stopFlushing);
    if (code === 0) return JSON.parse(out) as BackupFacts;
    throw new BackupFailure(readProblem(problem) || `it ended with ${child.signalCode ?? code}`);
  };
}

const FLUSH_EVERY_MS = 200;

/**
 * Flushed in one piece at its end, a large file would keep every commit waiting that comes meanwhile; flushed as it grows,
 * each for a moment only. Off this thread, and it matters to nobody when it cannot be done.
 */
function flushAlong(path: string): () => void {
  let isBusy = false;
  const flush = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    const file = await open(path, 'r').catch(() => null);
    await file?.datasync().catch(() => {});
    await file?.close().catch(() => {});
    isBusy = false;
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  return () => clearInterval(timer);
}

/** The binary, or in development the runtime with our entry. */
function selfCommand(): readonly string[] {
  const entry = join(import.meta.dir, '../main.ts');
  return existsSync(entry) ? [process.execPath, entry] : [process.execPath];
}

function putBehind(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Over already, or not allowed here: then it takes its share like everybody else.
  }
}

function readProblem(text: string): string {
  return (
    text
      .trim()
      .replace(/^paycore: /, '')
      .split('\n')[0] ?? ''
  );
}
