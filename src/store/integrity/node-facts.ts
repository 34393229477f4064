import type { Inspector } from './check.ts';

/** What a person who looks after several nodes wants to know: the server they share, who serves, and what waits. */

export interface EngineFacts {
  readonly name: Inspector['engine'];
  readonly version: string;
  /** Settings of the server by their names; empty where there is none. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface NodeFacts {
  readonly name: string;
  readonly version: string;
  readonly publicUrl: string;
  readonly startedAt: number;
  /** For how long it has not been seen, by the clock that nodes agree on. */
  readonly unseenMs: number;
  readonly aheadMs: number;
}

/** When the oldest row of each work is or was due; null: nothing waits. */
export interface DueFacts {
  readonly looks: number | null;
  readonly refundLooks: number | null;
  readonly alerts: number | null;
  /** When the oldest lease ended whose notification nobody has taken since. */
  readonly leases: number | null;
}

const SETTINGS = ['server_version', 'server_encoding', 'fsync', 'synchronous_commit', 'max_connections'] as const;
/** Of these many settings are names; a server that does not know one leaves it out. */
const READ_SETTINGS = `SELECT name, setting FROM pg_settings WHERE name IN (${SETTINGS.map((name) => `'${name}'`).join(', ')})`;

export async function readEngine(inspector: Inspector): Promise<EngineFacts> {
  if (inspector.engine === 'sqlite') {
    const [row] = await inspector.all<{ version: string }>('SELECT sqlite_version() AS version');
    return { name: 'sqlite', version: row?.version ?? '', settings: {} };
  }
  const rows = await inspector.all<{ name: string; setting: string }>(READ_SETTINGS);
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  return { name: 'postgres', version: settings.server_version ?? '', settings };
}

/** More than anybody runs. */
const MOST_NODES = 100;
const SERVER_CLOCK = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** Those that have not left, the oldest first. */
export async function readNodes(inspector: Inspector, now: number): Promise<readonly NodeFacts[]> {
  const clock = inspector.engine === 'postgres' ? SERVER_CLOCK : String(Math.trunc(now));
  const rows = await inspector.all<{ [column: string]: unknown }>(`
    SELECT name, version, public_url, started_at, ${clock} - seen_at AS unseen, ahead_ms
    FROM nodes ORDER BY started_at, id LIMIT ${MOST_NODES}`);
  return rows.map((row) => ({
    name: String(row.name),
    version: String(row.version),
    publicUrl: String(row.public_url),
    startedAt: Number(row.started_at),
    unseenMs: Number(row.unseen),
    aheadMs: Number(row.ahead_ms),
  }));
}

/** What is off is not sent, and stays. */
const DUES: Readonly<Record<keyof DueFacts, string>> = {
  looks: 'SELECT min(check_at) AS due FROM attempts WHERE check_at IS NOT NULL',
  refundLooks: 'SELECT min(refund_check_at) AS due FROM payments WHERE refund_check_at IS NOT NULL',
  alerts: `SELECT min(due_at) AS due FROM alerts JOIN alert_channels ON alert_channels.name = alerts.channel
    WHERE state = 'pending' AND leased_by IS NULL AND CAST(is_on AS integer) = 1`,
  leases: 'SELECT min(leased_until) AS due FROM outbox WHERE leased_by IS NOT NULL',
};

export async function readDues(inspector: Inspector): Promise<DueFacts> {
  const entries = Object.entries(DUES).map(async ([work, sql]) => {
    const [row] = await inspector.all<{ due: unknown }>(sql);
    return [work, row?.due == null ? null : Number(row.due)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** How many changes of figures wait, counted up to this. */
export const MOST_DELTAS = 100_000;

export async function countDeltas(inspector: Inspector): Promise<number> {
  const sql = `SELECT count(*) AS found FROM (SELECT id FROM figure_deltas LIMIT ${MOST_DELTAS}) AS waiting`;
  const [row] = await inspector.all<{ found: unknown }>(sql);
  return Number(row?.found ?? 0);
}
