import { formatTaipei } from '../clock.ts';
import { limits } from '../options.ts';
import type { CallbackRecord } from '../order.ts';
import { digits, type Random } from '../random.ts';
import type { Shelf } from '../shelves.ts';
import type { StandOrder } from '../stand.ts';
import type { World } from '../world.ts';

export type PlusStatus = 'waiting' | 'paid' | 'declined' | 'expired';
export type Channel = 'small' | 'large';

/** A callback as it went out, kept for a replay. */
export interface Outgoing {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

export interface PlusOrder {
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
  readonly status: PlusStatus;
  readonly createdAt: number;
  readonly paidAt: number | null;
  /** The request without its sign. */
  readonly fields: Readonly<Record<string, string>>;
  readonly callbacks: readonly CallbackRecord[];
  readonly last: Outgoing | null;
}

const PLAT_NO_DIGITS = 8;

/** `PL`, the day, eight digits. */
export function makePlatNo(now: number, random: Random, isTaken: (platNo: string) => boolean): string {
  const day = formatTaipei(now).slice(2, 10).replaceAll('/', '');
  let serial = Number(digits(random, PLAT_NO_DIGITS));
  const write = () => `PL${day}${String(serial).padStart(PLAT_NO_DIGITS, '0')}`;
  while (isTaken(write())) serial = (serial + 1) % 10 ** PLAT_NO_DIGITS;
  return write();
}

export function orderShelf(world: World): Shelf<PlusOrder> {
  return world.shelves.open<PlusOrder>('plus.orders');
}

/** One shop's order by the shop's number. */
export function findOfShop(world: World, appid: string, orderNo: string): PlusOrder | undefined {
  return orderShelf(world).find((order) => order.appid === appid && order.orderNo === orderNo);
}

/** By plat_no, else the newest with that order_no. */
export function findOrder(world: World, number: string): PlusOrder | undefined {
  const shelf = orderShelf(world);
  return shelf.get(number) ?? shelf.find((order) => order.orderNo === number);
}

/** Nothing is sent when time runs out, so the status follows the clock. */
export function statusAt(order: PlusOrder, now: number): PlusStatus {
  return order.status !== 'paid' && order.deadline < now ? 'expired' : order.status;
}

/** `yyyy-mm-dd HH:MM:SS` in Taipei. */
export function expireAt(order: PlusOrder): string {
  return formatTaipei(order.deadline).replaceAll('/', '-');
}

export function payerPath(order: PlusOrder): string {
  return `/plus/pay/${order.platNo}`;
}

export function keepRecord(world: World, platNo: string, record: CallbackRecord): void {
  orderShelf(world).change(platNo, (current) => ({
    ...current,
    callbacks: [...current.callbacks, record].slice(-limits.callbacksKept),
  }));
}

export function viewOrder(order: PlusOrder, now: number): StandOrder {
  return {
    gateway: 'plus',
    orderNo: order.orderNo,
    tradeNo: order.platNo,
    method: 'atm',
    amount: String(order.money),
    currency: 'TWD',
    status: statusAt(order, now),
    isPaid: order.status === 'paid',
    createdAt: order.createdAt,
    item: '',
    payerPage: payerPath(order),
    info: {
      appid: order.appid,
      bank_code: order.bankCode,
      account_code: order.accountCode,
      channel: order.channel,
      expire_at: expireAt(order),
    },
    fields: order.fields,
    callbacks: order.callbacks,
  };
}
