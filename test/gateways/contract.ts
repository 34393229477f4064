import { afterAll, beforeAll, describe, expect } from 'bun:test';
import type { Gateway } from '../../src/gateways/gateway.ts';
import { exampleOrder, startApp, type TestApp } from '../support/app.ts';
import { describeCreates } from './creates.ts';
import { describeForgery } from './forgery.ts';
import { describeMeaning } from './meaning.ts';
import { describeNatures } from './natures.ts';
import { describeOrders } from './orders.ts';

/**
 * What every driver has to pass, over real HTTP and a real database. A driver brings data: how its callbacks are made,
 * what a forger could change about them, what it answers. The tests come from here: `describeGateway(contract)`.
 *
 * - Every way in which the gateway calls is a `CallbackKind`. What the kind cannot say (`says`, `mismatch`, `crossed`,
 *   `hint`, `makeForeign`) is left out, and so are its tests.
 * - `make` may tell the simulator first what is true and give back the bytes that it delivers:
 *   `const [delivery] = await app.catchCallbacks(target.orderNo, () => app.simulate(target.orderNo, 'pay'))` keeps them
 *   from PayCore, and a `Delivery` is a `Post` as it is. (What is sealed names no order: give a function then.) `make` is
 *   called many times for one payment, in any order and at the same time for different ones; what was said before must not
 *   stand in its way (`repeat` instead of a second `pay`).
 * - `proof: 'callback'`: what the callback proves counts, the gateway is not asked. Then `make` need not tell the
 *   simulator anything, and better does not: a driver that asks although it need not is found out that way.
 *   `proof: 'gateway'`: the callback's word does not count, the gateway's answer to a query does.
 * - `hint` is bytes that count only when the gateway agrees: unproved ones that are confirmed by a query, or proved ones
 *   whose word does not count. They must pay nothing until the simulator says "paid".
 * - Answers are `Expected`, exact to the byte: what is dropped is simply acknowledged by `unknown`.
 * - `changes.ts` turns every byte of a body, a header or the query, and thins them out where each costs a call.
 *
 * The app's origins of all gateways lead to the simulator, its rate limits are off, its clock stands still.
 */
export interface GatewayContract {
  /** As in the addresses: `/api/paycore/pay/{id}/…`. */
  readonly id: string;
  readonly kinds: readonly CallbackKind[];
  /** What a create request carries besides the usual fields, or instead of them: credentials, amount, currency. */
  order(mode: Mode): Readonly<Record<string, unknown>>;
  /** PAYCORE_… variables besides the origins. */
  readonly env?: Readonly<Record<string, string>>;
  /** Drivers of the program, when they are others than its own. */
  readonly gateways?: () => readonly Gateway[];
  /** Sets up the simulator, e.g. the address an account's events go to. */
  readonly prepare?: (app: TestApp) => Promise<unknown>;
  /** What every refusal looks like. */
  readonly refusal: { readonly status: number; readonly type: string; readonly text: RegExp };
  /** How another project comes to store credentials under our merchant's number with other keys, those of `makeForeign`. */
  readonly foreign: { readonly route: string; readonly credentials: Readonly<Record<string, unknown>> };
  /** A route whose creation calls the gateway, the path of that call there, and a second amount that it takes. */
  readonly creating: { readonly route: string; readonly callPath: string; readonly otherAmount: number | string };
}

/** Made with a test key, or with a live key for real money. */
export type Mode = 'test' | 'live';

export interface Expected {
  readonly status: number;
  /** Content type. */
  readonly type: string;
  readonly text: string;
}

/** What a kind of callback can say besides "paid". */
export type Saying = 'declined' | 'issued' | 'issued as paid' | 'simulated' | 'other trade number';

export type Made<T> = T | Promise<T>;

/** One way in which the gateway calls us. */
export interface CallbackKind {
  readonly name: string;
  /** The route behind `/api/paycore/pay/` whose payments get such callbacks. */
  readonly route: string;
  /** What a create request carries for this kind, on top of the contract's. */
  readonly order?: (mode: Mode) => Readonly<Record<string, unknown>>;
  readonly says: readonly Saying[];
  readonly proof: 'callback' | 'gateway';
  make(target: Target, say: Say, app: TestApp): Made<Post>;
  /** The same, proved with the secrets of another merchant of the same gateway, who may name himself or us. */
  readonly makeForeign?: (target: Target, say: Say, names: 'himself' | 'us', app: TestApp) => Made<Post>;
  /** Every single change of a byte that the proof covers; the message means something else then, or nothing. */
  flips(post: Post): Made<Iterable<Change>>;
  /** Changes that the gateway's own proof does not see; they may be taken or refused but never do harm. */
  unseenFlips(post: Post): Made<Iterable<Change>>;
  /** At least 200 that a careless reader would fall for; none of them may change a payment. */
  mutations(target: Target, app: TestApp): Made<Iterable<Change>>;
  /** Unusual but right: all of these are paid. */
  variants(target: Target, app: TestApp): Made<Iterable<Change>>;
  /** A payment that nobody knows; one of whose numbers all are wrong unless given. */
  readonly unknownOf?: (target: Target) => Target;
  /** Answers. */
  readonly accept: Expected;
  /** To callbacks about nothing of ours: a refusal, or an acknowledgement where such are dropped. */
  readonly unknown: Expected;
  /** To those whose proof is wrong. */
  readonly unproved: Expected;
  /** To another merchant who proves to be himself; `unknown` will do as well. */
  readonly merchant?: Expected;
  /** To a genuine callback that names the payment number of another payment of ours; left out where none is named. */
  readonly crossed?: Expected;
  /** Where the kind tells another amount than was asked for, by its own word or by the gateway's (`proof`). */
  readonly mismatch?: { readonly answer: Expected; readonly flags: readonly string[] };
  /** Bytes that count only when the gateway agrees. */
  readonly hint?: Hint;
}

export interface Hint {
  /** Says "paid" and tells the simulator nothing; every time in other bytes. */
  make(target: Target, app: TestApp): Made<Post>;
  /** Makes the order paid at the simulator, which tells nobody. */
  pay(target: Target, app: TestApp): Promise<unknown>;
  /** The answer while the gateway says "unpaid". */
  readonly answer: Expected;
}

/** A payment seen from the gateway. */
export interface Target {
  readonly paymentNo: string;
  readonly merchantOrderNo: string;
  /** Ours at the gateway. */
  readonly orderNo: string;
  /** In the unit of the route. */
  readonly amount: number;
  readonly currency: string;
  /** What the gateway called it when it was created, if it was asked then. */
  readonly tradeNo: string | null;
  /** The `callbackToken` that the driver was given for it. */
  readonly token: string;
  /** `data` of the answer to its creation. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Say {
  readonly fact: 'paid' | 'declined' | 'issued' | 'issued as paid';
  /** Another wording, as when the gateway sends it again; the same one where it has no other. */
  readonly again?: boolean;
  readonly tradeNo?: string;
  readonly amount?: number;
  readonly simulated?: boolean;
}

export interface Post {
  /** Content type. */
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the address, as it stands there, without `?`. */
  readonly query?: string;
}

export interface Change {
  readonly what: string;
  readonly post: Post;
}

/** What a payment looks like from the outside, as far as money is concerned. */
export interface State {
  readonly status: string;
  readonly flags: readonly string[];
  readonly attempt: string | undefined;
  readonly notifications: number;
}

export interface Bench {
  readonly app: TestApp;
  readonly contract: GatewayContract;
  /** Opens a payment that gets callbacks of this kind. */
  open(kind: CallbackKind, mode?: Mode): Promise<Target>;
  make(kind: CallbackKind, target: Target, say: Say): Promise<Post>;
  post(callback: Post): Promise<Expected>;
  state(target: Target): Promise<State>;
  isRefusal(answer: Expected): boolean;
}

export const UNTOUCHED: State = { status: 'pending', flags: [], attempt: 'open', notifications: 0 };
export const PAID: State = { status: 'paid', flags: [], attempt: 'paid', notifications: 1 };

export function describeGateway(contract: GatewayContract): void {
  describe(`${contract.id} as a gateway`, () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp({
        env: { PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error', ...contract.env },
        ...(contract.gateways ? { gateways: contract.gateways() } : {}),
      });
      await contract.prepare?.(app);
    });
    afterAll(() => app.stop());
    const bench = (): Bench => makeBench(app, contract);

    for (const kind of contract.kinds) {
      describe(kind.name, () => {
        describeMeaning(bench, kind);
        describeForgery(bench, kind);
        describeOrders(bench, kind);
      });
    }
    describeNatures(bench);
    describeCreates(bench);
  });
}

function makeBench(app: TestApp, contract: GatewayContract): Bench {
  return {
    app,
    contract,
    open: (kind, mode = 'test') => openPayment(app, contract, kind, mode),
    make: async (kind, target, say) => kind.make(target, say, app),
    async post({ type, body, headers = {}, query = '' }) {
      const reply = await app.callback(body, type, contract.id, { headers, query });
      return { status: reply.status, type: reply.type ?? '', text: reply.text };
    },
    async state(target) {
      const found = await app.deps.store.findPayment(target.paymentNo);
      const attempt = (await app.deps.store.findByGatewayOrderNo(contract.id, target.orderNo))?.attempt;
      const sent = await app.rows.outbox({ paymentId: found?.payment.id ?? 0 });
      return {
        status: found?.payment.status ?? 'missing',
        flags: found?.payment.flags ?? [],
        attempt: attempt?.status,
        notifications: sent.length,
      };
    },
    isRefusal({ status, type, text }) {
      const { refusal } = contract;
      return status === refusal.status && type === refusal.type && refusal.text.test(text);
    },
  };
}

async function openPayment(app: TestApp, contract: GatewayContract, kind: CallbackKind, mode: Mode): Promise<Target> {
  const order = { ...exampleOrder(app.shop.url), ...contract.order(mode), ...kind.order?.(mode) };
  const made = await app.create(kind.route, order, { 'x-api-key': app.keys[mode].api_key });
  expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
  const { data } = made.json;
  const orderNo = String(data.gateway_order_no);
  return {
    paymentNo: String(data.payment_no),
    merchantOrderNo: order.merchant_order_no,
    orderNo,
    amount: Number(data.amount),
    currency: String(data.currency),
    tradeNo: data.gateway_trade_no === null ? null : String(data.gateway_trade_no),
    token: app.deps.vault.makeCallbackToken(contract.id, orderNo),
    data,
  };
}
