import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { PaymentFilter } from '../../../core/payment-query.ts';
import { spellTerm } from '../../../core/search-terms.ts';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import type { Reader } from '../../tx.ts';
import { compare, type Found, type ListInput } from '../list.ts';

/** Payments by what they are called besides their numbers. */

/** Of a term that more payments have, or that more begin with, the newest are shown, and that there are more. */
export const MOST_FOUND = 1000;

interface Term {
  readonly projectId: number;
  readonly keyKind: Row<'payments'>['keyKind'];
  readonly term: string;
  readonly most: number;
}

const EXACT = statement(({ db, by, t: { searchTerms } }, p: Term) =>
  db
    .select({ id: searchTerms.paymentId })
    .from(by(searchTerms, 'search_terms_by_term'))
    .where(
      and(eq(searchTerms.projectId, p.projectId), eq(searchTerms.keyKind, p.keyKind), eq(searchTerms.term, p.term)),
    )
    .orderBy(desc(searchTerms.paymentId))
    .limit(p.most),
);

const BEGINNING = statement(({ db, by, afterPrefix, t: { searchTerms } }, p: Term) =>
  db
    .select({ id: searchTerms.paymentId })
    .from(by(searchTerms, 'search_terms_by_term'))
    .where(
      and(
        eq(searchTerms.projectId, p.projectId),
        eq(searchTerms.keyKind, p.keyKind),
        sql`${searchTerms.term} > ${p.term} and ${searchTerms.term} < ${afterPrefix(sql`${p.term}`)}`,
      ),
    )
    .orderBy(asc(searchTerms.term), asc(searchTerms.paymentId))
    .limit(p.most),
);

const ASKED = statement(({ db, t: { payments }, elements }, p: { ids: string }) =>
  db
    .select({
      id: payments.id,
      at: payments.createdAt,
      status: payments.status,
      gateway: payments.gateway,
      method: payments.method,
      flags: payments.flags,
    })
    .from(payments)
    .where(inArray(payments.id, elements(sql`${p.ids}`, 'number'))),
);

/** Ids of payments that have just this term. */
export async function findExactTerm(on: Reader, term: Term): Promise<readonly number[]> {
  return (await on.all(EXACT, term)).map(({ id }) => id);
}

export interface FoundByTerm extends Found {
  /** There are more than were looked at. */
  readonly isCut: boolean;
}

/** Those of one key with a term that begins like this, in the list's order. */
export async function findByTerm(
  on: Reader,
  { projectId, keyKind, filter, before, limit }: ListInput,
  text: string,
  most = MOST_FOUND,
): Promise<FoundByTerm> {
  const term = spellTerm(text);
  if (term === '') return { rows: [], floor: null, isCut: false };
  const exact = await findExactTerm(on, { projectId, keyKind, term, most });
  const others = await on.all(BEGINNING, { projectId, keyKind, term, most: most - exact.length });
  const ids = new Set([...exact, ...others.map(({ id }) => id)]);
  const rows = ids.size === 0 ? [] : await on.all(ASKED, { ids: JSON.stringify([...ids]) });
  const fitting = rows
    .filter((row) => fits(filter, row) && (before === null || compare(row, before) < 0))
    .sort((a, b) => compare(b, a));
  const isCut = exact.length + others.length >= most;
  return { rows: fitting.slice(0, limit + 1).map(({ at, id }) => ({ at, id })), floor: null, isCut };
}

type Asked = Pick<Row<'payments'>, 'status' | 'gateway' | 'method' | 'flags'> & { readonly at: number };

/** The same as the statements of the list ask. */
export function fits({ status, gateway, method, flag, from, to }: PaymentFilter, row: Asked): boolean {
  return (
    (status === undefined || row.status === status) &&
    (gateway === undefined || row.gateway === gateway) &&
    (method === undefined || row.method === method) &&
    (flag === undefined || row.flags.includes(flag)) &&
    (from === undefined || row.at >= from) &&
    (to === undefined || row.at < to)
  );
}
