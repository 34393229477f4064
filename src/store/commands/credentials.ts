import { and, ne } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { findCurrentCredential, findFingerprint, isCurrentOf, type Place } from '../queries/credentials.ts';
import { statement } from '../statement.ts';
import { findRow, patchRow, tryInsertRow } from '../table.ts';
import type { Tx } from '../tx.ts';

type Credential = Row<'credentials'>;

export interface NewCredential
  extends Omit<Credential, 'id' | 'current' | 'proved' | 'createdAt' | 'platformId'>,
    Partial<Pick<Credential, 'platformId'>> {
  readonly now: number;
}

/** Stores a set once and returns its id. */
export async function ensureCredential(tx: Tx, { now, ...set }: NewCredential): Promise<number> {
  const { projectId, gateway, fingerprint } = set;
  const known = await findFingerprint(tx, projectId, gateway, fingerprint);
  if (known !== null) {
    // Older sets do not say it yet.
    if (set.platformId) await patchRow(tx, 'credentials', known, { platformId: set.platformId });
    return known;
  }
  const stored = await tryInsertRow(tx, 'credentials', { ...set, createdAt: now });
  // Somebody else may have stored the same set just now.
  const id = stored?.id ?? (await findFingerprint(tx, projectId, gateway, fingerprint));
  if (id === null) throw new Error(`credentials of ${gateway} could not be stored`);
  return id;
}

/** From now on it is tried before those that never opened anything. */
export async function markProved(tx: Tx, id: number): Promise<void> {
  await patchRow(tx, 'credentials', id, { proved: true });
}

/** Which set is current is a matter of several rows: whoever changes it does so alone. */
function lockPlace(tx: Tx, { projectId, gateway, environment }: Place): Promise<void> {
  return tx.lock(`current credential ${projectId} ${gateway} ${environment}`);
}

const CLEAR_OTHERS = statement(({ db, t: { credentials } }, p: Place & { id: number }) =>
  db
    .update(credentials)
    .set({ current: false })
    .where(and(isCurrentOf(credentials, p), ne(credentials.id, p.id))),
);

/** Makes a stored set the one its project uses when a request brings none. */
export async function makeCurrent(tx: Tx, id: number): Promise<void> {
  const set = await findRow(tx, 'credentials', { id });
  if (!set) return;
  const { projectId, gateway, environment } = set;
  await lockPlace(tx, set);
  await tx.run(CLEAR_OTHERS, { projectId, gateway, environment, id });
  await patchRow(tx, 'credentials', id, { current: true });
}

/**
 * The project uses none of this gateway's environment from now on. The set itself stays, sealed: payments that were made
 * with it are still proved and asked about by it. False when there was none.
 */
export async function dropCurrent(
  tx: Tx,
  projectId: number,
  gateway: string,
  environment: Credential['environment'],
): Promise<boolean> {
  await lockPlace(tx, { projectId, gateway, environment });
  const set = await findCurrentCredential(tx, projectId, gateway, environment);
  return set !== null && (await patchRow(tx, 'credentials', set.id, { current: false })) > 0;
}
