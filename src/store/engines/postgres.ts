import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pg-proxy';
import type { Sql, TransactionSql } from 'postgres';
import { PayCoreError } from '../../core/errors.ts';
import { createCounterChanges } from '../counter-changes.ts';
import { writeCounters } from '../counters.ts';
import type { Kit } from '../kit.ts';
import { tables } from '../schema/postgres/index.ts';
import { type Compiled, compile, type DriverValue, type Statement, type Values } from '../statement.ts';
import type { Reader, Tx } from '../tx.ts';
import type { Command, Engine } from './engine.ts';

/**
 * PostgreSQL: a command is one READ COMMITTED transaction on a connection of the pool. What it reads in order to change it
 * is locked first; one that lost against another in spite of that is run again.
 */
export interface PostgresParts {
  /** Milliseconds; passed in as all waiting is. */
  readonly sleep: (ms: number) => Promise<void>;
  /** A number from 0 to 1. */
  readonly chance: () => number;
  /** Whose clock counts between nodes: the server's, or, in tests, the one that commands are given. */
  readonly clock?: 'server' | 'given';
}

const TRIES = 10;
const FIRST_PAUSE_MS = 5;

export function createPostgresEngine(client: Sql, { sleep, chance, clock = 'server' }: PostgresParts): Engine {
  const kit = createKit(clock);
  const known = new Map<Statement<never, unknown>, Compiled>();
  const compiledOf = (statement: Statement<never, unknown>): Compiled => {
    const compiled = known.get(statement) ?? compile(kit, statement);
    known.set(statement, compiled);
    return compiled;
  };

  /** Boxed: the client would take a list that a command gives for a list of promises. */
  const runOnce = async <T>(command: Command<T>): Promise<T> => {
    const box = await client.begin(async (connection) => {
      const tx = createTx(connection, compiledOf);
      const value = await command(tx);
      await writeCounters(tx, tx.counters);
      return { value };
    });
    return (box as { value: T }).value;
  };

  return {
    name: 'postgres',
    isShared: true,
    reader: nameErrors(createReader(client, compiledOf)),
    async write<T>(command: Command<T>): Promise<T> {
      for (let tries = 1; ; tries += 1) {
        try {
          return await runOnce(command);
        } catch (error) {
          if (!LOST.has(codeOf(error)) || tries >= TRIES) throw nameError(error);
          await sleep(FIRST_PAUSE_MS * 2 ** tries * (0.5 + chance()));
        }
      }
    },
    close: () => client.end({ timeout: 5 }),
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

async function query(
  on: Sql | TransactionSql,
  { text, bind }: Compiled,
  values: object,
): Promise<{ readonly rows: readonly (readonly unknown[])[]; readonly count: number }> {
  const given = bind(values as Values).map(withoutNul);
  const result = await on.unsafe(text, given as never[], { prepare: true }).values();
  return { rows: result as unknown as readonly (readonly unknown[])[], count: result.count };
}

function createReader(on: Sql | TransactionSql, compiledOf: CompiledOf): Reader {
  const rowsOf = async (statement: Statement<never, unknown>, values: object) => {
    const compiled = compiledOf(statement);
    return (await query(on, compiled, values)).rows.map(compiled.read);
  };
  return {
    all: async (statement, values) => (await rowsOf(statement as Statement<never, unknown>, values)) as never,
    get: async (statement, values) =>
      ((await rowsOf(statement as Statement<never, unknown>, values))[0] ?? null) as never,
  };
}

/** Outside a transaction nobody else names what went wrong. */
function nameErrors({ all, get }: Reader): Reader {
  const named = <T>(result: Promise<T>): Promise<T> =>
    result.catch((error: unknown) => {
      throw nameError(error);
    });
  return {
    all: (statement, values) => named(all(statement, values)),
    get: (statement, values) => named(get(statement, values)),
  };
}

function createTx(connection: TransactionSql, compiledOf: CompiledOf): Tx {
  return {
    ...createReader(connection, compiledOf),
    counters: createCounterChanges(),
    async run(statement, values) {
      return (await query(connection, compiledOf(statement as Statement<never, unknown>), values)).count;
    },
    async lock(name) {
      await connection.unsafe('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name], { prepare: true });
    },
    async lockTables(names) {
      await connection.unsafe(`LOCK TABLE ${names.join(', ')} IN EXCLUSIVE MODE`);
    },
  };
}

/** Two transactions stood in each other's way, and this one was the one to go. */
const LOST: ReadonlySet<string> = new Set(['40001', '40P01']);

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** The connection, the server or its disk, not what was asked: callers may try again later. */
const OF_STORAGE =
  /^(?:08|53|57P|58)|^(?:CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN|EPIPE|ETIMEDOUT|25006|25P03|55P03|57014)/;

function nameError(error: unknown): unknown {
  if (error instanceof PayCoreError) return error;
  const code = codeOf(error);
  const isOfStorage = LOST.has(code) || OF_STORAGE.test(code);
  return isOfStorage ? new PayCoreError('STORAGE_UNAVAILABLE', { cause: error }) : error;
}
