import { sql } from 'drizzle-orm';
import { statement } from './statement.ts';
import type { Reader } from './tx.ts';

/** Payments are numbered by day, from 1. A number is given once; some may be given to nobody. */

const TAKE = statement(({ db, t: { paymentSequences: of } }, p: { day: string; count: number }) =>
  db
    .insert(of)
    .values({ day: p.day, last: p.count })
    .onConflictDoUpdate({ target: of.day, set: { last: sql`${of.last} + excluded.last` } })
    .returning({ last: of.last }),
);

/** Takes so many numbers of a day (yyyymmdd) for the caller alone and gives the last of them. */
export async function takeNumbers(on: Pick<Reader, 'get'>, day: string, count: number): Promise<number> {
  const taken = await on.get(TAKE, { day, count });
  if (!taken) throw new Error(`no payment number of ${day} could be taken`);
  return taken.last;
}
