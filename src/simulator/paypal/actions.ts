import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readFlag, readText } from '../input.ts';
import type { StandAction } from '../stand.ts';
import type { World } from '../world.ts';
import { approve, needAlive, refresh, tellApproval } from './approval.ts';
import { captureApproved, tellCapture } from './capture.ts';
import { asActionError } from './errors.ts';
import { reversedEvent } from './events.ts';
import { forge } from './forge.ts';
import { type CaptureStatus, changeOrder, findOrder, isPaid, type PaypalOrder } from './order.ts';
import { readOutcome, readSendPlan } from './plans.ts';
import { refund as makeRefund, tellRefund } from './refunds.ts';
import { sendEvent } from './webhooks.ts';

type Work = (world: World, order: PaypalOrder, input: Input) => Promise<void>;

function refuseAction(code: string, message: string): never {
  throw new ActionError(409, code, message);
}

function needUncaptured(order: PaypalOrder): PaypalOrder {
  if (isPaid(order)) return refuseAction('ORDER_ALREADY_PAID', 'This order is paid already.');
  return order.capture ? refuseAction('ORDER_ALREADY_CAPTURED', 'This order was captured before.') : order;
}

function needCapture(order: PaypalOrder) {
  return order.capture ?? refuseAction('ORDER_NOT_CAPTURED', 'This order was not captured yet.');
}

/** Captures on PayPal's side, unless the shop did so while it was told of the approval. */
async function captureToo(world: World, order: PaypalOrder, input: Input): Promise<void> {
  if (refresh(world, order).capture) return;
  const captured = captureApproved(world, refresh(world, order));
  if (readFlag(input, 'callback', true)) await tellCapture(world, captured, readSendPlan(input));
}

const pay: Work = async (world, order, input) => {
  const isCapturing = readFlag(input, 'capture', false);
  const plan = readSendPlan(input);
  const isTelling = readFlag(input, 'callback', true);
  needUncaptured(needAlive(world, order));
  if (order.stage === 'approved' && !isCapturing) {
    refuseAction('ORDER_ALREADY_APPROVED', 'This order is approved; the shop has to capture it.');
  }
  const approved = approve(world, order);
  if (isTelling && order.stage === 'open') await tellApproval(world, approved, plan);
  if (isCapturing) await captureToo(world, approved, input);
};

async function reverse(world: World, order: PaypalOrder, input: Input): Promise<void> {
  if (order.stage !== 'approved' || !readFlag(input, 'callback', true)) return;
  await sendEvent(world, order, reversedEvent(world, order), readSendPlan(input));
}

/** An order that was approved tells that the approval is off; one that was not ends in silence. */
const expire: Work = async (world, order, input) => {
  needUncaptured(order);
  changeOrder(world, order.id, () => ({ stage: 'expired' }));
  await reverse(world, order, input);
};

function settlePending(status: CaptureStatus, event: 'COMPLETED' | 'DENIED'): Work {
  return async (world, order, input) => {
    const capture = needCapture(order);
    if (capture.status !== 'PENDING') refuseAction('CAPTURE_NOT_PENDING', 'The capture is not pending.');
    const settled = changeOrder(world, order.id, () => ({
      capture: { ...capture, status, reason: null, updatedAt: world.now() },
    }));
    if (readFlag(input, 'callback', true)) await tellCapture(world, settled, readSendPlan(input), event);
  };
}

const deny = settlePending('DECLINED', 'DENIED');

/**
 * The payer's bank refuses. Before approval only the payer sees that; after it the approval falls through and the payer
 * may approve again; a pending capture is denied.
 */
const decline: Work = async (world, order, input) => {
  if (order.capture?.status === 'PENDING') return deny(world, order, input);
  needUncaptured(needAlive(world, order));
  if (order.stage === 'approved') changeOrder(world, order.id, () => ({ stage: 'open' }));
  return reverse(world, order, input);
};

/** The newest event again: the same bytes and event id in a delivery of its own. */
const repeat: Work = async (world, order, input) => {
  if (!order.last) return refuseAction('NOTHING_TO_REPEAT', 'No event of this order has been sent yet.');
  await sendEvent(world, order, order.last, readSendPlan(input));
};

/** From the merchant's pages at PayPal; without an amount, all that is left. */
const refund: Work = async (world, order, input) => {
  const capture = needCapture(order);
  const value = readText(input, 'amount', /^\d{1,15}(\.\d{1,2})?$/);
  const amount = value === null ? {} : { amount: { currency_code: capture.amount.currency_code, value } };
  const refunded = makeRefund(world, { order, capture }, amount);
  if (readFlag(input, 'callback', true)) await tellRefund(world, refunded, readSendPlan(input));
};

const setOutcome: Work = async (world, order, input) => {
  const plan = readOutcome(input);
  needUncaptured(order);
  changeOrder(world, order.id, () => ({ plan }));
};

function act(work: Work): StandAction {
  return async (world, number, input) => {
    const order = findOrder(world, number);
    if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${number}.`);
    try {
      await work(world, order, input);
    } catch (error) {
      throw asActionError(error);
    }
  };
}

export const paypalActions: Readonly<Record<string, StandAction>> = {
  pay: act(pay),
  approve: act((world, order, input) => pay(world, order, { ...input, capture: false })),
  decline: act(decline),
  expire: act(expire),
  repeat: act(repeat),
  complete: act(settlePending('COMPLETED', 'COMPLETED')),
  deny: act(deny),
  refund: act(refund),
  outcome: act(setOutcome),
  forge: act(forge),
};
