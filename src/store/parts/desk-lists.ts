import type { Bound } from '../bind.ts';
import { findNumbered, type NumberedPayment } from '../queries/desk/exact.ts';
import { listPaid, type PaidListInput, type PaidPage } from '../queries/desk/paid.ts';
import { type DeskListInput, type DeskPage, listDeskPayments } from '../queries/desk/payments.ts';
import { listDeskRefunds, type RefundListInput, type RefundPage } from '../queries/desk/refunds.ts';

/** Lists as the merchant looks at them: of one project or of all. */
export interface DeskListStore {
  /** Newest first. */
  listDeskPayments(input: DeskListInput): Promise<DeskPage>;
  /** Payments that have just this number, of every project and of both kinds; a few, where many have it. */
  findNumbered(text: string, gateways: readonly string[]): Promise<readonly NumberedPayment[]>;
  /** In the order in which the money came. */
  listPaid(input: PaidListInput): Promise<PaidPage>;
  /** Newest first. */
  listDeskRefunds(input: RefundListInput): Promise<RefundPage>;
}

export function deskListStore({ query }: Bound): DeskListStore {
  return {
    listDeskPayments: query((on, input: DeskListInput) => listDeskPayments(on, input)),
    findNumbered: query(findNumbered),
    listPaid: query(listPaid),
    listDeskRefunds: query((on, input: RefundListInput) => listDeskRefunds(on, input)),
  };
}
