import { readFlag, readText } from '../input.ts';
import { readSendPlan, refuseAction, type Work } from '../rest.ts';
import type { SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { asActionError } from './errors.ts';
import { type CaptureEvent, reversedEvent } from './events.ts';
import { forge } from './forge.ts';
import { type Capture, changeOrder, isPaid, ordersOf, type PaypalOrder } from './order.ts';
import { captureApproved, tellCapture } from './orders.ts';
import { approve, needAlive, tellApproval } from './payer.tsx';
import { readOutcome } from './plans.ts';
import { refund as makeRefund, tellRefund } from './refunds.ts';
import { sendEvent } from './webhooks.ts';

type Act = Work<PaypalOrder>;

function needUncaptured(order: PaypalOrder): PaypalOrder {
  if (isPaid(order)) return refuseAction('ORDER_ALREADY_PAID', 'This order is paid already.');
  return order.capture ? refuseAction('ORDER_ALREADY_CAPTURED', 'This order was captured before.') : order;
}

function needCapture(order: PaypalOrder): Capture {
  return order.capture ?? refuseAction('ORDER_NOT_CAPTURED', 'This order was not captured yet.');
}

const pay: Act = async (world, order, input) => {
  const isCapturing = readFlag(input, 'capture', false);
  const plan = readSendPlan(input);
  needUncaptured(needAlive(world, order));
  if (order.stage === 'approved' && !isCapturing) {
    refuseAction('ORDER_ALREADY_APPROVED', 'This order is approved; the shop has to capture it.');
  }
  const approved = approve(world, order);
  if (plan && order.stage === 'open') await tellApproval(world, approved, plan);
  const current = ordersOf(world).get(order.id) ?? approved;
  // The shop may have captured while it was told of the approval.
  if (isCapturing && !current.capture) await tellCapture(world, captureApproved(world, current), plan);
};

async function reverse(world: World, order: PaypalOrder, plan: SendPlan | null): Promise<void> {
  if (order.stage === 'approved' && plan) await sendEvent(world, order, reversedEvent(world, order), plan);
}

/** An order that was approved tells that the approval is off; one that was not ends in silence. */
const expire: Act = async (world, order, input) => {
  needUncaptured(order);
  changeOrder(world, order.id, { stage: 'expired' });
  await reverse(world, order, readSendPlan(input));
};

function settlePending(status: Capture['status'], event: CaptureEvent): Act {
  return async (world, order, input) => {
    const capture = needCapture(order);
    if (capture.status !== 'PENDING') refuseAction('CAPTURE_NOT_PENDING', 'The capture is not pending.');
    const settled = { ...capture, status, reason: null, updatedAt: world.now() };
    await tellCapture(world, changeOrder(world, order.id, { capture: settled }), readSendPlan(input), event);
  };
}

const deny = settlePending('DECLINED', 'DENIED');

/**
 * The payer's bank refuses. Before approval only the payer sees that; after it the approval falls through and the payer
 * may approve again; a pending capture is denied.
 */
const decline: Act = async (world, order, input) => {
  if (order.capture?.status === 'PENDING') return deny(world, order, input);
  needUncaptured(needAlive(world, order));
  if (order.stage === 'approved') changeOrder(world, order.id, { stage: 'open' });
  return reverse(world, order, readSendPlan(input));
};

/** The newest event again: the same bytes and event id in a delivery of its own. */
const repeat: Act = async (world, order, input) => {
  const plan = readSendPlan({ ...input, callback: true });
  if (!order.last) return refuseAction('NOTHING_TO_REPEAT', 'No event of this order has been sent yet.');
  if (plan) await sendEvent(world, order, order.last, plan);
};

/** From the merchant's pages at PayPal; without an amount, all that is left. */
const refund: Act = async (world, order, input) => {
  const capture = needCapture(order);
  const value = readText(input, 'amount', /^\d{1,15}(\.\d{1,2})?$/);
  const amount = value === null ? {} : { amount: { currency_code: capture.amount.currency_code, value } };
  const refunded = makeRefund(world, { order, capture }, amount);
  const plan = readSendPlan(input);
  if (plan) await tellRefund(world, refunded, plan);
};

const setOutcome: Act = async (world, order, input) => {
  const plan = readOutcome(input);
  needUncaptured(order);
  changeOrder(world, order.id, { plan });
};

const works: Readonly<Record<string, Act>> = {
  pay,
  approve: (world, order, input) => pay(world, order, { ...input, capture: false }),
  decline,
  expire,
  repeat,
  complete: settlePending('COMPLETED', 'COMPLETED'),
  deny,
  refund,
  outcome: setOutcome,
  forge,
};

function explained(work: Act): Act {
  return async (world, order, input) => {
    try {
      await work(world, order, input);
    } catch (error) {
      throw asActionError(error);
    }
  };
}

export const actions = Object.fromEntries(Object.entries(works).map(([name, work]) => [name, explained(work)]));
