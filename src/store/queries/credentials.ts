import { and, asc, desc, eq, exists, getTableColumns, or, type SQL, sql } from 'drizzle-orm';
import { hasSame, isSet, type Kit, type Row, type Tables } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** Gateway credentials, sealed by the vault; one row per distinct set of a project. */
export type StoredCredential = Row<'credentials'>;

export type CredentialOwner = Pick<StoredCredential, 'projectId' | 'gateway' | 'environment' | 'merchantId'>;

/** What a merchant is shown of a set. */
export interface CredentialSummary extends Omit<StoredCredential, 'sealed' | 'fingerprint' | 'proved' | 'platformId'> {
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

const PROJECTS_OF_MERCHANT = statement((kit, p: { gateway: string; merchantId: string }) => {
  const { projects, credentials } = kit.t;
  const ofProject = eq(credentials.projectId, projects.id);
  const one = kit.db
    .select({ id: credentials.id })
    .from(kit.by(credentials, 'credentials_by_merchant'))
    .where(and(hasSame(credentials, p, 'gateway', 'merchantId'), ofProject))
    .limit(1);
  const byPlatform = kit.db
    .select({ id: credentials.id })
    .from(kit.by(credentials, 'credentials_by_platform'))
    .where(and(eq(credentials.gateway, p.gateway), eq(credentials.platformId, p.merchantId), ofProject))
    .limit(1);
  return kit.db
    .select({ id: projects.id })
    .from(projects)
    .where(or(exists(one), exists(byPlatform)))
    .orderBy(asc(projects.id));
});

/** Projects that have sets for a merchant, or for the platform he sells by: only the operator makes projects, so they are few. */
export async function listProjectsOfMerchant(
  on: Reader,
  gateway: string,
  merchantId: string,
): Promise<readonly number[]> {
  return (await on.all(PROJECTS_OF_MERCHANT, { gateway, merchantId })).map(({ id }) => id);
}

export type OpenerOwner = Omit<CredentialOwner, 'environment'>;

const PROVED = statement((kit, p: OpenerOwner & { limit: number }) => {
  const { credentials } = kit.t;
  return kit.db
    .select(getTableColumns(credentials))
    .from(kit.by(credentials, 'credentials_proved'))
    .where(and(hasSame(credentials, p, 'gateway', 'merchantId', 'projectId'), isSet(credentials.proved)))
    .orderBy(desc(credentials.id))
    .limit(p.limit);
});

const CURRENT_OF_MERCHANT = statement((kit, p: OpenerOwner) => {
  const { credentials } = kit.t;
  return kit.db
    .select(getTableColumns(credentials))
    .from(kit.by(credentials, 'credentials_current'))
    .where(and(hasSame(credentials, p, 'projectId', 'gateway', 'merchantId'), isSet(credentials.current)));
});

const NEWEST = statement((kit, p: OpenerOwner & { limit: number }) => {
  const { credentials } = kit.t;
  return kit.db
    .select(getTableColumns(credentials))
    .from(kit.by(credentials, 'credentials_by_merchant'))
    .where(hasSame(credentials, p, 'gateway', 'merchantId', 'projectId'))
    .orderBy(desc(credentials.id))
    .limit(p.limit);
});

/** A platform's envelopes carry its own number: sets of merchants that sell by it. */
const OF_PLATFORM = statement((kit, { projectId, gateway, merchantId, limit }: OpenerOwner & { limit: number }) => {
  const { credentials } = kit.t;
  const isOurs = and(eq(credentials.gateway, gateway), eq(credentials.platformId, merchantId));
  return kit.db
    .select(getTableColumns(credentials))
    .from(kit.by(credentials, 'credentials_by_platform'))
    .where(and(isOurs, eq(credentials.projectId, projectId)))
    .orderBy(desc(credentials.id))
    .limit(limit);
});

/** A project's sets for a merchant that have proved themselves, the newest first. */
export async function listProvedCredentials(
  on: Reader,
  { projectId, gateway, merchantId }: OpenerOwner,
  limit: number,
): Promise<readonly StoredCredential[]> {
  const own = await on.all(PROVED, { projectId, gateway, merchantId, limit });
  const others = await on.all(OF_PLATFORM, { projectId, gateway, merchantId, limit });
  return [...own, ...others.filter(({ proved }) => proved)].slice(0, limit);
}

/** Those that have not: in use first, then the newest of all. */
export async function listUnprovedCredentials(
  on: Reader,
  { projectId, gateway, merchantId }: OpenerOwner,
  limit: number,
): Promise<readonly StoredCredential[]> {
  const owner = { projectId, gateway, merchantId };
  const [current, newest, others] = await Promise.all([
    on.all(CURRENT_OF_MERCHANT, owner),
    on.all(NEWEST, { ...owner, limit }),
    on.all(OF_PLATFORM, { ...owner, limit }),
  ]);
  const all = [...current, ...newest.filter((one) => !one.current), ...others];
  return all.filter(({ proved }) => !proved).slice(0, limit);
}

const OF_PROJECT = statement((kit, p: { projectId: number; limit: number }) => {
  const { credentials, attempts } = kit.t;
  // By its id: asked for the time at once, PostgreSQL would look for it among the newest of all attempts.
  const lastUse = kit.db
    .select({ createdAt: attempts.createdAt })
    .from(attempts)
    .where(eq(attempts.id, sql`(${newestAttempt(kit)})`));
  const { sealed, fingerprint, proved, platformId, ...shown } = getTableColumns(credentials);
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
