import { gt, lte, min, type SQL, sql } from 'drizzle-orm';
import { SILENT_MS } from '../../core/node.ts';
import type { Kit } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';
import { isWaiting } from './deliveries.ts';

/** What somebody who watches PayCore wants to know of its data; each question looks at so many rows and no more. */
const MOST = 10_000;
/** Of those that are due first, how many are looked at for the oldest. */
const FIRST = 1000;

export interface Workload {
  /** Those that are not delivered, each counted up to 10,000. */
  readonly notifications: { readonly pending: number; readonly sending: number; readonly dead: number };
  readonly oldestNotificationAt: number | null;
  readonly nodes: { readonly alive: number; readonly gone: number };
  /** Null where the engine does not tell. */
  readonly databaseBytes: number | null;
}

const FOUND = { found: sql<number>`count(*)`.mapWith(Number) };
const one = { one: sql`1`.as('one') };

const PENDING = statement((kit, _: object) => {
  const { db, by, t } = kit;
  const rows = db.select(one).from(by(t.outbox, 'outbox_due')).where(isWaiting(kit)).limit(MOST);
  return db.select(FOUND).from(rows.as('some'));
});

const SENDING = statement(({ db, by, t: { outbox } }, _: object) => {
  const isLeased = sql`${outbox.leasedBy} IS NOT NULL`;
  return db.select(FOUND).from(db.select(one).from(by(outbox, 'outbox_leased')).where(isLeased).limit(MOST).as('some'));
});

const DEAD = statement(({ db, by, t: { outbox } }, _: object) => {
  const isDead = sql`${outbox.state} = 'dead'`;
  return db.select(FOUND).from(db.select(one).from(by(outbox, 'outbox_dead')).where(isDead).limit(MOST).as('some'));
});

const OLDEST = statement((kit, _: object) => {
  const { db, by, t } = kit;
  const first = db
    .select({ createdAt: t.outbox.createdAt })
    .from(by(t.outbox, 'outbox_due'))
    .where(isWaiting(kit))
    .orderBy(t.outbox.dueAt)
    .limit(FIRST)
    .as('some');
  return db.select({ at: min(first.createdAt) }).from(first);
});

/** By the clock that nodes agree on. */
const countNodes = (isOf: (kit: Kit, since: SQL) => SQL) =>
  statement((kit, p: { now: number }) => {
    const since = sql`${kit.clock(sql`${p.now}`)} - ${SILENT_MS}`;
    return kit.db.select(FOUND).from(kit.t.nodes).where(isOf(kit, since));
  });
const ALIVE = countNodes(({ t: { nodes } }, since) => gt(nodes.seenAt, since));
const GONE = countNodes(({ t: { nodes } }, since) => lte(nodes.seenAt, since));

const SIZE = statement((kit, _: object) =>
  kit.db.select({ bytes: sql<number>`bytes`.mapWith(Number) }).from(sql`(${kit.databaseSize}) AS size`),
);

export async function readWorkload(on: Reader, now: number): Promise<Workload> {
  const count = async (counting: typeof PENDING) => (await on.get(counting, {}))?.found ?? 0;
  const countOfNodes = async (counting: typeof ALIVE) => (await on.get(counting, { now }))?.found ?? 0;
  const [pending, sending, dead, oldest, alive, gone, databaseBytes] = await Promise.all([
    count(PENDING),
    count(SENDING),
    count(DEAD),
    on.get(OLDEST, {}),
    countOfNodes(ALIVE),
    countOfNodes(GONE),
    readSize(on),
  ]);
  return {
    notifications: { pending, sending, dead },
    oldestNotificationAt: oldest?.at ?? null,
    nodes: { alive, gone },
    databaseBytes,
  };
}

/** Not every engine that speaks like PostgreSQL tells its size. */
async function readSize(on: Reader): Promise<number | null> {
  try {
    return (await on.get(SIZE, {}))?.bytes ?? null;
  } catch {
    return null;
  }
}

export interface WaitingDeltas {
  /** Up to 10,000. */
  readonly count: number;
  readonly oldestId: number | null;
}

const DELTAS = statement(({ db, t: { figureDeltas } }, _: object) => {
  const some = db.select({ id: figureDeltas.id }).from(figureDeltas).orderBy(figureDeltas.id).limit(MOST).as('some');
  return db.select({ ...FOUND, oldestId: min(some.id) }).from(some);
});

/** Changes of figures that wait to be added to them. */
export async function readFigureDeltas(on: Reader): Promise<WaitingDeltas> {
  const row = await on.get(DELTAS, {});
  return { count: row?.found ?? 0, oldestId: row?.oldestId ?? null };
}
