import { and, asc, eq, inArray, isNotNull, lte, ne, or, sql } from 'drizzle-orm';
import type { Attempt } from '../../core/attempt.ts';
import { isAlive } from '../../core/attempt.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import { statement } from '../statement.ts';
import { lockRow, patchRow } from '../table.ts';
import type { Reader, Tx } from '../tx.ts';

/** Which attempts are asked about when. */

/** How many more questions may begin: in all, of those not about an unknown outcome, and at each gateway. */
export interface SyncRoom {
  readonly total: number;
  readonly others: number;
  readonly perGateway: number;
  /** Questions under way by gateway. */
  readonly underWay: ReadonlyMap<string, number>;
}

/**
 * Takes due attempts, unknown outcomes first; each is put off by `leaseMs`, so that one whose question dies with its
 * process is asked about again.
 */
export async function claimSyncs(tx: Tx, now: number, room: SyncRoom, leaseMs: number): Promise<readonly Attempt[]> {
  const underWay = new Map(room.underWay);
  const claim = async (isUnknown: boolean, limit: number): Promise<readonly Attempt[]> => {
    const claimed: Attempt[] = [];
    for (const { gateway } of limit > 0 ? await tx.all(DUE_GATEWAYS, { now }) : []) {
      const free = Math.min(limit - claimed.length, room.perGateway - (underWay.get(gateway) ?? 0));
      if (free <= 0) continue;
      const values = { now, gateway, limit: free, until: now + leaseMs };
      const some = await tx.all(isUnknown ? CLAIM_UNKNOWN : CLAIM_OTHERS, values);
      underWay.set(gateway, (underWay.get(gateway) ?? 0) + some.length);
      claimed.push(...some);
    }
    return claimed;
  };
  const unknown = await claim(true, room.total);
  return [...unknown, ...(await claim(false, Math.min(room.others, room.total - unknown.length)))];
}

/** By the due rows, which are few, and not by the index of all orders a gateway ever had. */
const DUE_GATEWAYS = statement(({ db, by, t }, p: { now: number }) =>
  db
    .select({ gateway: t.attempts.gateway })
    .from(by(t.attempts, 'attempts_due'))
    .where(lte(t.attempts.checkAt, p.now))
    .groupBy(t.attempts.gateway)
    .orderBy(sql`min(${t.attempts.checkAt})`),
);

interface Claim {
  readonly now: number;
  readonly gateway: string;
  readonly limit: number;
  readonly until: number;
}

const makeClaim = (isUnknown: boolean) =>
  statement((kit, p: Claim) => {
    const { attempts } = kit.t;
    const isWanted = isUnknown ? eq(attempts.status, 'unknown') : ne(attempts.status, 'unknown');
    // Picked in a WITH, which is run once: PostgreSQL may run a plain IN (SELECT … LIMIT) again for every row.
    const due = kit.db.$with('due').as(
      kit.claimed(
        kit.db
          .select({ id: sql<number>`${attempts.id}`.as('id') })
          .from(kit.by(attempts, 'attempts_due'))
          .where(and(lte(attempts.checkAt, p.now), eq(attempts.gateway, p.gateway), isWanted))
          .orderBy(asc(attempts.checkAt))
          .limit(p.limit),
      ),
    );
    return kit.db
      .with(due)
      .update(attempts)
      .set({ checkAt: p.until })
      .where(inArray(attempts.id, kit.db.select({ id: due.id }).from(due)))
      .returning();
  });

const CLAIM_UNKNOWN = makeClaim(true);
const CLAIM_OTHERS = makeClaim(false);

export interface SyncPlan {
  readonly attemptId: number;
  readonly checkAt: number | null;
  readonly syncTries: number;
  readonly notFoundCount: number;
  /** When it was due as far as whoever plans knows: a question that somebody has asked for meanwhile is not put off. */
  readonly known?: number | null;
  /** The call that was under way is over. */
  readonly endsCall?: true;
}

/**
 * What became paid or ended while it was asked about stays out of the schedule whatever the plan says, and while a call is
 * under way only its own end says when to ask.
 */
export async function planSync(tx: Tx, { attemptId, known, endsCall, ...plan }: SyncPlan, now: number): Promise<void> {
  const attempt = await lockRow(tx, 'attempts', { id: attemptId });
  if (!attempt || !(isAlive(attempt) || isClosedLocally(attempt))) return;
  if (!endsCall && isCalling(attempt, now)) return;
  const isCounted = attempt.notFoundCount !== plan.notFoundCount;
  const isMoved = known !== undefined && attempt.checkAt !== known;
  await patchRow(tx, 'attempts', attemptId, {
    ...plan,
    ...(isMoved ? { checkAt: earliest(attempt.checkAt, plan.checkAt) } : {}),
    ...(isCounted ? { updatedAt: now } : {}),
  });
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** Ended here, but not at the gateway: somebody may still pay it. */
function isClosedLocally({ status, endReason }: Pick<Attempt, 'status' | 'endReason'>): boolean {
  return status === 'ended' && (endReason === 'SUPERSEDED' || endReason === 'CANCELLED');
}

const PLAN_LAST = statement(({ db, t }, p: { attemptId: number; checkAt: number | null }) =>
  db
    .update(t.attempts)
    .set({ checkAt: p.checkAt })
    .where(and(eq(t.attempts.id, p.attemptId), eq(t.attempts.status, 'ended'), isNotNull(t.attempts.checkAt))),
);

/** What has ended for good is asked about then, or not at all any more; nothing for what is not in the schedule. */
export async function planLastSync(tx: Tx, attemptId: number, checkAt: number | null): Promise<void> {
  await tx.run(PLAN_LAST, { attemptId, checkAt });
}

const NEXT = statement((kit, p: { full: string; mayBeKnown: boolean }) => {
  const { attempts } = kit.t;
  const isFull = sql`${attempts.gateway} in ${kit.elements(sql`${p.full}`, 'text')}`;
  return kit.db
    .select({ due: attempts.checkAt })
    .from(kit.by(attempts, 'attempts_due'))
    .where(
      and(isNotNull(attempts.checkAt), sql`not ${isFull}`, or(eq(attempts.status, 'unknown'), sql`${p.mayBeKnown}`)),
    )
    .orderBy(asc(attempts.checkAt))
    .limit(1);
});

/** When the next question is due that there is room for: what has to wait for a place anyway must not keep anybody awake. */
export async function findNextSync(on: Reader, room?: SyncRoom): Promise<number | null> {
  if (room && room.total <= 0) return null;
  const full = [...(room?.underWay ?? [])]
    .filter(([, count]) => count >= (room?.perGateway ?? 0))
    .map(([name]) => name);
  const found = await on.get(NEXT, { full: JSON.stringify(full), mayBeKnown: !(room && room.others <= 0) });
  return found?.due ?? null;
}
