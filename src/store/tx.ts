import type { CounterChanges } from './counter-changes.ts';
import type { Statement } from './statement.ts';

/**
 * Where statements run: inside a command's transaction, or on the connection that reads. Every method resolves within
 * microtasks on SQLite; commands must wait for nothing else.
 */
export interface Reader {
  /** All rows. */
  all<Values extends object, Row>(statement: Statement<Values, Row>, values: Values): Promise<Row[]>;
  /** The first row; null when there is none. */
  get<Values extends object, Row>(statement: Statement<Values, Row>, values: Values): Promise<Row | null>;
}

export interface Tx extends Reader {
  /** How many rows were written. */
  run<Values extends object>(statement: Statement<Values, unknown>, values: Values): Promise<number>;
  /** Nobody else goes on under this name before the transaction ends. Nothing on SQLite: one writes at a time. */
  lock(name: string): Promise<void>;
  /** Nobody else writes into these tables, or locks rows of them, before the transaction ends; the same. */
  lockTables(names: readonly string[]): Promise<void>;
  /** A number that no other payment of this day, which is yyyymmdd, has or will have. */
  nextNumber(day: string): Promise<number>;
  /** Counts that this command changes; they are written together with those of all commands that share the commit. */
  readonly counters: CounterChanges;
}
