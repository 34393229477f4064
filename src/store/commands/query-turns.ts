import { sql } from 'drizzle-orm';
import { SECOND } from '../../core/time.ts';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';
import type { AccountKey } from './cooldowns.ts';

/**
 * Turns to ask about one merchant's account, given out by the database to all processes together, by its clock. Each
 * process takes one at a time, so what is given out ahead is one spacing for each of them.
 */
export interface TurnTaking {
  readonly account: AccountKey;
  readonly spacingMs: number;
  readonly now: number;
}

/** A turn that is further ahead than forty processes take turns was given by a clock that has been put back: it counts no more. */
const FURTHEST_MS = 10 * SECOND;

const TAKE = statement(
  ({ db, clock, t: { queryTurns } }, p: AccountKey & { readonly spacingMs: number; readonly now: number }) => {
    const now = clock(sql`${p.now}`);
    const { nextAt } = queryTurns;
    const isAhead = sql`${nextAt} > ${now} AND ${nextAt} <= ${now} + ${FURTHEST_MS}`;
    return db
      .insert(queryTurns)
      .values({
        ...{ gateway: p.gateway, environment: p.environment, merchantId: p.merchantId },
        nextAt: sql`${now} + ${p.spacingMs}`,
      })
      .onConflictDoUpdate({
        target: [queryTurns.gateway, queryTurns.environment, queryTurns.merchantId],
        set: { nextAt: sql`(CASE WHEN ${isAhead} THEN ${nextAt} ELSE ${now} END) + ${p.spacingMs}` },
      })
      .returning({ waitMs: sql<number>`${nextAt} - ${p.spacingMs} - ${now}`.mapWith(Number).as('wait_ms') });
  },
);

/** Takes the next turn; gives how many milliseconds from now it is. */
export async function takeQueryTurn(tx: Tx, { account, spacingMs, now }: TurnTaking): Promise<number> {
  const taken = await tx.get(TAKE, { ...account, spacingMs, now });
  return Math.max(0, taken?.waitMs ?? 0);
}
