import { ActionError } from './http.ts';
import { limits } from './options.ts';
import type { Shelf } from './shelves.ts';
import type { World } from './world.ts';

/** One callback as it went out, and what came back. */
export interface CallbackRecord {
  readonly at: number;
  readonly kind: string;
  readonly url: string;
  readonly status: number | null;
  readonly answer: string;
  readonly acknowledged: boolean;
  readonly error?: string;
}

/** What is kept of an order whatever else its stand keeps. */
export interface KeptOrder {
  readonly status: string;
  readonly createdAt: number;
  readonly paidAt: number | null;
  /** Null: the order waits for ever. */
  readonly deadline: number | null;
  readonly callbacks: readonly CallbackRecord[];
}

/** The orders of one stand, on their shelf. */
export interface Orders<T> {
  shelf(world: World): Shelf<T>;
  /** By the key or another number of the order; the newest of several. */
  find(world: World, number: string): T | undefined;
  need(world: World, number: string): T;
  needUnpaid(world: World, number: string): T;
  refusePaid(order: T): T;
  put(world: World, order: T): T;
  /** Changes what is kept now, which may be newer than what the caller holds. */
  change(world: World, order: T, changes: Partial<T>): T;
  /** What is kept now of an order; the order itself when it is gone. */
  refresh(world: World, order: T): T;
  keepRecord(world: World, order: T, record: CallbackRecord): void;
}

interface OrdersParts<T> {
  readonly shelf: (world: World) => Shelf<T>;
  readonly keyOf: (order: T) => string;
  /** By a number that is not the key. */
  readonly search: (world: World, number: string) => T | undefined;
}

function refusePaid<T extends KeptOrder>(order: T): T {
  if (order.status === 'paid') throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  return order;
}

export function openOrders<T extends KeptOrder>({ shelf, keyOf, search }: OrdersParts<T>): Orders<T> {
  const edit = (world: World, order: T, change: (current: T) => T): T =>
    shelf(world).change(keyOf(order), change) ?? change(order);
  const find = (world: World, number: string) => shelf(world).get(number) ?? search(world, number);
  const need = (world: World, number: string): T => {
    const order = find(world, number);
    if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${number}.`);
    return order;
  };
  return {
    shelf,
    find,
    need,
    refusePaid,
    needUnpaid: (world, number) => refusePaid(need(world, number)),
    put: (world, order) => shelf(world).put(keyOf(order), order),
    change: (world, order, changes) => edit(world, order, (current) => ({ ...current, ...changes })),
    refresh: (world, order) => shelf(world).get(keyOf(order)) ?? order,
    keepRecord: (world, order, record) => {
      const keep = (current: T): T => ({
        ...current,
        callbacks: [...current.callbacks, record].slice(-limits.callbacksKept),
      });
      edit(world, order, keep);
    },
  };
}

/** Gateways send nothing when a number runs out, so the status follows the clock. */
export function statusAt<T extends KeptOrder>(order: T, now: number): T['status'] | 'expired' {
  const isOver = order.status !== 'paid' && order.deadline !== null && order.deadline < now;
  return isOver ? 'expired' : order.status;
}
