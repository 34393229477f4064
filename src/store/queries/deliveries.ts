import { min, sql } from 'drizzle-orm';
import type { Kit } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** Which shops have notifications waiting, and when the next one is due. */

export interface WaitingTarget {
  readonly target: string;
  /** When its first notification is due. */
  readonly dueAt: number;
}

/**
 * Every target with something waiting, by name, each found by one step in the index: a long backlog costs nothing. In one
 * statement, as on PostgreSQL each is a journey.
 */
const WAITING = statement((kit, _: object) => {
  const { outbox } = kit.t;
  const next = (what: 'target' | 'dueAt', where: string) => sql`SELECT min(${outbox[what]})
    FROM ${kit.by(outbox, 'outbox_due')} WHERE ${isWaiting(kit)} ${sql.raw(where)}`;
  const steps = sql`(WITH RECURSIVE walk (target) AS (
      ${next('target', '')}
      UNION ALL SELECT (${next('target', 'AND outbox.target > walk.target')}) FROM walk WHERE walk.target IS NOT NULL)
    SELECT target, (${next('dueAt', 'AND outbox.target = walk.target')}) AS due FROM walk WHERE target IS NOT NULL) AS waiting`;
  return kit.db.select({ target: sql<string>`target`, dueAt: sql<number>`due` }).from(steps);
});

/** As the index says it: bound values would hide from SQLite that it can be used. */
export function isWaiting({ t: { outbox } }: Kit) {
  return sql`${outbox.state} = 'pending' AND ${outbox.leasedBy} IS NULL`;
}

const NEXT_END = statement(({ db, by, t: { outbox } }, _: object) =>
  db
    .select({ endsAt: min(outbox.leasedUntil) })
    .from(by(outbox, 'outbox_leased'))
    .where(sql`${outbox.leasedBy} IS NOT NULL`),
);

export function listWaitingTargets(on: Reader): Promise<readonly WaitingTarget[]> {
  return on.all(WAITING, {});
}

const NONE: ReadonlyMap<string, number> = new Map();

/**
 * When the next row is due of a target that may have one more delivery, or a lease ends whose row has to be taken again if
 * its process is gone by then; null when there is neither.
 */
export async function findNextDue(
  on: Reader,
  underWay: ReadonlyMap<string, number>,
  perTarget: number,
  windows: ReadonlyMap<string, number> = NONE,
): Promise<number | null> {
  const dues = (await listWaitingTargets(on))
    .filter(({ target }) => (underWay.get(target) ?? 0) < (windows.get(target) ?? perTarget))
    .map(({ dueAt }) => dueAt);
  const end = (await on.get(NEXT_END, {}))?.endsAt ?? null;
  const times = end === null ? dues : [...dues, end];
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}
