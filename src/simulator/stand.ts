import type { VNode } from 'preact';
import type { Effects } from './effects.ts';
import type { Input } from './input.ts';
import { type Kept, type KeptOrder, type Orders, statusAt } from './order.ts';
import type { Callback, CallbackRecord, SavedCallback } from './sender.ts';
import type { Call, Caller, Route, World } from './world.ts';

/**
 * A gateway that the simulator stands in for: its own paths, and what a person or a program can do with its orders. Its
 * records lie on shelves of `world.shelves`.
 */
export interface Stand {
  /** As in PayCore's routes: `ecpay`, `smilepay`, `paypal`, `stripe`, `plus`. */
  readonly id: string;
  readonly name: string;
  /** The vendor's own paths, and pages of the simulator's own for a payer. */
  readonly routes: readonly Route[];
  /** The order with this number, the shop's or the gateway's own; the newest of several. */
  find(world: World, number: string, merchantId?: string): StandOrder | undefined;
  newest(world: World, count: number): readonly StandOrder[];
  /** By name: `pay`, `decline`, `expire`, `repeat`, `forge` and the gateway's own. Throws ActionError. */
  readonly actions: Readonly<Record<string, StandAction>>;
  /** What `forge` takes as `kind`. */
  readonly forgeKinds: readonly string[];
  /** Options of `pay` that are a box to tick for a person. */
  readonly payFlags?: readonly string[];
  /** For `GET /simulator/api`: options of the actions beside the common ones, and routes of its own. */
  readonly docs: readonly StandDoc[];
  readCaller(call: Call): Caller;
  /** Faults that look different here, and those that happen here only. */
  readonly effects?: Effects;
  /** A callback that was waiting when the process ended; null when its order is gone. */
  restore?(world: World, saved: SavedCallback): Callback | null;
  /** What a person sees and sets beside the orders. */
  section?(world: World): VNode;
}

/** One line of the JSON API's description. */
export interface StandDoc {
  readonly route: string;
  readonly body?: Readonly<Record<string, string>>;
  readonly answers: string;
}

/**
 * `number` as `find` takes it. `origin` is that of the simulator as the caller sees it. A program is answered with the
 * order, and with what the action tells besides.
 */
export type StandAction = (
  world: World,
  number: string,
  input: Input,
  origin: string,
) => Promise<void> | Promise<Readonly<Record<string, unknown>>>;

/** An order as pages and the JSON API show it. */
export interface StandOrder {
  readonly gateway: string;
  /** What `find` takes for this very order; `tradeNo` when left out. */
  readonly key?: string;
  /** What the shop calls it there. */
  readonly orderNo: string;
  /** What the gateway calls it. */
  readonly tradeNo: string;
  readonly method: string;
  /** As the gateway writes it, e.g. `980` or `10.99`. */
  readonly amount: string;
  readonly currency: string;
  /** In the gateway's own words, e.g. `requires_action`. */
  readonly status: string;
  /** Paid, for whoever does not know the gateway's words. */
  readonly isPaid: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly item: string;
  /** Where a payer goes on, a path of the simulator; null when there is no such page. */
  readonly payerPage: string | null;
  /** What a payer brings to a bank or a counter: account, code or barcodes. */
  readonly number?: string;
  /** Numbers to pay with, and whatever else is worth seeing. */
  readonly info: Readonly<Record<string, string>>;
  /** The request as the shop sent it, without secrets. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly callbacks: readonly CallbackRecord[];
  /** When the next callback is due, as far as that is known. */
  readonly retryAt?: number | null;
  /** What the JSON API shows instead of all this, in the gateway's own names. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Forgeries that make sense for it; all of the stand's when left out. */
  readonly forgeKinds?: readonly string[];
}

const iso = (ms: number): string => new Date(ms).toISOString();

export const viewCallbacks = (order: Pick<StandOrder, 'callbacks'>): readonly Readonly<Record<string, unknown>>[] =>
  order.callbacks.map((record) => ({ ...record, at: iso(record.at) }));

export function viewStandOrder(order: StandOrder): Readonly<Record<string, unknown>> {
  if (order.json) return order.json;
  return {
    gateway: order.gateway,
    order_no: order.orderNo,
    trade_no: order.tradeNo,
    method: order.method,
    amount: order.amount,
    currency: order.currency,
    status: order.status,
    paid: order.isPaid,
    created_at: iso(order.createdAt),
    payer_page: order.payerPage,
    info: order.info,
    fields: order.fields,
    callbacks: viewCallbacks(order),
  };
}

type Numbered = Pick<StandOrder, 'gateway' | 'key'> & Partial<Pick<StandOrder, 'tradeNo' | 'orderNo'>>;

/** What the actions take for this very order. */
export const numberOf = (order: Numbered): string => order.key ?? (order.tradeNo || order.orderNo || '');

/**
 * Where something is done to the order, or its page. `back`: by its payer, whose payment page that is; empty when it is not
 * known.
 */
export const orderPath = (order: Numbered, action: string, back?: string): string =>
  `/simulator/orders/${numberOf(order)}/${action}?gateway=${order.gateway}` +
  (back === undefined ? '' : `&back=${encodeURIComponent(back)}`);

/** What is seen of every kept order, in whole TWD. */
export const viewKept = (world: World, order: KeptOrder, amount: number) => ({
  amount: String(amount),
  currency: 'TWD',
  status: statusAt(order, world.now()),
  isPaid: order.status === 'paid',
  createdAt: order.createdAt,
  callbacks: order.callbacks,
});

/** What is done to an order that was found. */
export type Work<T> = (world: World, order: T, input: Input, origin: string) => ReturnType<StandAction>;

/** How the stand is asked for the orders on its shelf, and what can be done to them. */
export function standOver<T extends Kept>(
  orders: Orders<T>,
  view: (world: World, order: T) => StandOrder,
  works: Readonly<Record<string, Work<T>>>,
): Pick<Stand, 'find' | 'newest' | 'actions'> {
  const act =
    (work: Work<T>): StandAction =>
    (world, number, input, origin) =>
      work(world, orders.need(world, number), input, origin);
  return {
    find: (world, number) => {
      const order = orders.find(world, number);
      return order && view(world, order);
    },
    newest: (world, count) => Array.from(orders.shelf(world).newest(count), (order) => view(world, order)),
    actions: Object.fromEntries(Object.entries(works).map(([name, work]) => [name, act(work)])),
  };
}

export const doc = (route: string, answers: string, body?: Readonly<Record<string, string>>): StandDoc =>
  body ? { route, body, answers } : { route, answers };
