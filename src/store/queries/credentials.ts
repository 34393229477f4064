import { and, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { hasSame, isSet, type Kit, type Row, type Tables } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** Gateway credentials, sealed by the vault; one row per distinct set of a project. */
export type StoredCredential = Row<'credentials'>;

export type CredentialOwner = Pick<StoredCredential, 'projectId' | 'gateway' | 'environment' | 'merchantId'>;

/** What a merchant is shown of a set. */
export interface CredentialSummary extends Omit<StoredCredential, 'sealed' | 'fingerprint' | 'platformId'> {
  /** When an attempt was last opened with it; null: never. */
  readonly lastUsedAt: number | null;
}

export async function findFingerprint(
  on: Reader,
  projectId: number,
  gateway: string,
  fingerprint: Uint8Array,
): Promise<number | null> {
  return (await findRow(on, 'credentials', { projectId, gateway, fingerprint }))?.id ?? null;
}

export function findCredential(on: Reader, id: number): Promise<StoredCredential | null> {
  return findRow(on, 'credentials', { id });
}

export type Place = Pick<StoredCredential, 'projectId' | 'gateway' | 'environment'>;

/** The set that a project uses in a place. */
export const isCurrentOf = (credentials: Tables['credentials'], place: Place): SQL | undefined =>
  and(hasSame(credentials, place, 'projectId', 'gateway', 'environment'), isSet(credentials.current));

const CURRENT = statement(({ db, t: { credentials } }, p: Place) =>
  db.select().from(credentials).where(isCurrentOf(credentials, p)),
);

export function findCurrentCredential(
  on: Reader,
  projectId: number,
  gateway: string,
  environment: StoredCredential['environment'],
): Promise<StoredCredential | null> {
  return on.get(CURRENT, { projectId, gateway, environment });
}

const RECENT = statement((kit, p: CredentialOwner & { limit: number }) => {
  const { credentials } = kit.t;
  return kit.db
    .select(getTableColumns(credentials))
    .from(kit.by(credentials, 'credentials_by_merchant'))
    .where(hasSame(credentials, p, 'gateway', 'merchantId', 'projectId', 'environment'))
    .orderBy(desc(credentials.id))
    .limit(p.limit);
});

/** A project's newest sets for one merchant: a secret may have been renewed since an attempt was opened. */
export function listRecentCredentials(
  on: Reader,
  { projectId, gateway, environment, merchantId }: CredentialOwner,
  limit: number,
): Promise<readonly StoredCredential[]> {
  return on.all(RECENT, { projectId, gateway, environment, merchantId, limit });
}

/** The newest attempt that was opened with a set: one step in an index, however many there are. */
function newestAttempt({ db, t: { attempts, credentials } }: Kit) {
  return db
    .select({ id: attempts.id })
    .from(attempts)
    .where(eq(attempts.credentialId, credentials.id))
    .orderBy(desc(attempts.id))
    .limit(1);
}

const OF_MERCHANT = statement((kit, p: { gateway: string; merchantId: string; limit: number }) =>
  listByUse(kit, hasSame(kit.t.credentials, p, 'gateway', 'merchantId'), p.limit),
);

const OF_PLATFORM = statement((kit, p: { gateway: string; platformId: string; limit: number }) =>
  listByUse(kit, hasSame(kit.t.credentials, p, 'gateway', 'platformId'), p.limit),
);

/** Those in use first, then those used last. */
function listByUse(kit: Kit, which: SQL | undefined, limit: number) {
  const { credentials } = kit.t;
  return kit.db
    .select()
    .from(credentials)
    .where(which)
    .orderBy(desc(credentials.current), desc(sql`coalesce((${newestAttempt(kit)}), 0)`), desc(credentials.id))
    .limit(limit);
}

/** A sealed callback names only the merchant, or the platform he sells by: these are the sets that might open it. */
export async function findCredentialsOfMerchant(
  on: Reader,
  gateway: string,
  merchantId: string,
  limit: number,
): Promise<readonly StoredCredential[]> {
  const own = await on.all(OF_MERCHANT, { gateway, merchantId, limit });
  if (own.length >= limit) return own;
  return [...own, ...(await on.all(OF_PLATFORM, { gateway, platformId: merchantId, limit: limit - own.length }))];
}

const OF_PROJECT = statement((kit, p: { projectId: number; limit: number }) => {
  const { credentials, attempts } = kit.t;
  // By its id: asked for the time at once, PostgreSQL would look for it among the newest of all attempts.
  const lastUse = kit.db
    .select({ createdAt: attempts.createdAt })
    .from(attempts)
    .where(eq(attempts.id, sql`(${newestAttempt(kit)})`));
  const { sealed, fingerprint, platformId, ...shown } = getTableColumns(credentials);
  return kit.db
    .select({ ...shown, lastUsedAt: sql<number | null>`(${lastUse})` })
    .from(credentials)
    .where(eq(credentials.projectId, p.projectId))
    .orderBy(desc(credentials.current), desc(credentials.id))
    .limit(p.limit);
});

/** A project's sets, those in use first, then the newest. */
export function listCredentials(on: Reader, projectId: number, limit: number): Promise<readonly CredentialSummary[]> {
  return on.all(OF_PROJECT, { projectId, limit });
}
