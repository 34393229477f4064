import { and, asc, eq, sql } from 'drizzle-orm';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import type { Reader } from '../../tx.ts';
import { compare, type ListedPayment, type Position, readPayments } from '../list.ts';
import { listProjectIds } from './payments.ts';

/** Paid payments in the order in which the money came, as the books want them. */
export interface PaidListInput {
  /** Null: every project's. */
  readonly projectId: number | null;
  readonly keyKind: Row<'payments'>['keyKind'];
  /** Paid at or after. */
  readonly from: number;
  /** Paid before. */
  readonly to: number;
  /** Time of payment and id of the last one of the page before. */
  readonly after: Position | null;
  readonly limit: number;
}

export interface PaidPage {
  readonly payments: readonly ListedPayment[];
  /** `after` of the next page; null: this was the last one. */
  readonly next: Position | null;
}

interface Range {
  readonly projectId: number;
  readonly keyKind: Row<'payments'>['keyKind'];
  readonly lowAt: number;
  readonly lowId: number;
  readonly to: number;
  readonly most: number;
}

const ROWS = statement(({ db, by, t: { payments } }, p: Range) =>
  db
    .select({ at: sql<number>`${payments.paidAt}`.mapWith(Number), id: payments.id })
    .from(by(payments, 'payments_paid'))
    .where(
      and(
        eq(payments.projectId, p.projectId),
        eq(payments.keyKind, p.keyKind),
        sql`${payments.paidAt} is not null`,
        sql`(${payments.paidAt}, ${payments.id}) > (${p.lowAt}, ${p.lowId})`,
        sql`${payments.paidAt} < ${p.to}`,
      ),
    )
    .orderBy(asc(payments.paidAt), asc(payments.id))
    .limit(p.most),
);

export async function listPaid(on: Reader, input: PaidListInput): Promise<PaidPage> {
  const { keyKind, from, to, after, limit } = input;
  const low = after ?? { at: from - 1, id: Number.MAX_SAFE_INTEGER };
  const range = { keyKind, lowAt: low.at, lowId: low.id, to, most: limit + 1 };
  const ids = await listProjectIds(on, input.projectId);
  const found = await Promise.all(ids.map((projectId) => on.all(ROWS, { ...range, projectId })));
  const rows = found.flat().sort(compare);
  const page = rows.slice(0, limit);
  return { payments: await readPayments(on, page), next: rows.length > limit ? (page.at(-1) ?? null) : null };
}
