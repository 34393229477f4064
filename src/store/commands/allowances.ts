import { asc, inArray, lte, sql } from 'drizzle-orm';
import { type Allowance, type Taken, takeOne } from '../../core/allowance.ts';
import { MINUTE } from '../../core/time.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader, Tx } from '../tx.ts';

/** What callers have used up of limits that all processes keep together. A row that is full again is as good as none. */

export interface AllowanceTaking {
  /** The limit's and the caller's. */
  readonly name: string;
  readonly allowance: Allowance;
  readonly now: number;
}

const KEEP = statement(({ db, t: { allowances } }, p: { readonly name: string; readonly fullAt: number }) =>
  db
    .insert(allowances)
    .values({ name: p.name, fullAt: p.fullAt })
    .onConflictDoUpdate({ target: allowances.name, set: { fullAt: sql`excluded.full_at` } }),
);

/** More than one for each that is added: whoever makes up callers without end has only those of the last minute kept. */
const DROPPED_AT_ONCE = 3;

const DROP_SOME = statement(({ db, claimed, t: { allowances } }, p: { readonly now: number }) => {
  const full = db.$with('full_again').as(
    claimed(
      db
        .select({ name: sql<string>`${allowances.name}`.as('name') })
        .from(allowances)
        .where(lte(allowances.fullAt, p.now))
        .orderBy(asc(allowances.fullAt))
        .limit(DROPPED_AT_ONCE),
    ),
  );
  return db
    .with(full)
    .delete(allowances)
    .where(inArray(allowances.name, db.select({ name: full.name }).from(full)));
});

/** What is further ahead than the clocks of two nodes differ was written by one that has been put back since. */
function takeFrom(fullAt: number | null, allowance: Allowance, now: number): Taken {
  const isPossible = fullAt !== null && fullAt <= now + allowance.burst * allowance.everyMs + MINUTE;
  return takeOne(allowance, isPossible ? fullAt : null, now);
}

/** Takes one; gives how long to wait, 0 when it was taken. */
export async function takeAllowance(tx: Tx, { name, allowance, now }: AllowanceTaking): Promise<number> {
  await tx.lock(`allowance ${name}`);
  const known = await findRow(tx, 'allowances', { name });
  const taken = takeFrom(known?.fullAt ?? null, allowance, now);
  if ('waitMs' in taken) return taken.waitMs;
  if (!known) await tx.run(DROP_SOME, { now });
  await tx.run(KEEP, { name, fullAt: taken.fullAt });
  return 0;
}

/** Nothing is left; asking takes nothing. */
export async function isUsedUp(on: Reader, { name, allowance, now }: AllowanceTaking): Promise<boolean> {
  const known = await findRow(on, 'allowances', { name });
  return 'waitMs' in takeFrom(known?.fullAt ?? null, allowance, now);
}

const PRUNE = statement(({ db, t: { allowances } }, p: { readonly now: number }) =>
  db.delete(allowances).where(lte(allowances.fullAt, p.now)),
);

/** Drops those that are full again. */
export function pruneAllowances(tx: Tx, now: number): Promise<number> {
  return tx.run(PRUNE, { now });
}
