import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Row } from '../../kit.ts';
import { isWaiting, listWaitingTargets } from '../../queries/deliveries.ts';
import { statement } from '../../statement.ts';
import type { Tx } from '../../tx.ts';
import { endLeases } from './leases.ts';

export type DueNotification = Pick<
  Row<'outbox'>,
  'id' | 'webhookId' | 'paymentId' | 'projectId' | 'event' | 'url' | 'target' | 'body' | 'tries' | 'leasedUntil'
>;

export interface ClaimInput {
  readonly now: number;
  readonly limit: number;
  /** Deliveries under way, by target. */
  readonly underWay: ReadonlyMap<string, number>;
  readonly perTarget: number;
  /** How many targets may have under way that have earned more or less than the others. */
  readonly windows?: ReadonlyMap<string, number>;
  /** The target that was served last: the next ones come first, so that none is passed over for long. */
  readonly after: string;
  /** The process that will send them. */
  readonly owner: string;
  /** For how long nobody else may; longer than any try takes. */
  readonly leaseMs: number;
}

interface TargetClaim {
  readonly target: string;
  readonly now: number;
  readonly limit: number;
  readonly owner: string;
  readonly until: number;
}

// Picked in a WITH, which is run once: as a plain IN (SELECT … LIMIT) PostgreSQL may run it again for every row, and take
// more than the limit.
const CLAIM = statement((kit, p: TargetClaim) => {
  const { outbox } = kit.t;
  const due = kit.db.$with('due').as(
    kit.claimed(
      kit.db
        .select({ id: sql<number>`${outbox.id}`.as('id') })
        .from(kit.by(outbox, 'outbox_due'))
        .where(and(isWaiting(kit), eq(outbox.target, p.target), lte(outbox.dueAt, p.now)))
        .orderBy(asc(outbox.dueAt), asc(outbox.id))
        .limit(p.limit),
    ),
  );
  return kit.db
    .with(due)
    .update(outbox)
    .set({ leasedBy: p.owner, leasedUntil: p.until })
    .where(inArray(outbox.id, kit.db.select({ id: due.id }).from(due)))
    .returning({
      id: outbox.id,
      webhookId: outbox.webhookId,
      paymentId: outbox.paymentId,
      projectId: outbox.projectId,
      event: outbox.event,
      url: outbox.url,
      target: outbox.target,
      body: outbox.body,
      tries: outbox.tries,
      leasedUntil: outbox.leasedUntil,
    });
});

/**
 * Takes due rows for sending, no more of one shop than it may have under way: a dead one cannot fill the batch. Only
 * targets that have something due and room for it are asked for their rows.
 */
export async function claimDue(tx: Tx, input: ClaimInput): Promise<readonly DueNotification[]> {
  const { now, underWay, perTarget, windows, limit, owner } = input;
  await endLeases(tx, now);
  const due = (await listWaitingTargets(tx)).filter(({ dueAt }) => dueAt <= now).map(({ target }) => target);
  const taken: DueNotification[] = [];
  for (const target of inTurn(due, input.after)) {
    const room = (windows?.get(target) ?? perTarget) - (underWay.get(target) ?? 0);
    const left = Math.min(room, limit - taken.length);
    if (left <= 0) continue;
    const some = await tx.all(CLAIM, { target, now, limit: left, owner, until: now + input.leaseMs });
    // RETURNING promises no order.
    taken.push(...some.sort((a, b) => a.id - b.id));
  }
  return taken;
}

/** Beginning with the one behind the one that was served last. */
function inTurn(targets: readonly string[], after: string): readonly string[] {
  const turn = targets.findIndex((target) => target > after);
  return turn > 0 ? [...targets.slice(turn), ...targets.slice(0, turn)] : targets;
}
