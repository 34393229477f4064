import type { Database, Statement as Prepared } from 'bun:sqlite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import { createCounterChanges } from '../counter-changes.ts';
import type { Kit } from '../kit.ts';
import { takeNumbers } from '../payment-numbers.ts';
import { tables } from '../schema/sqlite/index.ts';
import { type Compiled, compile, type DriverValue, type Statement, type Values } from '../statement.ts';
import { readByIndex } from '../table-like.ts';
import type { Reader, Tx } from '../tx.ts';
import { type Engine, NO_SIGNALS } from './engine.ts';
import { createWriteQueue } from './sqlite-queue.ts';

/**
 * SQLite: one connection writes, and reads as well while no command runs: its cache is warm, and every commit of one
 * connection empties the caches of all others. The second one reads what is committed while commands run, since other
 * requests go on between their microtasks and must not see what may yet be taken back.
 */
export function createSqliteEngine(writer: Database, readOnly: Database, lockLimitMs?: number): Engine {
  const kit = createKit(writer);
  const compiled = new Map<Statement<never, unknown>, Compiled>();
  const onWriter = createRunner(kit, compiled, writer);
  const idle = { runner: onWriter, snapshot: createSnapshot(writer) };
  const busy = { runner: createRunner(kit, compiled, readOnly), snapshot: createSnapshot(readOnly) };
  const parts = {
    openTx: (isOpen: () => boolean) => createTx(onWriter, isOpen),
    beginning: idle.snapshot.end,
    committed: busy.snapshot.end,
  };
  const queue = createWriteQueue(writer, parts, lockLimitMs);
  return {
    name: 'sqlite',
    isShared: false,
    reader: createReader(() => (queue.isRunning() ? busy : idle)),
    write: queue.write,
    signals: NO_SIGNALS,
    findOutage: () => null,
    async close() {
      await queue.close();
      idle.snapshot.end();
      busy.snapshot.end();
      // Closed with their statements: one that is left keeps the file open, and its log beside it.
      readOnly.close(true);
      writer.close(true);
    },
  };
}

interface Side {
  readonly runner: Runner;
  readonly snapshot: ReturnType<typeof createSnapshot>;
}

function createKit(database: Database): Kit {
  return {
    db: drizzle(database) as unknown as Kit['db'],
    t: tables,
    by: readByIndex,
    hasDeltas: false,
    locked: (query) => query,
    claimed: (query) => query,
    clock: (given) => given,
    greatest: (a, b) => sql`max(${a}, ${b})`,
    // No text in UTF-8 is as large as the byte FF.
    afterPrefix: (text) => sql`${text} || CAST(x'FF' AS TEXT)`,
    elements: (json) => sql`(SELECT value FROM json_each(${json}))`,
  };
}

interface Runner {
  rows(statement: Statement<never, unknown>, values: object): Record<string, unknown>[];
  run(statement: Statement<never, unknown>, values: object): number;
}

/** Runs statements on one connection, each prepared once. */
function createRunner(kit: Kit, known: Map<Statement<never, unknown>, Compiled>, database: Database): Runner {
  const prepared = new Map<Statement<never, unknown>, readonly [Compiled, Prepared<unknown, DriverValue[]>]>();

  const prepare = (statement: Statement<never, unknown>) => {
    const compiled = known.get(statement) ?? compile(kit, statement);
    known.set(statement, compiled);
    const pair = [compiled, database.prepare<unknown, DriverValue[]>(compiled.text)] as const;
    prepared.set(statement, pair);
    return pair;
  };

  return {
    rows(statement, values) {
      const [compiled, native] = prepared.get(statement) ?? prepare(statement);
      const raw = native.values(...compiled.bind(values as Values));
      const rows = new Array<Record<string, unknown>>(raw.length);
      for (let at = 0; at < raw.length; at += 1) rows[at] = compiled.read(raw[at] as readonly unknown[]);
      return rows;
    },
    run(statement, values) {
      const [compiled, native] = prepared.get(statement) ?? prepare(statement);
      return native.run(...compiled.bind(values as Values)).changes;
    },
  };
}

function createReader(side: () => Side): Reader {
  const rows = (statement: Statement<never, unknown>, values: object): Record<string, unknown>[] => {
    const { runner, snapshot } = side();
    snapshot.begin();
    return runner.rows(statement, values);
  };
  return {
    all: async (statement, values) => rows(statement as Statement<never, unknown>, values) as never,
    get: async (statement, values) => (rows(statement as Statement<never, unknown>, values)[0] ?? null) as never,
  };
}

function createTx(runner: Runner, isOpen: () => boolean): Tx {
  const requireOpen = () => {
    if (!isOpen()) throw new Error('this transaction is over: a store command went on after it was given up');
  };
  return {
    counters: createCounterChanges(),
    async all(statement, values) {
      requireOpen();
      return runner.rows(statement as Statement<never, unknown>, values) as never;
    },
    async get(statement, values) {
      requireOpen();
      return (runner.rows(statement as Statement<never, unknown>, values)[0] ?? null) as never;
    },
    async run(statement, values) {
      requireOpen();
      return runner.run(statement as Statement<never, unknown>, values);
    },
    nextNumber(day) {
      return takeNumbers(this, day, 1);
    },
    async lock() {},
    async lockTables() {},
  };
}

/**
 * All reads of one turn of the event loop share a transaction: taking and dropping the file's locks costs more than most
 * reads do. It ends with the turn, or earlier where a command is about to run or has been committed.
 */
function createSnapshot(database: Database) {
  let timer: ReturnType<typeof setImmediate> | null = null;
  const beginning = database.prepare('BEGIN');
  const ending = database.prepare('COMMIT');

  const end = (): void => {
    if (!timer) return;
    clearImmediate(timer);
    timer = null;
    try {
      if (database.inTransaction) ending.run();
    } catch {
      // A disk that fails has ended it already, and nothing was written in it.
    }
  };

  const begin = (): void => {
    if (timer) return;
    beginning.run();
    timer = setImmediate(end);
  };

  return { begin, end };
}
