import { and, eq, sql } from 'drizzle-orm';
import { isSet } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** Only the operator makes sets current, so the index of those is short. */
const ANY = statement((kit, _: object) => {
  const { credentials } = kit.t;
  return kit.db
    .select({ one: sql`1`.mapWith(Number) })
    .from(kit.by(credentials, 'credentials_current'))
    .where(and(isSet(credentials.current), eq(credentials.environment, 'simulator')))
    .limit(1);
});

export async function hasPractice(on: Reader): Promise<boolean> {
  return (await on.get(ANY, {})) !== null;
}
