import { formatTaipei } from '../clock.ts';
import { limits } from '../options.ts';
import type { CallbackRecord } from '../order.ts';
import type { Shelf } from '../shelves.ts';
import type { StandOrder } from '../stand.ts';
import type { World } from '../world.ts';
import { findMethod } from './methods.ts';

export type SmilePayStatus = 'issued' | 'paid' | 'declined' | 'expired';

/** A callback as it went out, kept for a replay. */
export interface Outgoing {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
  /** The whole answer that counts as "received". */
  readonly wanted: string;
}

/** A number that was issued. */
export interface SmilePayOrder {
  readonly smilePayNo: string;
  readonly dcvc: string;
  readonly rvg2c: string;
  readonly payZg: string;
  readonly dataId: string;
  /** Whole TWD. */
  readonly amount: number;
  readonly deadline: number | null;
  readonly status: SmilePayStatus;
  readonly createdAt: number;
  readonly paidAt: number | null;
  /** AtmBankNo, AtmNo, IbonNo, FamiNO, Barcode1 to Barcode3. */
  readonly numbers: Readonly<Record<string, string>>;
  /** The request by lower-case name, without Verify_key. */
  readonly sent: Readonly<Record<string, string>>;
  /** The same in the shop's own spelling. */
  readonly fields: Readonly<Record<string, string>>;
  readonly callbacks: readonly CallbackRecord[];
  readonly last: Outgoing | null;
}

export function orderShelf(world: World): Shelf<SmilePayOrder> {
  return world.shelves.open<SmilePayOrder>('smilepay.orders');
}

/** By SmilePayNO, else the newest of that Data_id. */
export function findOrder(world: World, number: string): SmilePayOrder | undefined {
  const shelf = orderShelf(world);
  return shelf.get(number) ?? shelf.find((order) => order.dataId === number && number !== '');
}

/** SmilePay sends nothing when a number runs out, so the status follows the clock. */
export function statusAt(order: SmilePayOrder, now: number): SmilePayStatus {
  const isOver = order.status !== 'paid' && order.deadline !== null && order.deadline < now;
  return isOver ? 'expired' : order.status;
}

export function payEndDate(order: SmilePayOrder): string {
  return order.deadline === null ? '' : formatTaipei(order.deadline);
}

/** The number the payer paid with; empty for barcodes. */
export function paymentNo(order: SmilePayOrder): string {
  return order.numbers[findMethod(order.payZg)?.numberField ?? ''] ?? '';
}

export function keepRecord(world: World, smilePayNo: string, record: CallbackRecord): void {
  orderShelf(world).change(smilePayNo, (current) => ({
    ...current,
    callbacks: [...current.callbacks, record].slice(-limits.callbacksKept),
  }));
}

export function payerPath(order: SmilePayOrder): string {
  return `/smilepay/pay/${order.smilePayNo}`;
}

export function viewOrder(order: SmilePayOrder, now: number): StandOrder {
  return {
    gateway: 'smilepay',
    orderNo: order.dataId,
    tradeNo: order.smilePayNo,
    method: findMethod(order.payZg)?.name ?? order.payZg,
    amount: String(order.amount),
    currency: 'TWD',
    status: statusAt(order, now),
    isPaid: order.status === 'paid',
    createdAt: order.createdAt,
    item: order.sent.od_sob ?? '',
    payerPage: payerPath(order),
    info: { Dcvc: order.dcvc, ...order.numbers, PayEndDate: payEndDate(order) },
    fields: order.fields,
    callbacks: order.callbacks,
  };
}
