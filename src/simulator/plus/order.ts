import { formatTaipei } from '../clock.ts';
import { type KeptOrder, openOrders } from '../order.ts';
import type { Outgoing } from '../payments.ts';
import { type StandOrder, viewKept } from '../stand.ts';
import type { World } from '../world.ts';

export type Channel = 'small' | 'large';

export interface PlusOrder extends KeptOrder {
  readonly platNo: string;
  readonly appid: string;
  readonly orderNo: string;
  /** Whole TWD. */
  readonly money: number;
  readonly channel: Channel;
  readonly callbackUrl: string;
  readonly returnUrl: string;
  readonly bankCode: string;
  readonly accountCode: string;
  readonly deadline: number;
  readonly status: 'waiting' | 'paid' | 'declined' | 'expired';
  /** The request without its sign. */
  readonly fields: Readonly<Record<string, string>>;
  readonly last: Outgoing | null;
}

/** By plat_no, else the newest with that order_no. */
export const orders = openOrders<PlusOrder>({
  name: 'plus.orders',
  keyOf: ({ platNo }) => platNo,
  isMeant: ({ orderNo }, number) => orderNo === number,
});

/** One shop's order by the shop's number. */
export const findOfShop = (world: World, appid: string, orderNo: string): PlusOrder | undefined =>
  orders.shelf(world).find((order) => order.appid === appid && order.orderNo === orderNo);

/** `yyyy-mm-dd HH:MM:SS` in Taipei. */
export const expireAt = (order: PlusOrder): string => formatTaipei(order.deadline).replaceAll('/', '-');
export const payerPath = (order: PlusOrder): string => `/plus/pay/${order.platNo}`;

export const viewOrder = (world: World, order: PlusOrder): StandOrder => ({
  ...viewKept(world, order, order.money),
  gateway: 'plus',
  orderNo: order.orderNo,
  tradeNo: order.platNo,
  method: 'atm',
  item: '',
  payerPage: payerPath(order),
  number: `${order.bankCode} ${order.accountCode}`.trim(),
  info: {
    appid: order.appid,
    bank_code: order.bankCode,
    account_code: order.accountCode,
    channel: order.channel,
    expire_at: expireAt(order),
  },
  fields: order.fields,
});
