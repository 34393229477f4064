import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** Callbacks that belong to nobody or prove nothing; there are a thousand at most. */
export interface UnmatchedQuery {
  /** What speaks of a payment is shown with these projects alone; null: with all. */
  readonly projectIds: readonly number[] | null;
  readonly gateway: string | null;
  /** Only those with a smaller id; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
}

export type UnmatchedRow = Row<'unmatchedCallbacks'>;
/** Without the body. */
export type ListedUnmatched = Omit<UnmatchedRow, 'body'> & { readonly size: number };

interface Asked {
  readonly projectIds: string;
  readonly gateway: string;
  readonly before: number;
  readonly limit: number;
}

function isOfProjects({ t: { unmatchedCallbacks }, elements }: Kit, p: Asked): SQL {
  const { projectId } = unmatchedCallbacks;
  return sql`(${projectId} is null or ${projectId} in ${elements(sql`${p.projectIds}`, 'number')})`;
}

const PAGES = { some: pageOf(true), all: pageOf(false) };

function pageOf(isOfSome: boolean) {
  return statement((kit, p: Asked) => {
    const { id, gateway, address, reason, contentType, receivedAt, paymentNo, projectId, body } =
      kit.t.unmatchedCallbacks;
    const size = sql<number>`length(${body})`.mapWith(Number);
    return kit.db
      .select({ id, gateway, address, reason, contentType, receivedAt, paymentNo, projectId, size })
      .from(kit.t.unmatchedCallbacks)
      .where(
        and(
          lt(id, p.before),
          sql`(${p.gateway} = '' or ${eq(gateway, p.gateway)})`,
          isOfSome ? isOfProjects(kit, p) : undefined,
        ),
      )
      .orderBy(desc(id))
      .limit(p.limit);
  });
}

/** Newest first. */
export function listUnmatched(
  on: Reader,
  { projectIds, gateway, before, limit }: UnmatchedQuery,
): Promise<readonly ListedUnmatched[]> {
  return on.all(projectIds === null ? PAGES.all : PAGES.some, {
    projectIds: JSON.stringify(projectIds ?? []),
    gateway: gateway ?? '',
    before: before ?? Number.MAX_SAFE_INTEGER,
    limit,
  });
}

export function findUnmatched(on: Reader, id: number): Promise<UnmatchedRow | null> {
  return findRow(on, 'unmatchedCallbacks', { id });
}
