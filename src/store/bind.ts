import type { Engine, Running } from './engines/engine.ts';
import type { Reader, Tx } from './tx.ts';

/** Makes queries and commands into methods of a store: reads on the connection that reads, each command in one transaction. */
export interface Bound {
  query<Args extends unknown[], T>(query: (on: Reader, ...args: Args) => Promise<T>): (...args: Args) => Promise<T>;
  command<Args extends unknown[], T>(
    command: (tx: Tx, ...args: Args) => Promise<T>,
    running?: Running,
  ): (...args: Args) => Promise<T>;
}

export function bind(engine: Engine): Bound {
  return {
    query:
      (query) =>
      (...args) =>
        query(engine.reader, ...args),
    command:
      (command, running) =>
      (...args) =>
        engine.write((tx) => command(tx, ...args), running),
  };
}
