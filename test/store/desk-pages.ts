import type { PaymentFilter } from '../../src/core/payment-query.ts';
import { type Effort, listPayments, type PaymentPage, type Position } from '../../src/store/queries/list.ts';
import type { Row } from '../../src/store/schema/rows.ts';
import type { Shop } from './desk-support.ts';
import type { TestEngine } from './open.ts';

type Payment = Row<'payments'>;

export interface Shown {
  readonly of: Shop;
  readonly limit?: number;
  readonly effort?: Effort;
}

/** Follows the pages to the last one; a list that does not come to an end fails. */
export async function readAll(t: TestEngine, filter: PaymentFilter, { of, limit = 3, effort }: Shown) {
  const pages: PaymentPage[] = [];
  let before: Position | null = null;
  do {
    const input = { projectId: of.projectId, keyKind: 'test', filter, before, limit } as const;
    const page: PaymentPage = await listPayments(t.reader, input, effort);
    pages.push(page);
    before = page.next;
    if (pages.length > 2000) throw new Error('the list has no end');
  } while (before);
  return { pages, numbers: pages.flatMap((page) => page.payments.map(({ payment }) => payment.paymentNo)) };
}

export const numbersOf = (rows: readonly Payment[]) => rows.map(({ paymentNo }) => paymentNo);
