import { refuseAction } from '../http.ts';
import { type Input, readChoice, readCount, readFlag, readPlan, readTelling, readText } from '../input.ts';
import { refusePaid } from '../order.ts';
import { ONCE } from '../sender.ts';
import type { Work as StandWork } from '../stand.ts';
import type { World } from '../world.ts';
import { chooseMethod, issueAioNumber, needsNumber, offeredMethods } from './aio-order.ts';
import { forge } from './forge.ts';
import { declinedNotice, infoNotice, paidNotice, tell } from './notices.ts';
import { isNumberMethod } from './numbers.ts';
import { cardStageAt, cardStages, type EcpayOrder, orders } from './order.ts';

/** Answers the order as it is afterwards. */
type Work = (...args: Parameters<StandWork<EcpayOrder>>) => Promise<EcpayOrder>;

/** For an order that left the choice open, the method asked for or the first one on offer. */
function settleMethod(world: World, order: EcpayOrder, input: Input): EcpayOrder {
  const offered = offeredMethods(order.fields);
  const method = readChoice(input, 'method', offered);
  if (order.kind !== 'aio' || order.method !== 'ALL') return order;
  return orders.change(world, order, chooseMethod(method ?? offered[0] ?? 'Credit'));
}

/** Gives a cashier order its number when it has none yet, and tells PaymentInfoURL. */
export const issue: Work = async (world, order, input, origin) => {
  if (order.kind !== 'aio') refuseAction('NOT_ISSUABLE', 'This order got its number when it was made.');
  const chosen = settleMethod(world, order, input);
  if (!isNumberMethod(chosen.method)) refuseAction('NOT_ISSUABLE', `${chosen.method} has no number.`);
  const now = orders.refresh(world, chosen);
  const issued = needsNumber(now) ? orders.change(world, now, issueAioNumber(now, world, origin)) : now;
  return tell(world, issued, infoNotice(issued.method), ONCE);
};

const HIGHEST_INSTALLMENT = 30;

/** Self-paid instalments are told by their payment type (ECPay developer documentation, page 5686). */
function paidType(order: EcpayOrder, isFlexible: boolean): string {
  if (!isFlexible || order.method !== 'Credit') return order.paymentType;
  return order.kind === 'aio' ? 'Flexible_Installment' : 'FlexibleInstallment';
}

/** The payer pays. Also after the deadline: stores report a payment up to two days late. */
export const pay: Work = async (world, order, input, origin) => {
  refusePaid(order);
  const plan = readTelling(input);
  const isFlexible = readFlag(input, 'flexible', false);
  const wish = {
    simulated: readFlag(input, 'simulated', false),
    installment: readCount(input, 'installment', 0, HIGHEST_INSTALLMENT, order.installment),
  };
  const chosen = settleMethod(world, order, input);
  const ready = needsNumber(chosen) ? await issue(world, chosen, {}, origin) : chosen;
  const current = refusePaid(orders.refresh(world, ready));
  const paid = orders.change(world, current, {
    ...wish,
    status: 'paid',
    paidAt: world.now(),
    paymentType: paidType(current, isFlexible),
    last: paidNotice,
  });
  return plan ? tell(world, paid, paidNotice, plan) : paid;
};

/** The payer's bank refuses. The order can still be paid afterwards. */
export const decline: Work = async (world, order, input) => {
  refusePaid(order);
  const code = readText(input, 'code', /^(?!1$)\d{1,10}$/) ?? declinedNotice.code;
  const message = readText(input, 'message', /^.{1,200}$/u) ?? declinedNotice.message;
  const chosen = settleMethod(world, order, {});
  const declined = isNumberMethod(chosen.method) ? chosen : orders.change(world, chosen, { status: 'declined' });
  return tell(world, declined, { ...declinedNotice, code, message }, ONCE);
};

/** Time runs out. ECPay sends nothing then. */
const expire: Work = async (world, order) => orders.change(world, refusePaid(order), { status: 'expired' });

/** Where the money of a card is, instead of waiting for ECPay's evening. */
const setCardStage: Work = async (world, order, input) => {
  const stage = readChoice(input, 'stage', cardStages) ?? 'closed';
  if (cardStageAt(order, world.now()) === null) {
    refuseAction('NO_CARD', 'This order was not paid by card, or not for real.');
  }
  return orders.change(world, order, { card: { ...order.card, stage } });
};

/** ECPay's scheduled re-send of a callback, acknowledged before or not. */
const repeat: Work = async (world, order, input) => {
  const last = order.last ?? refuseAction('NOTHING_TO_REPEAT', 'No callback of this order has been sent yet.');
  return tell(world, order, last, readPlan(input), true);
};

const act =
  (work: Work): StandWork<EcpayOrder> =>
  async (...args) => {
    await work(...args);
  };

export const works: Readonly<Record<string, StandWork<EcpayOrder>>> = {
  pay: act(pay),
  decline: act(decline),
  expire: act(expire),
  issue: act(issue),
  repeat: act(repeat),
  card: act(setCardStage),
  forge,
};
