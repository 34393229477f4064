import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Kit, Row } from '../../kit.ts';
import { isWaiting } from '../../queries/deliveries.ts';
import { statement } from '../../statement.ts';
import type { Tx } from '../../tx.ts';
import { endLeases } from './leases.ts';

export type DueNotification = Pick<
  Row<'outbox'>,
  | 'id'
  | 'webhookId'
  | 'paymentId'
  | 'projectId'
  | 'event'
  | 'url'
  | 'target'
  | 'body'
  | 'tries'
  | 'dueAt'
  | 'leasedUntil'
>;

/** `hasFailed`: something else of its target waits for another try, or this does. */
export type ClaimedNotification = DueNotification & { readonly hasFailed: boolean };

export interface ClaimInput {
  readonly now: number;
  readonly limit: number;
  /** The process that will send them. */
  readonly owner: string;
  /** For how long nobody else may; longer than any try takes. */
  readonly leaseMs: number;
}

const taken = ({ t: { outbox } }: Kit) => ({
  id: outbox.id,
  webhookId: outbox.webhookId,
  paymentId: outbox.paymentId,
  projectId: outbox.projectId,
  event: outbox.event,
  url: outbox.url,
  target: outbox.target,
  body: outbox.body,
  tries: outbox.tries,
  dueAt: outbox.dueAt,
  leasedUntil: outbox.leasedUntil,
});

/** What waits behind a dead shop comes back with each of its leases, and must not come before all that is new. */
const SHARE_OF_OLD = 1 / 4;

interface Claim {
  readonly now: number;
  readonly limit: number;
  readonly owner: string;
  readonly until: number;
}

// Picked in a WITH, which is run once: as a plain IN (SELECT … LIMIT) PostgreSQL may run it again for every row, and take
// more than the limit.
const CLAIM = statement((kit, p: Claim) => {
  const { outbox } = kit.t;
  const due = kit.db.$with('due').as(
    kit.claimed(
      kit.db
        .select({ id: sql<number>`${outbox.id}`.as('id') })
        .from(kit.by(outbox, 'outbox_due'))
        .where(and(isWaiting(kit), lte(outbox.dueAt, p.now)))
        .orderBy(asc(outbox.dueAt), asc(outbox.id))
        .limit(p.limit),
    ),
  );
  return kit.db
    .with(due)
    .update(outbox)
    .set({ leasedBy: p.owner, leasedUntil: p.until })
    .where(inArray(outbox.id, kit.db.select({ id: due.id }).from(due)))
    .returning(taken(kit));
});

// Asked for each target by itself, and no further than the first row: one that is dead may have thousands.
const FAILED = statement((kit, p: { targets: string }) => {
  const { outbox } = kit.t;
  const first = sql`(SELECT 1 FROM ${kit.by(outbox, 'outbox_tried')}
    WHERE ${outbox.target} = given.value AND ${outbox.state} = 'pending' AND ${outbox.tries} > 0 LIMIT 1)`;
  const asked = sql`(SELECT given.value AS target, ${first} AS tried
    FROM ${kit.elements(sql`${p.targets}`, 'text')} AS given) AS asked`;
  return kit.db.select({ target: sql<string>`target` }).from(asked).where(sql`tried = 1`);
});

/**
 * Takes what is due for sending, the oldest first. However many targets and rows wait, it is as many statements, and no
 * more rows than the limit are gone through: who among the targets may have how many under way, whoever sends them decides.
 */
export async function claimDue(tx: Tx, input: ClaimInput): Promise<readonly ClaimedNotification[]> {
  const { now, limit, owner } = input;
  await endLeases(tx, now, Math.ceil(limit * SHARE_OF_OLD));
  const claimed = await tx.all(CLAIM, { now, limit, owner, until: now + input.leaseMs });
  if (claimed.length === 0) return [];
  const targets = JSON.stringify([...new Set(claimed.map(({ target }) => target))]);
  const failed = new Set((await tx.all(FAILED, { targets })).map(({ target }) => target));
  // RETURNING promises no order.
  return claimed
    .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)
    .map((item) => ({ ...item, hasFailed: failed.has(item.target) }));
}

interface Renewal {
  readonly ids: string;
  readonly leases: string;
  readonly owner: string;
  readonly until: number;
}

const RENEW = statement((kit, p: Renewal) => {
  const { outbox } = kit.t;
  const lease = sql`${outbox.id} || ' ' || ${outbox.leasedUntil}`;
  return kit.db
    .update(outbox)
    .set({ leasedUntil: p.until })
    .where(
      and(
        sql`${outbox.id} IN ${kit.elements(sql`${p.ids}`, 'number')}`,
        eq(outbox.leasedBy, p.owner),
        sql`${lease} IN ${kit.elements(sql`${p.leases}`, 'text')}`,
      ),
    )
    .returning(taken(kit));
});

/**
 * What was taken and had to wait for a place is taken anew before it is sent; what is somebody else's by now, or was taken
 * anew already, is left out.
 */
export function renewLeases(
  tx: Tx,
  items: readonly Pick<DueNotification, 'id' | 'leasedUntil'>[],
  { now, owner, leaseMs }: Omit<ClaimInput, 'limit'>,
): Promise<readonly DueNotification[]> {
  return tx.all(RENEW, {
    ids: JSON.stringify(items.map(({ id }) => id)),
    leases: JSON.stringify(items.map(({ id, leasedUntil }) => `${id} ${leasedUntil}`)),
    owner,
    until: now + leaseMs,
  });
}
