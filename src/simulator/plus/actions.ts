import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readChoice, readCount, readFlag, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { SendPlan } from '../sender.ts';
import type { StandAction } from '../stand.ts';
import type { World } from '../world.ts';
import { findAccount, signingOf } from './accounts.ts';
import { asCallback, paidCallback, shapes, type Wording } from './callback.ts';
import { forgeCallback } from './forge.ts';
import { findOrder, orderShelf, type PlusOrder, type PlusStatus } from './order.ts';

function needOrder(world: World, number: string): PlusOrder {
  const order = findOrder(world, number);
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${number}.`);
  return order;
}

function needUnpaid(world: World, number: string): PlusOrder {
  const order = needOrder(world, number);
  if (order.status === 'paid') throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  return order;
}

function readPlan(input: Input): SendPlan {
  return {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}

function readWording(world: World, order: PlusOrder, input: Input): Wording {
  const account = findAccount(world, order.appid);
  if (!account) throw new ActionError(409, 'ACCOUNT_UNKNOWN', 'The account of this order is unknown.');
  const shape = readChoice(input, 'shape', shapes) === 'json' ? 'json' : 'form';
  return { shape, signing: signingOf(world), secretKey: account.secretKey };
}

function change(world: World, order: PlusOrder, changes: Partial<PlusOrder>): PlusOrder {
  return orderShelf(world).change(order.platNo, (current) => ({ ...current, ...changes })) ?? order;
}

async function tell(world: World, order: PlusOrder, wording: Wording, plan: SendPlan): Promise<void> {
  const outgoing = paidCallback(order, wording);
  change(world, order, { last: outgoing });
  await world.sender.send(asCallback(world, order, 'paid', outgoing), plan);
}

/** Also after expire_at: a bank takes a transfer to an account as long as that exists. */
const pay: StandAction = async (world, number, input) => {
  const order = needUnpaid(world, number);
  const plan = readPlan(input);
  const wording = readWording(world, order, input);
  const isTelling = readFlag(input, 'callback', true);
  const paid = change(world, order, { status: 'paid', paidAt: world.now() });
  if (isTelling) await tell(world, paid, wording, plan);
};

/** Only payments are called back. */
const settle =
  (status: PlusStatus): StandAction =>
  async (world, number) => {
    change(world, needUnpaid(world, number), { status });
  };

const repeat: StandAction = async (world, number, input) => {
  const order = needOrder(world, number);
  if (order.status !== 'paid') throw new ActionError(409, 'NOTHING_TO_REPEAT', 'This order is not paid yet.');
  await tell(world, order, readWording(world, order, input), readPlan(input));
};

const forge: StandAction = async (world, number, input) => {
  const order = needOrder(world, number);
  const kind = readText(input, 'kind', /^[a-z-]{1,30}$/) ?? '';
  const outgoing = forgeCallback(world, order, kind, readWording(world, order, input));
  await world.sender.post(asCallback(world, order, `forged:${kind}`, outgoing));
};

export const actions: Readonly<Record<string, StandAction>> = {
  pay,
  decline: settle('declined'),
  expire: settle('expired'),
  repeat,
  forge,
};
