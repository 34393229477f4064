import { detailsOf } from '../../../core/notification.ts';
import { UNCHOSEN } from '../../../core/payment.ts';
import type { ListedRefund } from '../../../store/queries/desk/refunds.ts';
import type { ListedPayment } from '../../../store/queries/list.ts';
import { amount, type Cell, text, time } from './cells.ts';

/** The sheets, column by column, by the stable name of each. */

export interface Context {
  /** Names of projects by id. */
  readonly projects: ReadonlyMap<number, string>;
}

export type Column<Row> = readonly [name: string, read: (row: Row, context: Context) => Cell];

const detailsIn = ({ attempt }: ListedPayment) => detailsOf(attempt) ?? {};

/** What any list of payments says of each. */
const NUMBERS: readonly Column<ListedPayment>[] = [
  ['payment_no', ({ payment }) => text(payment.paymentNo)],
  ['merchant_order_no', ({ payment }) => text(payment.merchantOrderNo)],
  ['project', ({ payment }, { projects }) => text(projects.get(payment.projectId))],
  ['kind', ({ payment }) => text(payment.keyKind)],
];
const WAY: readonly Column<ListedPayment>[] = [
  ['gateway', ({ payment }) => text(payment.gateway === UNCHOSEN ? null : payment.gateway)],
  ['method', ({ payment }) => text(payment.gateway === UNCHOSEN ? null : payment.method)],
];
const MONEY: readonly Column<ListedPayment>[] = [
  ['currency', ({ payment }) => text(payment.currency)],
  ['amount', ({ payment }) => amount(payment.amount, payment.currency)],
  ['refunded', ({ payment }) => amount(payment.refunded, payment.currency)],
];
/** Some gateways settle in another currency than the payer's. */
const FEES: readonly Column<ListedPayment>[] = [
  ['fee', (row) => moneyOf(detailsIn(row).fee)],
  ['net', (row) => moneyOf(detailsIn(row).net)],
  ['fee_currency', (row) => text((detailsIn(row).fee ?? detailsIn(row).net)?.currency)],
];
const GATEWAY_NUMBERS: readonly Column<ListedPayment>[] = [
  ['gateway_order_no', ({ attempt }) => text(attempt?.gatewayOrderNo)],
  ['gateway_trade_no', ({ attempt }) => text(attempt?.gatewayTradeNo)],
];

function moneyOf(money: { readonly amount: number; readonly currency: string } | undefined): Cell {
  return amount(money?.amount, money?.currency ?? '');
}

export const PAYMENT_COLUMNS: readonly Column<ListedPayment>[] = [
  ...NUMBERS,
  ['status', ({ payment }) => text(payment.status)],
  ['reason', ({ payment }) => text(payment.reason)],
  ['flags', ({ payment }) => text(payment.flags.join(' '))],
  ...WAY,
  ...MONEY,
  ...FEES,
  ['item_name', ({ payment }) => text(payment.order.itemName)],
  ['buyer_name', ({ payment }) => text(payment.order.buyerName)],
  ['buyer_email', ({ payment }) => text(payment.order.buyerEmail)],
  ['payer_account', ({ payment }) => text(payment.order.payerAccount)],
  ...GATEWAY_NUMBERS,
  ['created_at', ({ payment }) => time(payment.createdAt)],
  ['paid_at', ({ payment }) => time(payment.paidAt)],
];

/** For the bookkeeper: what came, and what of it is left. */
export const BOOK_COLUMNS: readonly Column<ListedPayment>[] = [
  ['paid_at', ({ payment }) => time(payment.paidAt)],
  ...NUMBERS,
  ...WAY,
  ...MONEY,
  ['kept', ({ payment }) => amount(payment.amount - payment.refunded, payment.currency)],
  ...FEES,
  ['flags', ({ payment }) => text(payment.flags.join(' '))],
  ['item_name', ({ payment }) => text(payment.order.itemName)],
  ['gateway_trade_no', ({ attempt }) => text(attempt?.gatewayTradeNo)],
];

/** Money that went back stands with a minus: summed with what came it gives what is left. */
export const REFUND_COLUMNS: readonly Column<ListedRefund>[] = [
  ['created_at', ({ refund }) => time(refund.createdAt)],
  ['refund_no', ({ refund }) => text(refund.refundNo)],
  ['payment_no', ({ payment }) => text(payment.paymentNo)],
  ['merchant_order_no', ({ payment }) => text(payment.merchantOrderNo)],
  ['project', ({ payment }, { projects }) => text(projects.get(payment.projectId))],
  ['kind', ({ payment }) => text(payment.keyKind)],
  ['status', ({ refund }) => text(refund.status)],
  ['source', ({ refund }) => text(refund.source)],
  ['gateway', ({ payment }) => text(payment.gateway)],
  ['method', ({ payment }) => text(payment.method)],
  ['currency', ({ payment }) => text(payment.currency)],
  ['amount', ({ refund, payment }) => amount(-refund.amount, payment.currency)],
  ['reason', ({ refund }) => text(refund.reason)],
  ['gateway_refund_no', ({ refund }) => text(refund.gatewayRefundNo)],
  ['message', ({ refund }) => text(refund.message)],
];
