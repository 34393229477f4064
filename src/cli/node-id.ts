import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { nodeIdPathOf } from '../config/data-files.ts';
import { drawText } from '../core/ids.ts';
import { SEPARATOR } from '../core/node.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const FORM = /^[a-z0-9]{16}$/;

/**
 * The name of a process that serves from this directory: the directory's own, and one that every start has another of. One
 * process at a time serves from a directory, so whoever had its name before is gone. To be called by who holds it.
 */
export function nameProcess(dataDir: string): string {
  return `${readPlace(nodeIdPathOf(dataDir))}${SEPARATOR}${drawText(randomBytes, LETTERS, 16)}`;
}

function readPlace(path: string): string {
  const known = attempt(() => readFileSync(path, 'utf8').trim());
  if (known !== null && FORM.test(known)) return known;
  const made = drawText(randomBytes, LETTERS, 16);
  // Where nothing can be kept, every start is another node, and what the last one had is free after a while.
  attempt(() => writeFileSync(path, `${made}\n`, { mode: 0o600 }));
  return made;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
