import type { PaidListInput } from '../../../store/queries/desk/paid.ts';
import type { DeskListInput } from '../../../store/queries/desk/payments.ts';
import type { RefundListInput } from '../../../store/queries/desk/refunds.ts';
import type { Position } from '../../../store/queries/list.ts';
import type { Store } from '../../../store/store.ts';
import { BOOK_COLUMNS, type Column, PAYMENT_COLUMNS, REFUND_COLUMNS } from './columns.ts';
import { type SheetOptions, writeSheet } from './write.ts';

/** A list that is written out, and how far it is asked for. */
export type Sheet =
  | { readonly of: 'payments'; readonly asked: Omit<DeskListInput, 'before' | 'limit'> }
  | { readonly of: 'books'; readonly asked: Omit<PaidListInput, 'after' | 'limit'> }
  | { readonly of: 'refunds'; readonly asked: Omit<RefundListInput, 'before' | 'limit'> };

type Parts = { readonly store: Pick<Store, 'listDeskPayments' | 'listPaid' | 'listDeskRefunds' | 'listProjects'> };

/** Rows that are read at once: in the time that it takes nobody else is answered. */
const AT_ONCE = 50;

/** The file in pieces, each when it is asked for; whoever stops asking leaves nothing behind. */
export async function* exportSheet({ store }: Parts, sheet: Sheet, options: SheetOptions): AsyncGenerator<string> {
  const projects = new Map((await store.listProjects()).map(({ id, name }) => [id, name]));
  const write = <Row>(columns: readonly Column<Row>[], pages: AsyncIterable<readonly Row[]>) =>
    writeSheet(columns, pages, { projects }, options);
  switch (sheet.of) {
    case 'payments':
      return yield* write(
        PAYMENT_COLUMNS,
        pagesOf(async (before) => {
          const { payments, next } = await store.listDeskPayments({ ...sheet.asked, before, limit: AT_ONCE });
          return [payments, next];
        }),
      );
    case 'books':
      return yield* write(
        BOOK_COLUMNS,
        pagesOf(async (after) => {
          const { payments, next } = await store.listPaid({ ...sheet.asked, after, limit: AT_ONCE });
          return [payments, next];
        }),
      );
    case 'refunds':
      return yield* write(
        REFUND_COLUMNS,
        pagesOf(async (before) => {
          const { refunds, next } = await store.listDeskRefunds({ ...sheet.asked, before, limit: AT_ONCE });
          return [refunds, next];
        }),
      );
  }
}

async function* pagesOf<Row>(
  read: (after: Position | null) => Promise<readonly [rows: readonly Row[], next: Position | null]>,
): AsyncGenerator<readonly Row[]> {
  let after: Position | null = null;
  do {
    const [rows, next]: readonly [readonly Row[], Position | null] = await read(after);
    yield rows;
    after = next;
  } while (after !== null);
}
