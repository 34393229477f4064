import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readChoice, readCount, readFlag, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { SendPlan } from '../sender.ts';
import type { StandAction } from '../stand.ts';
import type { World } from '../world.ts';
import { encodings, paidCallback, shapes, type Wording } from './callback.ts';
import { forgeCallback } from './forge.ts';
import { merchantOf } from './merchants.ts';
import { findOrder, orderShelf, type SmilePayOrder, type SmilePayStatus } from './order.ts';
import { asCallback } from './posting.ts';

const TOKEN = /^.{1,200}$/u;

function needOrder(world: World, number: string): SmilePayOrder {
  const order = findOrder(world, number);
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${number}.`);
  return order;
}

function needUnpaid(world: World, number: string): SmilePayOrder {
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

function readWording(input: Input): Wording {
  const shape = readChoice(input, 'shape', shapes);
  const encoding = readChoice(input, 'encoding', encodings);
  return {
    shape: shape === 'catalogue' ? 'catalogue' : 'form',
    encoding: encoding === 'utf8' ? 'utf8' : 'big5',
    validationToken: readText(input, 'validation_token', TOKEN),
  };
}

function change(world: World, order: SmilePayOrder, changes: Partial<SmilePayOrder>): SmilePayOrder {
  return orderShelf(world).change(order.smilePayNo, (current) => ({ ...current, ...changes })) ?? order;
}

async function tell(world: World, order: SmilePayOrder, wording: Wording, plan: SendPlan): Promise<void> {
  const outgoing = paidCallback(order, merchantOf(world, order.dcvc).mid, wording, world.now());
  change(world, order, { last: outgoing });
  await world.sender.send(asCallback(world, order, 'paid', outgoing), plan);
}

/** Also after the deadline: a store hands in what it took days later. */
const pay: StandAction = async (world, number, input) => {
  const order = needUnpaid(world, number);
  const plan = readPlan(input);
  const wording = readWording(input);
  const isTelling = readFlag(input, 'callback', true);
  const paid = change(world, order, { status: 'paid', paidAt: world.now() });
  if (isTelling) await tell(world, paid, wording, plan);
};

/** SmilePay tells shops nothing of a transfer that failed or a number that ran out. */
const settle =
  (status: SmilePayStatus): StandAction =>
  async (world, number) => {
    change(world, needUnpaid(world, number), { status });
  };

const repeat: StandAction = async (world, number, input) => {
  const order = needOrder(world, number);
  if (order.status !== 'paid') throw new ActionError(409, 'NOTHING_TO_REPEAT', 'This order is not paid yet.');
  await tell(world, order, readWording(input), readPlan(input));
};

const forge: StandAction = async (world, number, input) => {
  const order = needOrder(world, number);
  const kind = readText(input, 'kind', /^[a-z-]{1,30}$/) ?? '';
  const outgoing = forgeCallback(world, order, kind, readWording(input));
  await world.sender.post(asCallback(world, order, `forged:${kind}`, outgoing));
};

export const actions: Readonly<Record<string, StandAction>> = {
  pay,
  decline: settle('declined'),
  expire: settle('expired'),
  repeat,
  forge,
};
