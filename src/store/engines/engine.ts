import type { Reader, Tx } from '../tx.ts';

/** A command: whole, or not at all. It may be run more than once before it counts, and waits for nothing but `tx`. */
export type Command<T> = (tx: Tx) => Promise<T>;

/** How a command is run, when otherwise than usual. */
export interface Running {
  /** Goes through whole tables: no limit of time is set to it. */
  readonly hasTime?: boolean;
  /** Waits behind nobody for a connection: what others conclude from its absence would be worse than their wait. */
  readonly isUrgent?: boolean;
}

/** Word between processes on one database that work may have become due. Nothing where there is one process. */
export interface Signals {
  /** To all others; many in a rush are one. */
  send(): void;
  /** Hears those of others, and one more whenever some may have been missed. */
  listen(onSignal: () => void): void;
}

export const NO_SIGNALS: Signals = { send() {}, listen() {} };

/** A database that commands run on. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** Several processes may be serving on it, so that nothing may be right only because one of them remembers it. */
  readonly isShared: boolean;
  /** Committed rows only. */
  readonly reader: Reader;
  /** Resolves after the commit. Rejects with what the command threw, or STORAGE_UNAVAILABLE. */
  write<T>(command: Command<T>, running?: Running): Promise<T>;
  readonly signals: Signals;
  /** What keeps this process from the database, as far as it is known without asking: one sentence for people. */
  findOutage(): string | null;
  /** Finishes what is queued, then closes. */
  close(): Promise<void>;
}
