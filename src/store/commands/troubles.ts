import { and, eq, inArray, isNull, lte, ne, sql } from 'drizzle-orm';
import type { Actor } from '../../core/actor.ts';
import { ENDED_BY_OUTCOME, type Trouble, type TroubleKind } from '../../core/attention.ts';
import type { Payment } from '../../core/payment.ts';
import { hasSame, type Row } from '../kit.ts';
import type { NewRow } from '../schema/rows.ts';
import { statement } from '../statement.ts';
import { addRow, findRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { recordEvent } from './events.ts';

/**
 * What a person has to look into. It is written in the transaction of what it follows from; the same again is no news, and
 * stays closed when somebody has seen to it.
 */

export type NewTrouble = Omit<NewRow<'troubles'>, 'id' | 'closedAt' | 'closedBy'>;
type Owner = Pick<Payment, 'id' | 'projectId' | 'keyKind'>;

const subjectOf = (paymentId: number, about: string): string => `${paymentId} ${about}`;

/** Raises what is not known yet. */
export async function raiseTroubles(tx: Tx, owner: Owner, troubles: readonly Trouble[], now: number): Promise<void> {
  for (const { kind, about, data } of troubles) await addRow(tx, 'troubles', rowOf(owner, kind, about, data, now));
}

function rowOf({ id, projectId, keyKind }: Owner, kind: TroubleKind, about: string, data: object, since: number) {
  const scope = { projectId, keyKind, paymentId: id };
  return { kind, subject: subjectOf(id, about), ...scope, data: { ...data }, since } satisfies NewTrouble;
}

/** Raises what happens anew each time, also when somebody had seen to it before. */
export async function raiseAnew(tx: Tx, trouble: NewTrouble): Promise<void> {
  const { kind, subject, since, data, endsAt } = trouble;
  if (await addRow(tx, 'troubles', trouble)) return;
  const known = await lockRow(tx, 'troubles', { kind, subject });
  if (!known) return;
  const isOpen = known.closedAt === null && (known.endsAt === null || known.endsAt > since);
  const again = isOpen ? {} : { since, closedAt: null, closedBy: null };
  await patchRow(tx, 'troubles', known.id, { data, endsAt: endsAt ?? null, ...again });
}

/** A notification that the shop never took. */
export async function raiseDead(
  tx: Tx,
  item: Pick<Row<'outbox'>, 'id' | 'paymentId' | 'webhookId' | 'event'>,
  data: { readonly status: number | null; readonly reason: string },
  now: number,
): Promise<void> {
  const payment = await findRow(tx, 'payments', { id: item.paymentId });
  if (!payment) return;
  const told = { event: item.event, ...data };
  const trouble = rowOf(payment, 'notification_dead', item.webhookId, told, now);
  await raiseAnew(tx, { ...trouble, outboxId: item.id });
}

interface Closing {
  readonly kind: TroubleKind;
  readonly subject: string;
  readonly now: number;
}

const CLOSE = statement(({ db, t: { troubles } }, p: Closing) =>
  db
    .update(troubles)
    .set({ closedAt: p.now })
    .where(and(eq(troubles.kind, p.kind), eq(troubles.subject, p.subject), isNull(troubles.closedAt))),
);

/** What has settled itself needs nobody any more. True: it had been open. */
export async function closeTrouble(tx: Tx, kind: TroubleKind, subject: string, now: number): Promise<boolean> {
  return (await tx.run(CLOSE, { kind, subject, now })) > 0;
}

export function closeOfPayment(tx: Tx, kind: TroubleKind, paymentId: number, about: string, now: number) {
  return closeTrouble(tx, kind, subjectOf(paymentId, about), now);
}

const CLOSE_OUTCOMES = statement(({ db, t: { troubles } }, p: { paymentId: number; now: number }) =>
  db
    .update(troubles)
    .set({ closedAt: p.now })
    .where(
      and(
        eq(troubles.paymentId, p.paymentId),
        inArray(troubles.kind, [...ENDED_BY_OUTCOME]),
        isNull(troubles.closedAt),
      ),
    ),
);

/** It is known now what became of the payment. */
export async function closeAtOutcome(tx: Tx, paymentId: number, now: number): Promise<void> {
  await tx.run(CLOSE_OUTCOMES, { paymentId, now });
}

export interface Handling {
  readonly id: number;
  readonly by: Actor;
  /** As the person saw it; left out: whatever it is by now. */
  readonly since?: number;
  readonly now: number;
}

/**
 * A person has seen to it: it leaves the list, stands in the payment's timeline, and the payment keeps its flags. Null:
 * there is no such trouble, it is closed already, or it happened anew since the person looked.
 */
export async function handleTrouble(tx: Tx, { id, by, since, now }: Handling): Promise<Row<'troubles'> | null> {
  const known = await findRow(tx, 'troubles', { id });
  // Its payment first, as everybody else does.
  if (known?.paymentId) await lockRow(tx, 'payments', { id: known.paymentId });
  const trouble = await lockRow(tx, 'troubles', { id });
  if (!trouble || trouble.closedAt !== null || (since ?? trouble.since) !== trouble.since) return null;
  await patchRow(tx, 'troubles', id, { closedAt: now, closedBy: by });
  const { paymentId, kind } = trouble;
  if (paymentId !== null) {
    await recordEvent(tx, { paymentId, attemptId: null, type: 'admin.handled', data: { kind, by }, at: now });
  }
  return { ...trouble, closedAt: now, closedBy: by };
}

const STALE = statement(({ db, t: { troubles, outbox } }, p: { now: number; limit: number }) => {
  const some = db
    .select({ id: troubles.id })
    .from(troubles)
    .where(
      and(
        isNull(troubles.closedAt),
        sql`(${lte(troubles.endsAt, p.now)} or (${troubles.outboxId} is not null and not exists (
          select 1 from ${outbox} where ${outbox.id} = ${troubles.outboxId} and ${outbox.state} = 'dead')))`,
      ),
    )
    .limit(p.limit);
  return db.update(troubles).set({ closedAt: p.now }).where(inArray(troubles.id, some));
});

/** Closes what is over by itself: it is not shown any more, but would be gone through each time. */
export function closeStale(tx: Tx, now: number, limit: number): Promise<number> {
  return tx.run(STALE, { now, limit });
}

/** The sets of a place, but for one: others have taken their place. */
export interface Replacing extends Pick<Row<'credentials'>, 'projectId' | 'gateway' | 'environment'> {
  readonly kept: number;
  readonly now: number;
}

const CLOSE_REPLACED = statement(({ db, t: { credentials, troubles } }, p: Replacing) => {
  const sets = db
    .select({ subject: sql`cast(${credentials.id} as text)` })
    .from(credentials)
    .where(and(hasSame(credentials, p, 'projectId', 'gateway', 'environment'), ne(credentials.id, p.kept)));
  return db
    .update(troubles)
    .set({ closedAt: p.now })
    .where(and(eq(troubles.kind, 'credentials_refused'), inArray(troubles.subject, sets), isNull(troubles.closedAt)));
});

/** What stands against credentials that are used no more needs nobody. */
export async function closeReplaced(tx: Tx, replacing: Replacing): Promise<void> {
  await tx.run(CLOSE_REPLACED, replacing);
}
