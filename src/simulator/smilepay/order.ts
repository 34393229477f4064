import { formatTaipei } from '../clock.ts';
import { type KeptOrder, openOrders } from '../order.ts';
import type { Outgoing as PlainOutgoing } from '../payments.ts';
import { type StandOrder, viewKept } from '../stand.ts';
import type { World } from '../world.ts';
import { findMethod } from './methods.ts';

export interface Outgoing extends PlainOutgoing {
  /** The whole answer that counts as "received". */
  readonly wanted: string;
}

export interface SmilePayOrder extends KeptOrder {
  readonly smilePayNo: string;
  readonly dcvc: string;
  readonly rvg2c: string;
  readonly payZg: string;
  readonly dataId: string;
  /** Whole TWD. */
  readonly amount: number;
  readonly status: 'issued' | 'paid' | 'declined' | 'expired';
  /** AtmBankNo, AtmNo, IbonNo, FamiNO, Barcode1 to Barcode3. */
  readonly numbers: Readonly<Record<string, string>>;
  /** The request by lower-case name, without Verify_key. */
  readonly sent: Readonly<Record<string, string>>;
  /** The same in the shop's own spelling. */
  readonly fields: Readonly<Record<string, string>>;
  readonly last: Outgoing | null;
}

/** By SmilePayNO, else the newest of that Data_id. */
export const orders = openOrders<SmilePayOrder>({
  name: 'smilepay.orders',
  keyOf: ({ smilePayNo }) => smilePayNo,
  isMeant: ({ dataId }, number) => dataId === number && number !== '',
});

export const payEndDate = (order: SmilePayOrder): string =>
  order.deadline === null ? '' : formatTaipei(order.deadline);

/** The number the payer paid with; empty for barcodes. */
export const paymentNo = (order: SmilePayOrder): string =>
  order.numbers[findMethod(order.payZg)?.numberField ?? ''] ?? '';

export const payerPath = (order: SmilePayOrder): string => `/smilepay/pay/${order.smilePayNo}`;

export const viewOrder = (world: World, order: SmilePayOrder): StandOrder => ({
  ...viewKept(world, order, order.amount),
  gateway: 'smilepay',
  orderNo: order.dataId,
  tradeNo: order.smilePayNo,
  method: findMethod(order.payZg)?.name ?? order.payZg,
  item: order.sent.od_sob ?? '',
  payerPage: payerPath(order),
  number: Object.values(order.numbers).join(' '),
  info: { Dcvc: order.dcvc, ...order.numbers, PayEndDate: payEndDate(order) },
  fields: order.fields,
});
