import { eq, sql } from 'drizzle-orm';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

const FIND = statement(({ db, clock, t: { insiteForms } }, p: { attemptId: number; now: number }) => {
  const now = clock(sql`${p.now}`);
  return db
    .select({
      locale: insiteForms.locale,
      sealed: insiteForms.sealed,
      ageMs: sql<number>`${now} - ${insiteForms.madeAt}`.mapWith(Number),
      leftMs: sql<number>`${insiteForms.expiresAt} - ${now}`.mapWith(Number),
    })
    .from(insiteForms)
    .where(eq(insiteForms.attemptId, p.attemptId));
});

/** What is kept for an attempt, and for how long it has been and will be. */
export interface FoundForm {
  readonly locale: string;
  readonly sealed: Uint8Array;
  readonly ageMs: number;
  readonly leftMs: number;
}

export function findInSiteForm(on: Reader, attemptId: number, now: number): Promise<FoundForm | null> {
  return on.get(FIND, { attemptId, now });
}
