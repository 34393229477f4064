import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../../src/developers/types.ts';
import { makeFolder, ROOT } from './binary.ts';
import type { Finished } from './process.ts';

/** Samples as somebody runs who has pasted them into a file. */

const RUNNERS = join(ROOT, 'test/support/runners');

interface Runtime {
  readonly isThere: boolean;
  readonly end: string;
  /** What stands before a block that is no whole file. */
  readonly before: string;
  /** Runs one file. */
  readonly command: readonly string[];
  /** Runs many in one process; null: each is one of its own. */
  readonly runner: readonly string[] | null;
}

/** A machine that checks everything has them all, or says so; elsewhere what is missing is left out. */
const isAsked = process.env.CI !== undefined;
const hasLaravel = Bun.which('php') !== null && existsSync('/usr/share/php/Illuminate/Http/Client/Factory.php');

export const RUNTIMES: Readonly<Record<Language, Runtime>> = {
  curl: { isThere: isAsked || Bun.which('curl') !== null, end: 'sh', before: '', command: ['sh'], runner: null },
  node: { isThere: true, end: 'mjs', before: '', command: ['node'], runner: ['node', join(RUNNERS, 'run.mjs')] },
  php: {
    isThere: isAsked || hasLaravel,
    end: 'php',
    before: '<?php\n',
    command: ['php', '-d', `auto_prepend_file=${join(RUNNERS, 'laravel.php')}`],
    runner: ['php', join(RUNNERS, 'run.php')],
  },
  python: {
    isThere: isAsked || Bun.which('python3') !== null,
    end: 'py',
    before: '',
    command: ['python3', '-B'],
    runner: ['python3', '-B', join(RUNNERS, 'run.py')],
  },
};

export interface Block {
  readonly code: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What it printed, and why it failed; empty: it did not. */
export interface Ran {
  readonly output: string;
  readonly error: string;
}

/** Runs blocks to their ends; nothing of this process's environment reaches them but the path. */
export async function runBlocks(language: Language, blocks: readonly Block[]): Promise<readonly Ran[]> {
  const { runner } = RUNTIMES[language];
  if (runner === null) return inTurns(blocks, 4, (block) => runBlock(language, block));
  const folder = makeFolder('blocks');
  const files = blocks.map(({ code, env }, index) => ({ file: writeBlock(language, folder, index, code), env }));
  const { stdout, stderr } = await execute(runner, {}, JSON.stringify(files));
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== blocks.length) throw new Error(`${language} ended early: ${stdout.slice(-500)}\n${stderr}`);
  return lines.map((line) => JSON.parse(line) as Ran);
}

/** One in a process of its own. */
export async function runBlock(language: Language, { code, env }: Block, input = ''): Promise<Ran> {
  const file = writeBlock(language, makeFolder('block'), 0, code);
  const ended = await execute([...RUNTIMES[language].command, file], env, input);
  return { output: ended.stdout, error: ended.code === 0 ? '' : `${ended.code}: ${ended.stderr}${ended.stdout}` };
}

function writeBlock(language: Language, folder: string, index: number, code: string): string {
  const { end, before } = RUNTIMES[language];
  const file = join(folder, `block${index}.${end}`);
  writeFileSync(file, code.startsWith(before) ? code : before + code);
  return file;
}

export async function execute(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Finished> {
  const child = Bun.spawn([...command], {
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...env },
    stdin: new TextEncoder().encode(input),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, signal: child.signalCode, stdout, stderr };
}

/** Each of them, so many at a time. */
async function inTurns<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const entries = items.entries();
  const walk = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, walk));
  return results;
}
