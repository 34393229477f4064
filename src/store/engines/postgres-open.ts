import { ALONE, type Leave, type Migration } from '../migrations.ts';
import { createPostgresEngine, type PostgresParts } from './postgres.ts';
import { readAddress } from './postgres-address.ts';
import { type Connection, openConnection } from './postgres-connection.ts';
import { createGuard } from './postgres-guard.ts';
import { MovedMeanwhile, readHomeMarks, requireSameHome } from './postgres-home.ts';
import { createNumberLine } from './postgres-number-line.ts';
import { createPool, limited, POOL_LIMITS, type PoolLimits } from './postgres-pool.ts';
import { holdSchema, SchemaChanged, takeSchema } from './postgres-schema.ts';
import type { OpenedEngine } from './sqlite-open.ts';

export { connect } from './postgres-connection.ts';

export interface PostgresPorts extends PostgresParts {
  /** Connections of its pool, and how they are waited for, when otherwise than usual. */
  readonly limits?: Partial<PoolLimits>;
  /** This process can do no more with the database, for a reason in one sentence: it has to be started anew. */
  readonly onUnusable?: (reason: string) => void;
}

/** A connection that lay idle is asked so long whether it still is one. */
const CHECK_LIMIT_MS = 2000;
/** Names a process among those that signal each other. */
const NAMES = 2 ** 48;

/**
 * Connects and brings the schema up to date; two nodes that start at once do so one after the other, and none does while
 * another runs.
 */
export async function openPostgres(
  url: string,
  migrations: readonly Migration[],
  ports: PostgresPorts,
  leave: Leave = ALONE,
): Promise<OpenedEngine> {
  const address = readAddress(url);
  const limits = { ...POOL_LIMITS, ...ports.limits };
  const hear = (...heard: [string, string]) => guard.hear(...heard);
  const again = { limitMs: limits.openMs };
  let unusable: string | null = null;
  let home: Awaited<ReturnType<typeof readHomeMarks>> = [];
  const hold = async (connection: Connection): Promise<Connection> => {
    try {
      await holdSchema(connection, migrations.length);
      await requireSameHome(connection, home);
      return connection;
    } catch (error) {
      connection.destroy();
      if (error instanceof SchemaChanged || error instanceof MovedMeanwhile) stop(error.message);
      throw error;
    }
  };
  const guard = createGuard({
    open: async () => hold(await openConnection(address, { ...again, onSignal: hear })),
    sleep: ports.sleep,
    name: Math.floor(ports.chance() * NAMES).toString(16),
  });
  const parts = {
    open: async () => hold(await openConnection(address, again)),
    check: async (connection: Connection) =>
      void (await limited(connection, connection.ask('SELECT 1'), CHECK_LIMIT_MS)),
    sleep: ports.sleep,
    limits,
  };
  const [pool, line] = [createPool(parts), createNumberLine(parts)];
  const stop = (reason: string): void => {
    if (unusable !== null) return;
    unusable = reason;
    pool.refuse(reason);
    line.refuse(reason);
    void guard.close();
    ports.onUnusable?.(reason);
  };

  const first = await openConnection(address, { onSignal: hear });
  let migrated: number;
  try {
    migrated = await takeSchema(first, migrations, leave, ports.sleep);
    home = await readHomeMarks(first);
  } catch (error) {
    await first.end();
    throw error;
  }
  guard.begin(first);
  const engine = {
    ...createPostgresEngine(pool, line, ports),
    signals: { send: guard.send, listen: guard.listen },
    findOutage: () => unusable ?? (pool.trouble() === null ? null : AWAY),
    close: async () => void (await Promise.all([pool.close(), line.close(), guard.close()])),
  };
  return { engine, migrated };
}

const AWAY =
  'PostgreSQL cannot be reached: is it running, and can this machine reach it? Work goes on when it is back.';
