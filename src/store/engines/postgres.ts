import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pg-proxy';
import { createCounterChanges } from '../counter-changes.ts';
import { writeDeltas } from '../figure-deltas.ts';
import type { Kit } from '../kit.ts';
import { takeNumbers } from '../payment-numbers.ts';
import { tables } from '../schema/postgres/index.ts';
import { type Compiled, compile, type DriverValue, type Statement, type Values } from '../statement.ts';
import type { Reader, Tx } from '../tx.ts';
import type { Command, Engine, Running } from './engine.ts';
import type { Answer, Connection } from './postgres-connection.ts';
import { isDefeat, isOfStorage, nameError, nameUnknownEnd, spoilsConnection } from './postgres-errors.ts';
import type { NumberLine } from './postgres-number-line.ts';
import { createNumbers, type Numbers } from './postgres-numbers.ts';
import type { Pool } from './postgres-pool.ts';
import { inTransaction, type Progress } from './postgres-transaction.ts';

/**
 * PostgreSQL: a command is one READ COMMITTED transaction on a connection of the pool, which it has for itself. What it
 * reads in order to change it is locked first; one that lost against another in spite of that is run again.
 */
export interface PostgresParts {
  /** Milliseconds; passed in as all waiting is. */
  readonly sleep: (ms: number) => Promise<void>;
  /** A number from 0 to 1. */
  readonly chance: () => number;
  /** Whose clock counts between nodes: the server's, or, in tests, the one that commands are given. */
  readonly clock?: 'server' | 'given';
  /** Of a command or a read as a whole, when otherwise than usual. */
  readonly limitMs?: number;
}

const TRIES = 10;
const FIRST_PAUSE_MS = 5;

/** Of a command or a read as a whole, longer than any of its statements may take. */
const LIMIT_MS = 35_000;

export type PostgresEngine = Omit<Engine, 'signals' | 'findOutage' | 'close'>;

export function createPostgresEngine(pool: Pool<Connection>, line: NumberLine, parts: PostgresParts): PostgresEngine {
  const { sleep, chance, clock = 'server', limitMs = LIMIT_MS } = parts;
  const kit = createKit(clock);
  const known = new Map<Statement<never, unknown>, Compiled>();
  const compiledOf = (statement: Statement<never, unknown>): Compiled => {
    const compiled = known.get(statement) ?? compile(kit, statement);
    known.set(statement, compiled);
    return compiled;
  };
  const numbers = createNumbers((day, count) =>
    line.use((connection) => takeNumbers(createReader(connection.query, compiledOf), day, count)),
  );
  line.onLost(numbers.forget);

  const runCommand = async <T>(within: Connection, command: Command<T>, hasTime: boolean): Promise<T> => {
    if (hasTime) await within.ask('SET LOCAL statement_timeout = 0');
    const tx = createTx(within, compiledOf, numbers);
    const value = await command(tx);
    await writeDeltas(tx, tx.counters);
    return value;
  };
  const again = createRepeater(pool, limitMs, (tries) => sleep(FIRST_PAUSE_MS * 2 ** tries * (0.5 + chance())));
  const ask: AskedQuery = (text, values) => again((connection) => connection.query(text, values));

  return {
    name: 'postgres',
    isShared: true,
    reader: createReader(ask, compiledOf),
    write: (command, running = {}) =>
      again(
        (connection, progress) =>
          inTransaction(connection, (within) => runCommand(within, command, running.hasTime === true), progress),
        running,
      ),
  };
}

/**
 * Runs something on a connection, and again when it lost against another; once more also when the connection was lost
 * before anything could count. When nobody knows whether it counted it is not run again.
 */
function createRepeater(pool: Pool<Connection>, limitMs: number, pause: (tries: number) => Promise<void>) {
  return async <T>(
    work: (connection: Connection, progress: Progress) => Promise<T>,
    { hasTime, isUrgent }: Running = {},
  ): Promise<T> => {
    const begun = performance.now();
    const left = () => (hasTime ? null : limitMs - (performance.now() - begun));
    let losses = 0;
    for (let tries = 1; ; tries += 1) {
      const progress: Progress = { isCommitting: false };
      let wasLost = false;
      const watched = async (connection: Connection): Promise<T> => {
        try {
          return await work(connection, progress);
        } catch (error) {
          if (spoilsConnection(error)) connection.destroy();
          wasLost = connection.isLost();
          throw error;
        }
      };
      try {
        return await pool.use(watched, left(), isUrgent);
      } catch (error) {
        if (progress.isCommitting && isOfStorage(error)) throw nameUnknownEnd(error);
        if (wasLost && isOfStorage(error)) losses += 1;
        else if (!isDefeat(error)) throw nameError(error);
        if (losses > 1 || tries >= TRIES || (left() ?? 1) <= 0) throw nameError(error);
        if (isDefeat(error)) await pause(tries);
      }
    }
  };
}

/** Milliseconds since the epoch, at this moment: not when the transaction began. */
const SERVER_CLOCK = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

function createKit(clock: 'server' | 'given'): Kit {
  // Only builds; nothing is ever run through it.
  const db = drizzle(async () => ({ rows: [] }));
  type Locking = { for(strength: 'update', config?: { skipLocked: true }): never };
  return {
    db: db as unknown as Kit['db'],
    t: tables as unknown as Kit['t'],
    by: (table) => table,
    hasDeltas: true,
    locked: (query) => (query as unknown as Locking).for('update'),
    claimed: (query) => (query as unknown as Locking).for('update', { skipLocked: true }),
    clock: (given) => (clock === 'given' ? sql`${given}::bigint` : SERVER_CLOCK),
    databaseSize: sql`SELECT pg_database_size(current_database()) AS bytes`,
    greatest: (a, b) => sql`greatest(${a}, ${b})`,
    // The last letter there is, more often than any number is long: a text may hold it too.
    afterPrefix: (text) => sql`${text} || repeat(chr(1114111), 200)`,
    // Text first: the client would put a value of the type JSON in quotation marks once more.
    elements: (json, of) =>
      of === 'number'
        ? sql`(SELECT value::bigint FROM json_array_elements_text(${json}::text::json))`
        : sql`(SELECT value FROM json_array_elements_text(${json}::text::json))`,
  };
}

/** PostgreSQL takes no text with this sign in it. With another one in its place it is found nowhere, and can be kept. */
function withoutNul(value: DriverValue): DriverValue {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value;
}

type CompiledOf = (statement: Statement<never, unknown>) => Compiled;

type AskedQuery = (text: string, values: readonly unknown[]) => Promise<Answer>;

function query(ask: AskedQuery, { text, bind }: Compiled, values: object): Promise<Answer> {
  return ask(text, bind(values as Values).map(withoutNul));
}

function createReader(ask: AskedQuery, compiledOf: CompiledOf): Reader {
  const rowsOf = async (statement: Statement<never, unknown>, values: object) => {
    const compiled = compiledOf(statement);
    return (await query(ask, compiled, values)).rows.map(compiled.read);
  };
  return {
    all: async (statement, values) => (await rowsOf(statement as Statement<never, unknown>, values)) as never,
    get: async (statement, values) =>
      ((await rowsOf(statement as Statement<never, unknown>, values))[0] ?? null) as never,
  };
}

function createTx(within: Connection, compiledOf: CompiledOf, numbers: Numbers): Tx {
  return {
    ...createReader(within.query, compiledOf),
    counters: createCounterChanges(),
    async run(statement, values) {
      return (await query(within.query, compiledOf(statement as Statement<never, unknown>), values)).count;
    },
    nextNumber: numbers.next,
    async lock(name) {
      await within.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    },
    async lockTables(names) {
      await within.ask(`LOCK TABLE ${names.join(', ')} IN EXCLUSIVE MODE`);
    },
  };
}
