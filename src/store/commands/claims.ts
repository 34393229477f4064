import { and, eq, lte, sql } from 'drizzle-orm';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';
import { pruneAllowances } from './allowances.ts';
import { pruneInSiteForms } from './insite-forms.ts';

/** What one process does for all of them. */

export interface Claim {
  readonly name: string;
  readonly owner: string;
  readonly now: number;
  /** For how long nobody else may, unless it is released. */
  readonly leaseMs: number;
}

const CLAIM = statement(({ db, clock, t: { claims } }, p: Claim) => {
  const now = clock(sql`${p.now}`);
  return db
    .insert(claims)
    .values({ name: p.name, owner: p.owner, until: sql`${now} + ${p.leaseMs}` })
    .onConflictDoUpdate({
      target: claims.name,
      set: { owner: sql`excluded.owner`, until: sql`excluded.until` },
      setWhere: sql`${claims.until} <= ${now}`,
    });
});

/** False: somebody has it, perhaps this very process. */
export async function claim(tx: Tx, input: Claim): Promise<boolean> {
  return (await tx.run(CLAIM, input)) > 0;
}

const RELEASE = statement(({ db, t: { claims } }, p: Pick<Claim, 'name' | 'owner'>) =>
  db.delete(claims).where(and(eq(claims.name, p.name), eq(claims.owner, p.owner))),
);

/** It is done. What is somebody else's by now stays. */
export async function release(tx: Tx, name: string, owner: string): Promise<void> {
  await tx.run(RELEASE, { name, owner });
}

const PRUNE = statement(({ db, clock, t: { claims } }, p: { now: number }) =>
  db.delete(claims).where(lte(claims.until, clock(sql`${p.now}`))),
);

/** Drops those whose time is over. */
function pruneClaims(tx: Tx, now: number): Promise<number> {
  return tx.run(PRUNE, { now });
}

/** Drops what processes told each other and is over: claims, allowances that are whole again, forms nobody can use. */
export async function pruneShared(tx: Tx, now: number): Promise<number> {
  const dropped = [await pruneClaims(tx, now), await pruneAllowances(tx, now), await pruneInSiteForms(tx, now)];
  return dropped.reduce((sum, one) => sum + one, 0);
}
