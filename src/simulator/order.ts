import { refuseAction } from './http.ts';
import { limits } from './options.ts';
import type { CallbackRecord } from './sender.ts';
import type { Shelf } from './shelves.ts';
import type { World } from './world.ts';

/** What is kept of an order whatever else its stand keeps. */
export interface Kept {
  readonly createdAt: number;
  readonly callbacks: readonly CallbackRecord[];
}

/** An order of a gateway whose payers bring money to a number that waits for it. */
export interface KeptOrder extends Kept {
  readonly status: string;
  readonly paidAt: number | null;
  /** Null: the order waits for ever. */
  readonly deadline: number | null;
}

interface OrdersParts<T> {
  /** Of the shelf. */
  readonly name: string;
  readonly cap?: number;
  readonly keyOf: (order: T) => string;
  /** Whether a number that is not the key is one of the order's. */
  readonly isMeant: (order: T, number: string) => boolean;
}

/** The orders of one stand, on their shelf. */
export type Orders<T extends Kept> = ReturnType<typeof openOrders<T>>;

export function openOrders<T extends Kept>({ name, cap, keyOf, isMeant }: OrdersParts<T>) {
  const shelf = (world: World): Shelf<T> => world.shelves.open(name, cap);
  const edit = (world: World, order: T, change: (current: T) => T): T =>
    shelf(world).change(keyOf(order), change) ?? change(order);
  /** By the key or another number of the order; the newest of several. */
  const find = (world: World, number: string): T | undefined =>
    shelf(world).get(number) ?? shelf(world).find((order) => isMeant(order, number));
  return {
    shelf,
    find,
    need: (world: World, number: string): T =>
      find(world, number) ?? refuseAction('ORDER_NOT_FOUND', `No order ${number}.`, 404),
    put: (world: World, order: T): T => shelf(world).put(keyOf(order), order),
    /** Changes what is kept now, which may be newer than what the caller holds. */
    change: (world: World, order: T, changes: Partial<T>): T =>
      edit(world, order, (current) => ({ ...current, ...changes })),
    /** What is kept now of an order; the order itself when it is gone. */
    refresh: (world: World, order: T): T => shelf(world).get(keyOf(order)) ?? order,
    keepRecord: (world: World, order: T, record: CallbackRecord): void => {
      const keep = ({ callbacks }: T) => [...callbacks, record].slice(-limits.callbacksKept);
      edit(world, order, (current) => ({ ...current, callbacks: keep(current) }));
    },
  };
}

export const refusePaid = <T extends KeptOrder>(order: T): T =>
  order.status === 'paid' ? refuseAction('ORDER_ALREADY_PAID', 'This order is paid already.') : order;

/** Gateways send nothing when a number runs out, so the status follows the clock. */
export function statusAt<T extends KeptOrder>(order: T, now: number): T['status'] | 'expired' {
  const isOver = order.status !== 'paid' && order.deadline !== null && order.deadline < now;
  return isOver ? 'expired' : order.status;
}
