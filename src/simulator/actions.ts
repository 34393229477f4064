import { oncePlan } from './courier.ts';
import { chooseMethod, issueAioNumber, needsNumber, offeredMethods } from './ecpay/aio-order.ts';
import { declinedNotice, infoNotice, paidNotice } from './ecpay/notices.ts';
import { isNumberMethod } from './ecpay/numbers.ts';
import { ActionError } from './http.ts';
import { readChoice, readCount, readFlag, readText } from './input.ts';
import { limits } from './options.ts';
import { cardStageAt, cardStages, type Order } from './order.ts';
import type { World } from './world.ts';

/** What a person's form or a program's JSON gave, not yet looked at. */
export type Input = Readonly<Record<string, unknown>>;

function refresh(world: World, order: Order): Order {
  return world.ledger.find(order.merchantId, order.merchantTradeNo) ?? order;
}

/** For an order that left the choice open, the method asked for or the first one on offer. */
function settleMethod(world: World, order: Order, input: Input): Order {
  const offered = offeredMethods(order.fields);
  const method = readChoice(input, 'method', offered);
  if (order.kind !== 'aio' || order.method !== 'ALL') return order;
  return world.ledger.change(order, (current) => chooseMethod(current, method ?? offered[0] ?? 'Credit'));
}

/** Gives a cashier order its number when it has none yet, and tells PaymentInfoURL. */
export async function issue(world: World, order: Order, input: Input, origin: string): Promise<Order> {
  if (order.kind !== 'aio') throw new ActionError(409, 'NOT_ISSUABLE', 'This order got its number when it was made.');
  const chosen = settleMethod(world, order, input);
  if (!isNumberMethod(chosen.method)) throw new ActionError(409, 'NOT_ISSUABLE', `${chosen.method} has no number.`);
  const issued = world.ledger.change(chosen, (current) =>
    needsNumber(current) ? issueAioNumber(current, world, origin) : current,
  );
  await world.courier.send(issued, infoNotice(issued.method), oncePlan);
  return refresh(world, issued);
}

const HIGHEST_INSTALLMENT = 30;

function payPlan(input: Input) {
  return {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
    again: false,
  };
}

/** Self-paid instalments are told by their payment type (ECPay developer documentation, page 5686). */
function paidType(order: Order, isFlexible: boolean): string {
  if (!isFlexible || order.method !== 'Credit') return order.paymentType;
  return order.kind === 'aio' ? 'Flexible_Installment' : 'FlexibleInstallment';
}

/** The payer pays. Also after the deadline: stores report a payment up to two days late. */
export async function pay(world: World, order: Order, input: Input, origin: string): Promise<Order> {
  if (order.status === 'paid') throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  const plan = payPlan(input);
  const isSimulated = readFlag(input, 'simulated', false);
  const isCallingBack = readFlag(input, 'callback', true);
  const isFlexible = readFlag(input, 'flexible', false);
  const installment = readCount(input, 'installment', 0, HIGHEST_INSTALLMENT, order.installment);
  const chosen = settleMethod(world, order, input);
  const ready = needsNumber(chosen) ? await issue(world, chosen, {}, origin) : chosen;
  if (refresh(world, ready).status === 'paid') {
    throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  }
  const paid = world.ledger.change(ready, (current) => ({
    ...current,
    status: 'paid',
    paidAt: world.now(),
    simulated: isSimulated,
    installment,
    paymentType: paidType(current, isFlexible),
    last: paidNotice,
  }));
  if (isCallingBack) await world.courier.send(paid, paidNotice, plan);
  return refresh(world, paid);
}

/** The payer's bank refuses. The order can still be paid afterwards. */
export async function decline(world: World, order: Order, input: Input): Promise<Order> {
  if (order.status === 'paid') throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  const code = readText(input, 'code', /^(?!1$)\d{1,10}$/) ?? declinedNotice.code;
  const message = readText(input, 'message', /^.{1,200}$/u) ?? declinedNotice.message;
  const declined = world.ledger.change(settleMethod(world, order, {}), (current) => ({
    ...current,
    status: isNumberMethod(current.method) ? current.status : 'declined',
  }));
  await world.courier.send(declined, { ...declinedNotice, code, message }, oncePlan);
  return refresh(world, declined);
}

/** Time runs out. ECPay sends nothing then. */
export async function expire(world: World, order: Order): Promise<Order> {
  if (order.status === 'paid') throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  return world.ledger.change(order, (current) => ({ ...current, status: 'expired' }));
}

/** Where the money of a card is, instead of waiting for ECPay's evening. */
export async function setCardStage(world: World, order: Order, input: Input): Promise<Order> {
  const stage = readChoice(input, 'stage', cardStages);
  const wanted = cardStages.find((one) => one === (stage ?? 'closed')) ?? null;
  if (cardStageAt(order, world.now()) === null) {
    throw new ActionError(409, 'NO_CARD', 'This order was not paid by card, or not for real.');
  }
  const edit = (current: Order): Order => ({
    ...current,
    card: { refunded: current.card?.refunded ?? 0, stage: wanted },
  });
  return world.ledger.change(order, edit);
}

/** ECPay's scheduled re-send of a callback, acknowledged before or not. */
export async function repeat(world: World, order: Order, input: Input): Promise<Order> {
  if (!order.last) throw new ActionError(409, 'NOTHING_TO_REPEAT', 'No callback of this order has been sent yet.');
  await world.courier.send(order, order.last, { ...payPlan(input), again: true });
  return refresh(world, order);
}
