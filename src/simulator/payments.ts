import { chooseForger, type Forgers } from './forging.ts';
import { refuseAction } from './http.ts';
import { type Input, readPlan, readTelling } from './input.ts';
import { type KeptOrder, type Orders, refusePaid } from './order.ts';
import type { Callback, SendPlan } from './sender.ts';
import type { Work } from './stand.ts';
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

export function paidWorks<T extends Paid<O>, O extends Outgoing, W>(gateway: PaidGateway<T, O, W>) {
  const { orders } = gateway;
  const change = (world: World, order: T, changes: Partial<Paid<O>>): T =>
    orders.change(world, order, changes as Partial<T>);
  const replay = ({ order }: Bench<T, W>): O =>
    order.last ?? refuseAction('NOTHING_TO_REPLAY', 'No callback of this order was sent yet.');
  const forgers = { ...gateway.forgers, replay };

  const post = (world: World, order: T, kind: string, outgoing: O): Callback => ({
    kind,
    url: outgoing.url,
    headers: { 'content-type': outgoing.contentType },
    body: outgoing.body,
    isAcknowledged: (status, answer) => gateway.isAcknowledged(outgoing, status, answer),
    record: (record) => orders.keepRecord(world, order, record),
  });

  async function tell(bench: Bench<T, W>, plan: SendPlan): Promise<void> {
    const { world, order } = bench;
    const outgoing = gateway.paidCallback(bench);
    change(world, order, { last: outgoing });
    await world.sender.send(post(world, order, 'paid', outgoing), plan);
  }

  /** Also after the deadline: stores and banks hand in late what they took. */
  const pay: Work<T> = async (world, order, input) => {
    refusePaid(order);
    const plan = readTelling(input);
    const wording = gateway.readWording(world, order, input);
    const paid = change(world, order, { status: 'paid', paidAt: world.now() });
    if (plan) await tell({ world, order: paid, wording }, plan);
  };

  /** Shops are told nothing of a transfer that failed or a number that ran out. */
  const settle =
    (status: 'declined' | 'expired'): Work<T> =>
    async (world, order) => {
      change(world, refusePaid(order), { status });
    };

  const repeat: Work<T> = async (world, order, input) => {
    if (order.status !== 'paid') refuseAction('NOTHING_TO_REPEAT', 'This order is not paid yet.');
    await tell({ world, order, wording: gateway.readWording(world, order, input) }, readPlan(input));
  };

  const forge: Work<T> = async (world, order, input) => {
    const chosen = chooseForger(forgers, input);
    const outgoing = chosen.forge({ world, order, wording: gateway.readWording(world, order, input) });
    await world.sender.post(post(world, order, `forged:${chosen.kind}`, outgoing));
  };

  const works = { pay, decline: settle('declined'), expire: settle('expired'), repeat, forge };
  return { works, post, forgeKinds: Object.keys(forgers) };
}
