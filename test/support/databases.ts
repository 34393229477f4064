import { randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';

/**
 * Databases on the server that tests run on. One that a test is done with is emptied and given to the next: that takes a
 * tenth of the time of making one and dropping it. One whose schema a test has changed is dropped.
 */
export interface Databases {
  /** Name of an empty one, with the schema. */
  take(): Promise<string>;
  /** Name of one without a schema. */
  create(): Promise<string>;
  /** Nobody uses it any more; whoever still is connected is cut off. */
  giveBack(name: string): Promise<void>;
}

/** `fill` gives a database its schema, once; the others are copies. */
export function createDatabases(serverUrl: () => string, fill: (name: string) => Promise<void>): Databases {
  /** Those that `take` has made and may come back, each with a connection that empties it. */
  const made = new Map<string, Sql>();
  const free: string[] = [];
  let template: Promise<Template> | null = null;

  const onServer = <T>(work: (client: Sql) => Promise<T>) => connected(serverUrl(), '', work);

  const create = async (from = ''): Promise<string> => {
    const name = `paycore_${randomBytes(8).toString('hex')}`;
    await onServer((client) => client.unsafe(`CREATE DATABASE ${name}${from}`));
    return name;
  };

  const makeTemplate = async (): Promise<Template> => {
    const name = await create();
    await fill(name);
    return { name, ...(await connected(serverUrl(), name, readShape)) };
  };

  const drop = (name: string) => onServer((client) => client.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

  return {
    async take() {
      template ??= makeTemplate();
      const { name: from } = await template;
      const known = free.pop();
      if (known !== undefined) return known;
      const name = await create(` TEMPLATE ${from} STRATEGY FILE_COPY`);
      made.set(name, connect(serverUrl(), name));
      return name;
    },
    create: () => create(),
    async giveBack(name) {
      const client = made.get(name);
      if (client && template && (await empty(client, await template).catch(() => false))) {
        free.push(name);
        return;
      }
      made.delete(name);
      await client?.end({ timeout: 1 });
      await drop(name);
    },
  };
}

interface Shape {
  /** Tables, columns, indexes, conditions, triggers and functions, as one text. */
  readonly shape: string;
  readonly tables: readonly string[];
  readonly sequences: readonly string[];
}

interface Template extends Shape {
  readonly name: string;
}

const SHAPE = `
  SELECT md5(string_agg(part, ',' ORDER BY part)) AS shape FROM (
    SELECT concat(relname, relkind, relhasrules, relhastriggers) AS part FROM pg_class
      WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat(attrelid::regclass, attname, atttypid, attnotnull, atthasdef) FROM pg_attribute
      WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT concat(conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat(tgname, tgenabled, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat(proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat('version', version) FROM schema_version
    UNION ALL SELECT concat('setting', setconfig) FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
  ) AS parts`;

async function readShape(client: Sql): Promise<Shape> {
  const [row] = await client.unsafe<{ shape: string }[]>(SHAPE);
  const named = await client.unsafe<{ name: string; kind: string }[]>(`
    SELECT relname AS name, relkind AS kind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'schema_version'`);
  const namesOf = (wanted: string) => named.filter(({ kind }) => kind === wanted).map(({ name }) => `"${name}"`);
  return { shape: row?.shape ?? '', tables: namesOf('r'), sequences: namesOf('S') };
}

/** False: it is not as it was made. */
async function empty(client: Sql, { shape, tables, sequences }: Shape): Promise<boolean> {
  await client.unsafe(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  const is = await readShape(client).catch(() => null);
  if (is?.shape !== shape) return false;
  // Without the checks of references, in one go.
  await client.unsafe(
    [
      'BEGIN',
      'SET LOCAL session_replication_role = replica',
      'SET LOCAL lock_timeout = 5000',
      ...tables.map((table) => `DELETE FROM ${table}`),
      ...sequences.map((sequence) => `SELECT setval('${sequence}', 1, false)`),
      'COMMIT',
    ].join(';'),
  );
  return true;
}

async function connected<T>(serverUrl: string, name: string, work: (client: Sql) => Promise<T>): Promise<T> {
  const client = connect(serverUrl, name);
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: 1 });
  }
}

function connect(serverUrl: string, name: string): Sql {
  const url = name === '' ? serverUrl : new URL(`/${name}`, serverUrl).href;
  return postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
}
