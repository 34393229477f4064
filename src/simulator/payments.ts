import { type Input, readPlan } from './actions.ts';
import { chooseForger, type Forgers } from './forging.ts';
import { ActionError } from './http.ts';
import { readFlag } from './input.ts';
import type { KeptOrder, Orders } from './order.ts';
import type { Callback, SendPlan } from './sender.ts';
import type { StandAction } from './stand.ts';
import type { World } from './world.ts';

/** A callback as it went out, kept for a replay. */
export interface Outgoing {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

/** What a forger has to work with. A forger claims the order is paid whatever its state is. */
export interface Bench<T, Wording> {
  readonly world: World;
  readonly order: T;
  readonly wording: Wording;
}

interface Paid<O> extends KeptOrder {
  /** The last callback of a payment. */
  readonly last: O | null;
}

/** A gateway that calls back for payments alone, with bytes that do not change from try to try. */
export interface PaidGateway<T extends Paid<O>, O extends Outgoing, Wording> {
  readonly orders: Orders<T>;
  /** How callbacks are worded now, after the wishes of whoever acts. */
  readWording(world: World, order: T, input: Input): Wording;
  paidCallback(bench: Bench<T, Wording>): O;
  readonly forgers: Forgers<Bench<T, Wording>, O>;
  isAcknowledged(outgoing: O, status: number, answer: string): boolean;
}

type Post<T, O> = (world: World, order: T, kind: string, outgoing: O) => Callback;

function makePost<T extends Paid<O>, O extends Outgoing, W>(gateway: PaidGateway<T, O, W>): Post<T, O> {
  return (world, order, kind, outgoing) => ({
    kind,
    url: outgoing.url,
    headers: { 'content-type': outgoing.contentType },
    body: outgoing.body,
    isAcknowledged: (status, answer) => gateway.isAcknowledged(outgoing, status, answer),
    record: (record) => gateway.orders.keepRecord(world, order, record),
  });
}

function replay<T extends Paid<O>, O, W>({ order }: Bench<T, W>): O {
  if (!order.last) throw new ActionError(409, 'NOTHING_TO_REPLAY', 'No callback of this order was sent yet.');
  return order.last;
}

/** What can be done to the orders of such a gateway. */
export function paidActions<T extends Paid<O>, O extends Outgoing, W>(gateway: PaidGateway<T, O, W>) {
  const { orders } = gateway;
  const post = makePost(gateway);
  const forgers = { ...gateway.forgers, replay: replay<T, O, W> };
  const change = (world: World, order: T, changes: Partial<Paid<O>>): T =>
    orders.change(world, order, changes as Partial<T>);

  async function tell(bench: Bench<T, W>, plan: SendPlan): Promise<void> {
    const { world, order } = bench;
    const outgoing = gateway.paidCallback(bench);
    change(world, order, { last: outgoing });
    await world.sender.send(post(world, order, 'paid', outgoing), plan);
  }

  /** Also after the deadline: stores and banks hand in late what they took. */
  const pay: StandAction = async (world, number, input) => {
    const order = orders.needUnpaid(world, number);
    const plan = readPlan(input);
    const wording = gateway.readWording(world, order, input);
    const isTelling = readFlag(input, 'callback', true);
    const paid = change(world, order, { status: 'paid', paidAt: world.now() });
    if (isTelling) await tell({ world, order: paid, wording }, plan);
  };

  /** Shops are told nothing of a transfer that failed or a number that ran out. */
  const settle =
    (status: 'declined' | 'expired'): StandAction =>
    async (world, number) => {
      change(world, orders.needUnpaid(world, number), { status });
    };

  const repeat: StandAction = async (world, number, input) => {
    const order = orders.need(world, number);
    if (order.status !== 'paid') throw new ActionError(409, 'NOTHING_TO_REPEAT', 'This order is not paid yet.');
    await tell({ world, order, wording: gateway.readWording(world, order, input) }, readPlan(input));
  };

  const forge: StandAction = async (world, number, input) => {
    const order = orders.need(world, number);
    const chosen = chooseForger(forgers, input);
    const outgoing = chosen.forge({ world, order, wording: gateway.readWording(world, order, input) });
    await world.sender.post(post(world, order, `forged:${chosen.kind}`, outgoing));
  };

  const actions = { pay, decline: settle('declined'), expire: settle('expired'), repeat, forge };
  return { actions, post, forgeKinds: Object.keys(forgers) };
}
