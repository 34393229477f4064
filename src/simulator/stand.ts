import type { Input } from './actions.ts';
import type { CallbackRecord } from './order.ts';
import type { Route, World } from './world.ts';

/**
 * A gateway that the simulator stands in for, besides ECPay: its own paths, and what a person or a program can do with
 * its orders. Its records lie on shelves of `world.shelves`.
 */
export interface Stand {
  /** As in PayCore's routes: `smilepay`, `paypal`, `stripe`, `plus`. */
  readonly id: string;
  readonly name: string;
  /** The vendor's own paths, and pages of the simulator's own for a payer. */
  readonly routes: readonly Route[];
  /** The order with this number, the shop's or the gateway's own; the newest of several. */
  find(world: World, number: string): StandOrder | undefined;
  newest(world: World, count: number): readonly StandOrder[];
  /** By name: `pay`, `decline`, `expire`, `repeat`, `forge` and the gateway's own. Throws ActionError. */
  readonly actions: Readonly<Record<string, StandAction>>;
  /** What `forge` takes as `kind`. */
  readonly forgeKinds: readonly string[];
  /** For `GET /simulator/api`: options of the actions beside the common ones, and routes of its own. */
  readonly docs: readonly {
    readonly route: string;
    readonly body?: Readonly<Record<string, string>>;
    readonly answers: string;
  }[];
  /** What a call is about, for the request log; the number is '' when the call names none. */
  readCaller(call: { readonly url: URL; readonly body: string }): {
    readonly merchantId: string;
    readonly orderNo: string;
  };
}

/** `number` as `find` takes it. `origin` is that of the simulator as the caller sees it. */
export type StandAction = (world: World, number: string, input: Input, origin: string) => Promise<void>;

/** An order as pages and the JSON API show it. */
export interface StandOrder {
  readonly gateway: string;
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
  /** Numbers to pay with, and whatever else is worth seeing. */
  readonly info: Readonly<Record<string, string>>;
  /** The request as the shop sent it, without secrets. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly callbacks: readonly CallbackRecord[];
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The order as the JSON API shows it. */
export function viewStandOrder(order: StandOrder): Record<string, unknown> {
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
    callbacks: order.callbacks.map((record) => ({ ...record, at: iso(record.at) })),
  };
}
