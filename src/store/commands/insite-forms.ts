import { lte, sql } from 'drizzle-orm';
import type { Locale } from '../../core/locale.ts';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';

/** What the page of a payment in our own page needs, kept where several processes show it. */

export interface KeptForm {
  readonly attemptId: number;
  readonly locale: Locale;
  readonly sealed: Uint8Array;
  readonly lifeMs: number;
  readonly now: number;
}

const KEEP = statement(({ db, clock, t: { insiteForms } }, p: KeptForm) => {
  const now = clock(sql`${p.now}`);
  const { attemptId, locale, sealed } = p;
  return db
    .insert(insiteForms)
    .values({ attemptId, locale, sealed, madeAt: now, expiresAt: sql`${now} + ${p.lifeMs}` })
    .onConflictDoUpdate({
      target: insiteForms.attemptId,
      set: {
        locale: sql`excluded.locale`,
        sealed: sql`excluded.sealed`,
        madeAt: sql`excluded.made_at`,
        expiresAt: sql`excluded.expires_at`,
      },
    });
});

/** In the place of what was kept for the attempt before. */
export async function keepInSiteForm(tx: Tx, form: KeptForm): Promise<void> {
  await tx.run(KEEP, form);
}

const PRUNE = statement(({ db, clock, t: { insiteForms } }, p: { now: number }) =>
  db.delete(insiteForms).where(lte(insiteForms.expiresAt, clock(sql`${p.now}`))),
);

/** Drops those whose time is over. */
export function pruneInSiteForms(tx: Tx, now: number): Promise<number> {
  return tx.run(PRUNE, { now });
}
