import { and, eq, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Allowance, takeOne } from '../../../core/allowance.ts';
import { statement } from '../../statement.ts';
import { findRow, lockRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';

/** Tries to sign in: how many are left, from where somebody did, and codes that count once. */

/** What a try is counted under. */
export interface LoginCounter {
  readonly name: string;
  readonly allowance: Allowance;
}

const DROP_FULL = statement(({ db, t: { loginLimits } }, p: { now: number }) =>
  db.delete(loginLimits).where(lte(loginLimits.fullAt, p.now)),
);

const KEEP = statement(({ db, t: { loginLimits } }, p: { name: string; fullAt: number }) =>
  db
    .insert(loginLimits)
    .values({ name: p.name, fullAt: p.fullAt })
    .onConflictDoUpdate({ target: loginLimits.name, set: { fullAt: sql`excluded.full_at` } }),
);

/** Takes one from each, or, where one of them has nothing left, none from any. Gives how long to wait: 0 when it was taken. */
export async function takeLogin(tx: Tx, counters: readonly LoginCounter[], now: number): Promise<number> {
  await tx.run(DROP_FULL, { now });
  // In one order for all, so that no two wait for each other.
  const sorted = [...counters].sort((a, b) => (a.name < b.name ? -1 : 1));
  let waitMs = 0;
  const after = new Map<string, number>();
  for (const { name, allowance } of sorted) {
    await tx.lock(`login ${name}`);
    const row = await findRow(tx, 'loginLimits', { name });
    const taken = takeOne(allowance, row?.fullAt ?? null, now);
    if ('waitMs' in taken) waitMs = Math.max(waitMs, taken.waitMs);
    else after.set(name, taken.fullAt);
  }
  if (waitMs > 0) return waitMs;
  for (const [name, fullAt] of after) await tx.run(KEEP, { name, fullAt });
  return 0;
}

const GIVE_BACK = statement(({ db, t: { loginLimits } }, p: { name: string; everyMs: number }) =>
  db
    .update(loginLimits)
    .set({ fullAt: sql`${loginLimits.fullAt} - ${p.everyMs}` })
    .where(eq(loginLimits.name, p.name)),
);

/** It was no guess: what it took is there again, and no more than that. */
export async function giveBackLogin(tx: Tx, counters: readonly LoginCounter[]): Promise<void> {
  for (const { name, allowance } of counters) await tx.run(GIVE_BACK, { name, everyMs: allowance.everyMs });
}

const FORGET = statement(({ db, t: { loginLimits } }, p: { name: string }) =>
  db.delete(loginLimits).where(eq(loginLimits.name, p.name)),
);

/** Nothing is missing of these any more. */
export async function forgetLogin(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of names) await tx.run(FORGET, { name });
}

const DROP_OLD = statement(({ db, t: { knownAddresses } }, p: { before: number }) =>
  db.delete(knownAddresses).where(lt(knownAddresses.seenAt, p.before)),
);

const REMEMBER = statement(({ db, t: { knownAddresses } }, p: { personId: number; address: string; now: number }) =>
  db
    .insert(knownAddresses)
    .values({ personId: p.personId, address: p.address, seenAt: p.now })
    .onConflictDoUpdate({
      target: [knownAddresses.personId, knownAddresses.address],
      set: { seenAt: sql`excluded.seen_at` },
    }),
);

/** Somebody signed in from there; where nobody did since `before` is forgotten. */
export async function rememberAddress(
  tx: Tx,
  { personId, address, now, before }: { personId: number; address: string; now: number; before: number },
): Promise<void> {
  await tx.run(DROP_OLD, { before });
  await tx.run(REMEMBER, { personId, address, now });
}

const USE_STEP = statement(({ db, t: { people } }, p: { id: number; step: number }) =>
  db
    .update(people)
    .set({ totpStep: sql`${p.step}` })
    .where(and(eq(people.id, p.id), or(isNull(people.totpStep), lt(people.totpStep, p.step)))),
);

/** False: this code, or a later one, was used already. */
export async function useTotpStep(tx: Tx, personId: number, step: number): Promise<boolean> {
  return (await tx.run(USE_STEP, { id: personId, step })) > 0;
}

/** How many are left; null when this is none of them any more. */
export async function useRecoveryCode(tx: Tx, personId: number, hash: string): Promise<number | null> {
  const person = await lockRow(tx, 'people', { id: personId });
  if (!person?.recoveryCodes.includes(hash)) return null;
  const recoveryCodes = person.recoveryCodes.filter((other) => other !== hash);
  await patchRow(tx, 'people', personId, { recoveryCodes });
  return recoveryCodes.length;
}
