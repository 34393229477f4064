import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ActionError, parseRecord } from './http.ts';
import { limits } from './options.ts';

/** Named records of one kind, oldest first; in memory and in the data file. A record is a plain value and is replaced whole. */
export interface Shelf<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): T;
  /** Replaces what is there now; a record that is gone stays gone and answers undefined. */
  change(key: string, edit: (current: T) => T): T | undefined;
  drop(key: string): void;
  /** The newest that fits. */
  find(fits: (value: T) => boolean): T | undefined;
  newest(count: number): T[];
  entries(): [string, T][];
}

/** Puts a record that somebody made up, unless there are too many of them. */
export function putCapped<T>(shelf: Shelf<T>, key: string, value: T, cap = limits.accounts): T {
  if (!shelf.get(key) && shelf.entries().length >= cap) {
    throw new ActionError(409, 'TOO_MANY_ACCOUNTS', `At most ${cap} accounts.`);
  }
  return shelf.put(key, value);
}

const STANDARD_CAP = 20_000;
const COMPACT_FACTOR = 10;
const COMPACT_BASE = 10_000;

interface Line {
  readonly shelf: string;
  readonly key: string;
  /** Null: the record was dropped. */
  readonly value: unknown;
}

/** A crash may leave half a last line. */
function parseLine(text: string): Line[] {
  const { shelf, key, value } = parseRecord(text) ?? {};
  return typeof shelf === 'string' && typeof key === 'string' ? [{ shelf, key, value }] : [];
}

/** Everything that is kept, by the names of the shelves. */
export class Shelves {
  readonly #records = new Map<string, Map<string, unknown>>();
  readonly #path: string | undefined;
  #lines = 0;

  constructor(path: string | undefined) {
    this.#path = path;
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const line of text.split('\n').flatMap(parseLine)) this.#keep(line);
    this.#compact();
  }

  /** The shelf of that name; `cap` records at most, the oldest goes first. */
  open<T>(name: string, cap = STANDARD_CAP): Shelf<T> {
    const put = (key: string, value: T): T => {
      this.#write({ shelf: name, key, value });
      const records = this.#of(name);
      const oldest = records.size > cap ? records.keys().next().value : undefined;
      if (oldest !== undefined) drop(oldest);
      return value;
    };
    const drop = (key: string): void => {
      if (this.#of(name).has(key)) this.#write({ shelf: name, key, value: null });
    };
    const get = (key: string) => this.#of(name).get(key) as T | undefined;
    const entries = () => [...this.#of(name)] as [string, T][];
    return {
      drop,
      entries,
      get,
      put,
      change: (key, edit) => {
        const current = get(key);
        return current === undefined ? undefined : put(key, edit(current));
      },
      find: (fits) => {
        let found: T | undefined;
        for (const value of this.#of(name).values() as Iterable<T>) if (fits(value)) found = value;
        return found;
      },
      newest: (count) =>
        entries()
          .slice(-count)
          .reverse()
          .map(([, value]) => value),
    };
  }

  reset(): void {
    for (const records of this.#records.values()) records.clear();
    this.#compact();
  }

  #of(name: string): Map<string, unknown> {
    const records = this.#records.get(name) ?? new Map<string, unknown>();
    this.#records.set(name, records);
    return records;
  }

  #keep({ shelf, key, value }: Line): void {
    if (value === null) this.#of(shelf).delete(key);
    else this.#of(shelf).set(key, value);
  }

  #write(line: Line): void {
    this.#keep(line);
    if (this.#path === undefined) return;
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
    this.#lines += 1;
    const kept = [...this.#records.values()].reduce((sum, records) => sum + records.size, 0);
    if (this.#lines > kept * COMPACT_FACTOR + COMPACT_BASE) this.#compact();
  }

  #list(): Line[] {
    return [...this.#records].flatMap(([shelf, records]) =>
      [...records].map(([key, value]): Line => ({ shelf, key, value })),
    );
  }

  #compact(): void {
    if (this.#path === undefined) return;
    const lines = this.#list();
    const draft = `${this.#path}.new`;
    writeFileSync(draft, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    renameSync(draft, this.#path);
    this.#lines = lines.length;
  }
}
