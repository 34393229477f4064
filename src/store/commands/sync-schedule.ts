import { and, asc, eq, inArray, isNotNull, lte, min, sql } from 'drizzle-orm';
import type { Attempt } from '../../core/attempt.ts';
import { isAlive } from '../../core/attempt.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import { statement } from '../statement.ts';
import { lockRow, patchRow } from '../table.ts';
import type { Reader, Tx } from '../tx.ts';

/** Which attempts are asked about when. */

interface Claim {
  readonly now: number;
  readonly limit: number;
  readonly until: number;
  readonly owner: string;
}

// Picked in a WITH, which is run once: PostgreSQL may run a plain IN (SELECT … LIMIT) again for every row.
const CLAIM = statement((kit, p: Claim) => {
  const { attempts } = kit.t;
  const due = kit.db.$with('due').as(
    kit.claimed(
      kit.db
        .select({ id: sql<number>`${attempts.id}`.as('id') })
        .from(kit.by(attempts, 'attempts_due'))
        .where(lte(attempts.checkAt, p.now))
        .orderBy(asc(attempts.checkAt))
        .limit(p.limit),
    ),
  );
  return kit.db
    .with(due)
    .update(attempts)
    .set({ checkAt: p.until, lookedBy: p.owner })
    .where(inArray(attempts.id, kit.db.select({ id: due.id }).from(due)))
    .returning();
});

/**
 * Takes due attempts, those first that have been due for longest; each is put off by `leaseMs`, so that one whose question
 * dies with its process is asked about again: then at the latest, and as soon as somebody sees that the process is gone. No
 * more rows than the limit are gone through, however many are due.
 */
export function claimSyncs(
  tx: Tx,
  now: number,
  limit: number,
  leaseMs: number,
  owner: string,
): Promise<readonly Attempt[]> {
  return tx.all(CLAIM, { now, limit, until: now + leaseMs, owner });
}

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
    lookedBy: null,
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
    .set({ checkAt: p.checkAt, lookedBy: null })
    .where(and(eq(t.attempts.id, p.attemptId), eq(t.attempts.status, 'ended'), isNotNull(t.attempts.checkAt))),
);

/** What has ended for good is asked about then, or not at all any more; nothing for what is not in the schedule. */
export async function planLastSync(tx: Tx, attemptId: number, checkAt: number | null): Promise<void> {
  await tx.run(PLAN_LAST, { attemptId, checkAt });
}

const NEXT = statement(({ db, by, t: { attempts } }, _: object) =>
  db
    .select({ due: min(attempts.checkAt) })
    .from(by(attempts, 'attempts_due'))
    .where(isNotNull(attempts.checkAt)),
);

/** When the next question is due. */
export async function findNextSync(on: Reader): Promise<number | null> {
  return (await on.get(NEXT, {}))?.due ?? null;
}
