import { PayCoreError } from '../../core/errors.ts';
import type { KeyKind } from '../../core/payment.ts';
import type { PaymentFilter } from '../../core/payment-query.ts';
import type { Deps } from '../../deps.ts';
import type { DeskPage } from '../../store/queries/desk/payments.ts';
import type { RefundFilter, RefundPage } from '../../store/queries/desk/refunds.ts';
import type { Position } from '../../store/queries/list.ts';
import { makeCursor, readCursor } from './cursor.ts';

/** The lists of the merchant's desk: payments and refunds of one project or of all. */

export const DESK_PAGE = 50;

export interface Scope {
  /** Null: every project's. */
  readonly projectId: number | null;
  readonly kind: KeyKind;
}

interface Asked<Filter> extends Scope {
  readonly filter: Filter;
  readonly cursor: string | null;
}

type Parts = Pick<Deps, 'store' | 'vault' | 'gateways'>;
type Paged<Page> = Omit<Page, 'next'> & { readonly nextCursor: string | null };

export async function listDeskPayments(
  deps: Parts,
  {
    projectId,
    kind,
    filter,
    cursor,
    search,
  }: Asked<Omit<PaymentFilter, 'number' | 'search'>> & { readonly search: string | null },
): Promise<Paged<DeskPage>> {
  const list = `desk payments ${projectId} ${kind}`;
  const before = readPosition(deps, list, cursor);
  const page = await deps.store.listDeskPayments({
    projectId,
    keyKind: kind,
    filter,
    search,
    before,
    limit: DESK_PAGE,
  });
  return withCursor(deps, list, page);
}

export async function listDeskRefunds(
  deps: Parts,
  { projectId, kind, filter, cursor }: Asked<RefundFilter>,
): Promise<Paged<RefundPage>> {
  const list = `desk refunds ${projectId} ${kind}`;
  const before = readPosition(deps, list, cursor);
  return withCursor(
    deps,
    list,
    await deps.store.listDeskRefunds({ projectId, keyKind: kind, filter, before, limit: DESK_PAGE }),
  );
}

function withCursor<Page extends { readonly next: Position | null }>(
  deps: Parts,
  list: string,
  { next, ...page }: Page,
): Paged<Page> {
  return { ...page, nextCursor: next && makeCursor(deps, list, [next.at, next.id]) };
}

/** One of another view, or an old one, begins again with the newest. */
function readPosition(deps: Parts, list: string, cursor: string | null): Position | null {
  if (cursor === null) return null;
  try {
    const [at = 0, id = 0] = readCursor(deps, list, cursor);
    return { at, id };
  } catch (error) {
    if (error instanceof PayCoreError) return null;
    throw error;
  }
}

/**
 * The one payment that has just this number, of whatever kind; those in view go first. Null when there is none, or more
 * than one: then they are a list.
 */
export async function findByNumber(deps: Parts, { projectId, kind }: Scope, text: string): Promise<string | null> {
  const found = await deps.store.findNumbered(
    text,
    deps.gateways.list.map(({ id }) => id),
  );
  const inView = found.filter((one) => one.keyKind === kind && (projectId === null || one.projectId === projectId));
  const [only, ...others] = inView.length > 0 ? inView : found;
  return only && others.length === 0 ? only.paymentNo : null;
}
