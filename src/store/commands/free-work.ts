import { and, asc, type BinaryOperator, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import { statement } from '../statement.ts';
import { lockRow, patchRows } from '../table.ts';
import type { Tx } from '../tx.ts';
import { NO_LEASE } from './deliveries/leases.ts';

/** What a process had taken is free for others at once, when that process is gone. */
export interface Freeing {
  /** The process; or, where one alone serves, the one whose work it is not. */
  readonly owner: string;
  readonly now: number;
  /** A look that was taken is due again within so long: what is planned for later has been planned since. */
  readonly lookMs: number;
  /** Rows of each kind. */
  readonly limit: number;
}

export interface Freed {
  readonly notifications: number;
  readonly alerts: number;
  readonly looks: number;
  readonly claims: number;
}

type Look = Freeing & { readonly until: number };

/** Statements over what has such an owner: this one, or any but this one. They wait for rows that somebody is at. */
const statementsOf = (has: BinaryOperator) => ({
  notifications: statement(({ db, by, locked, t: { outbox } }, p: Freeing) => {
    const taken = db.$with('taken').as(
      locked(
        db
          .select({ id: sql<number>`${outbox.id}`.as('id') })
          .from(by(outbox, 'outbox_leased'))
          .where(and(isNotNull(outbox.leasedBy), has(outbox.leasedBy, p.owner)))
          .orderBy(asc(outbox.id))
          .limit(p.limit),
      ),
    );
    return db
      .with(taken)
      .update(outbox)
      .set(NO_LEASE)
      .where(inArray(outbox.id, db.select({ id: taken.id }).from(taken)));
  }),
  channels: statement(({ db, by, t: { alerts } }, p: Freeing) =>
    db
      .selectDistinct({ channel: alerts.channel, until: alerts.leasedUntil })
      .from(by(alerts, 'alerts_leased'))
      .where(and(isNotNull(alerts.leasedBy), has(alerts.leasedBy, p.owner))),
  ),
  alerts: statement(({ db, by, t: { alerts } }, p: Freeing) => {
    const taken = db
      .select({ id: alerts.id })
      .from(by(alerts, 'alerts_leased'))
      .where(and(isNotNull(alerts.leasedBy), has(alerts.leasedBy, p.owner)));
    return db.update(alerts).set(NO_LEASE).where(inArray(alerts.id, taken));
  }),
  attempts: statement(({ db, by, locked, t: { attempts } }, p: Look) => {
    const taken = db.$with('taken').as(
      locked(
        db
          .select({ id: sql<number>`${attempts.id}`.as('id') })
          .from(by(attempts, 'attempts_due'))
          .where(
            and(
              sql`${attempts.checkAt} > ${p.now} AND ${attempts.checkAt} <= ${p.until}`,
              isNotNull(attempts.lookedBy),
              has(attempts.lookedBy, p.owner),
            ),
          )
          .orderBy(asc(attempts.id))
          .limit(p.limit),
      ),
    );
    return db
      .with(taken)
      .update(attempts)
      .set({ checkAt: p.now, lookedBy: null })
      .where(inArray(attempts.id, db.select({ id: taken.id }).from(taken)));
  }),
  refunds: statement(({ db, by, locked, t: { payments } }, p: Look) => {
    const taken = db.$with('taken').as(
      locked(
        db
          .select({ id: sql<number>`${payments.id}`.as('id') })
          .from(by(payments, 'payments_refund_due'))
          .where(
            and(
              sql`${payments.refundCheckAt} > ${p.now} AND ${payments.refundCheckAt} <= ${p.until}`,
              isNotNull(payments.refundLookedBy),
              has(payments.refundLookedBy, p.owner),
            ),
          )
          .orderBy(asc(payments.id))
          .limit(p.limit),
      ),
    );
    return db
      .with(taken)
      .update(payments)
      .set({ refundCheckAt: p.now, refundLookedBy: null })
      .where(inArray(payments.id, db.select({ id: taken.id }).from(taken)));
  }),
  claims: statement(({ db, t: { claims } }, p: Freeing) => {
    const some = db.select({ name: claims.name }).from(claims).where(has(claims.owner, p.owner)).limit(p.limit);
    // Said again: another may have taken one of them over since, as its time was over.
    return db.delete(claims).where(and(has(claims.owner, p.owner), inArray(claims.name, some)));
  }),
});

type Statements = ReturnType<typeof statementsOf>;
const OF_ONE = statementsOf(eq);
const OF_OTHERS = statementsOf(ne);

/** Frees what a process had taken that is gone, a bounded part of it. Less than the limit of each kind: that was all. */
export function freeWorkOf(tx: Tx, freeing: Freeing): Promise<Freed> {
  return free(tx, OF_ONE, freeing);
}

/** Frees what is not this process's. Only where one process alone serves a database. */
export function freeWorkOfOthers(tx: Tx, freeing: Omit<Freeing, 'limit'>): Promise<Freed> {
  return free(tx, OF_OTHERS, { ...freeing, limit: Number.MAX_SAFE_INTEGER });
}

async function free(tx: Tx, statements: Statements, freeing: Freeing): Promise<Freed> {
  const look = { ...freeing, until: freeing.now + freeing.lookMs };
  return {
    alerts: await freeAlerts(tx, statements, freeing),
    notifications: await tx.run(statements.notifications, freeing),
    looks: (await tx.run(statements.refunds, look)) + (await tx.run(statements.attempts, look)),
    claims: await tx.run(statements.claims, freeing),
  };
}

/** A channel has one batch under way: it rests for that one alone, and needs not any more. */
async function freeAlerts(tx: Tx, statements: Statements, freeing: Freeing): Promise<number> {
  for (const { channel: name, until } of await tx.all(statements.channels, freeing)) {
    const row = await lockRow(tx, 'alertChannels', { name });
    if (row && row.notBefore === until) await patchRows(tx, 'alertChannels', { name }, { notBefore: freeing.now });
  }
  return tx.run(statements.alerts, freeing);
}

/** Less than the limit of each kind. */
export function isAll({ notifications, looks, claims }: Freed, { limit }: Pick<Freeing, 'limit'>): boolean {
  return notifications < limit && looks < limit && claims < limit;
}
