import type { Reader, Tx } from '../tx.ts';

/** A command: whole, or not at all. It may be run more than once before it counts, and waits for nothing but `tx`. */
export type Command<T> = (tx: Tx) => Promise<T>;

/** A database that commands run on. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** Several processes may be serving on it, so that nothing may be right only because one of them remembers it. */
  readonly isShared: boolean;
  /** Committed rows only. */
  readonly reader: Reader;
  /** Resolves after the commit. Rejects with what the command threw, or STORAGE_UNAVAILABLE. */
  write<T>(command: Command<T>): Promise<T>;
  /** Finishes what is queued, then closes. */
  close(): Promise<void>;
}
