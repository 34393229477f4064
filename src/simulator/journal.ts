import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SimulatorAccount } from './options.ts';
import type { Order } from './order.ts';

/** A line of the data file. For orders the last line per order counts. */
export type Entry =
  | { readonly type: 'order'; readonly order: Order }
  | { readonly type: 'account'; readonly account: SimulatorAccount }
  | { readonly type: 'used'; readonly key: string };

export interface Journal {
  read(): Entry[];
  append(entry: Entry): void;
  /** Replaces the whole file, so that it does not grow with every state change for ever. */
  rewrite(entries: Iterable<Entry>): void;
}

const entryTypes: readonly unknown[] = ['order', 'account', 'used'];

function parseLine(line: string): Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    const isKnown = typeof entry === 'object' && entry !== null && 'type' in entry && entryTypes.includes(entry.type);
    return isKnown ? [entry as Entry] : [];
  } catch {
    // A crash may leave half a last line.
    return [];
  }
}

const noJournal: Journal = { read: () => [], append: () => {}, rewrite: () => {} };

export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return noJournal;
  mkdirSync(dirname(path), { recursive: true });
  return {
    read: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(parseLine) : []),
    append: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`),
    rewrite: (entries) => {
      const draft = `${path}.new`;
      writeFileSync(draft, '');
      for (const entry of entries) appendFileSync(draft, `${JSON.stringify(entry)}\n`);
      renameSync(draft, path);
    },
  };
}
