import { and, gt, sql } from 'drizzle-orm';
import type { Environment } from '../../core/payment.ts';
import { taipeiDay } from '../../core/time.ts';
import { hasSame } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader, Tx } from '../tx.ts';
import { raiseAlert } from './alerts/raise.ts';
import { raiseAnew } from './troubles.ts';

/** The account at a gateway that is left alone for a while: stage and production do not know of each other. */
export interface AccountKey {
  readonly gateway: string;
  readonly environment: Environment;
  readonly merchantId: string;
}

const FIND = statement(({ db, t: { cooldowns } }, p: AccountKey & { now: number }) =>
  db
    .select({ until: cooldowns.until })
    .from(cooldowns)
    .where(and(hasSame(cooldowns, p, 'gateway', 'environment', 'merchantId'), gt(cooldowns.until, p.now))),
);

export async function findCooldown(on: Reader, account: AccountKey, now: number): Promise<number | null> {
  return (await on.get(FIND, { ...account, now }))?.until ?? null;
}

const START = statement(({ db, t: { cooldowns }, greatest }, p: AccountKey & { until: number }) =>
  db
    .insert(cooldowns)
    .values({ gateway: p.gateway, environment: p.environment, merchantId: p.merchantId, until: p.until })
    .onConflictDoUpdate({
      target: [cooldowns.gateway, cooldowns.environment, cooldowns.merchantId],
      set: { until: greatest(sql`${cooldowns.until}`, sql`excluded.until`) },
    }),
);

/** A person is told of it too: in the list for as long as it lasts, elsewhere once a day, however often it rests. */
export async function startCooldown(tx: Tx, account: AccountKey, until: number, now: number): Promise<void> {
  await tx.run(START, { ...account, until });
  const { gateway, environment, merchantId } = account;
  const subject = `${gateway} ${environment} ${merchantId}`;
  await raiseAnew(tx, {
    kind: 'gateway_resting',
    subject,
    // Test keys may reach what has no test environment.
    keyKind: environment === 'production' ? null : 'test',
    data: { gateway, environment, merchant_id: merchantId },
    since: now,
    endsAt: until,
  });
  const data = { gateway, environment, until };
  await raiseAlert(tx, { kind: 'gateway_resting', about: `${subject} ${taipeiDay(now)}`, data }, now);
}
