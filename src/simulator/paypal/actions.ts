import { readChoice, readFlag, readText } from '../input.ts';
import { readSendPlan, refuseAction, type Work } from '../rest.ts';
import type { World } from '../world.ts';
import { asActionError } from './errors.ts';
import { approvedEvent, captureEvent, claimedEvent, refundedEvent, reversedEvent } from './events.ts';
import { fromMinor, toMinor } from './money.ts';
import { type Capture, changeOrder, isPaid, makeId, ordersOf, type PaypalOrder } from './order.ts';
import { captureApproved } from './orders.ts';
import { approve, needAlive } from './payer.tsx';
import { readOutcome } from './plans.ts';
import { refund } from './refunds.ts';
import {
  addressOf,
  keepTransmission,
  makeCallback,
  makeTransmission,
  sendEvent,
  type Transmission,
} from './webhooks.ts';

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
  if (order.stage === 'open') await sendEvent(world, approved, plan, approvedEvent);
  const current = ordersOf(world).get(order.id) ?? approved;
  // The shop may have captured while it was told of the approval.
  if (isCapturing && !current.capture) await sendEvent(world, captureApproved(world, current), plan, captureEvent());
};

/** An order that was approved tells that the approval is off; one that was not ends in silence. */
const takeBack =
  (stage: 'open' | 'expired'): Act =>
  async (world, order, input) => {
    const plan = readSendPlan(input);
    needUncaptured(order);
    if (order.stage !== stage) changeOrder(world, order.id, { stage });
    if (order.stage === 'approved') await sendEvent(world, order, plan, reversedEvent);
  };

const settlePending =
  (status: Capture['status'], event: 'COMPLETED' | 'DENIED'): Act =>
  async (world, order, input) => {
    const capture = needCapture(order);
    if (capture.status !== 'PENDING') refuseAction('CAPTURE_NOT_PENDING', 'The capture is not pending.');
    const settled = { capture: { ...capture, status, reason: null, updatedAt: world.now() } };
    const changed = { ...changeOrder(world, order.id, settled), ...settled };
    await sendEvent(world, changed, readSendPlan(input), captureEvent(event));
  };

const deny = settlePending('DECLINED', 'DENIED');

/**
 * The payer's bank refuses. Before approval only the payer sees that; after it the approval falls through and the payer
 * may approve again; a pending capture is denied.
 */
const decline: Act = async (world, order, input) =>
  order.capture?.status === 'PENDING'
    ? deny(world, order, input)
    : takeBack('open')(world, needAlive(world, order), input);

/** The newest event again: the same bytes and event id in a delivery of its own. */
const repeat: Act = async (world, order, input) => {
  const { last } = order;
  if (!last) return refuseAction('NOTHING_TO_REPEAT', 'No event of this order has been sent yet.');
  await sendEvent(world, order, readSendPlan({ ...input, callback: true }), () => last);
};

/** From the merchant's pages at PayPal; without an amount, all that is left. */
const refundOrder: Act = async (world, order, input) => {
  const capture = needCapture(order);
  const value = readText(input, 'amount', /^\d{1,15}(\.\d{1,2})?$/);
  const amount = value === null ? {} : { amount: { currency_code: capture.amount.currency_code, value } };
  const [refunded, made] = refund(world, { ...order, capture }, amount);
  await sendEvent(world, refunded, readSendPlan(input), refundedEvent(made));
};

const setOutcome: Act = async (world, order, input) => {
  const plan = readOutcome(input);
  needUncaptured(order);
  changeOrder(world, order.id, { plan });
};

/** What goes out, and what PayPal would remember to have sent; null when it remembers nothing. */
interface Forgery {
  readonly body: string;
  readonly remembered: Partial<Transmission> | null;
}

function claim(world: World, order: PaypalOrder, changes: Partial<PaypalOrder> = {}): Forgery {
  return { body: claimedEvent(world, order, changes).body, remembered: {} };
}

type Forger = (world: World, order: PaypalOrder) => Forgery;

/** The first five fail PayPal's verification. The last two pass it and lie: only PayPal's order itself tells the truth. */
const forgers: Readonly<Record<string, Forger>> = {
  'wrong-transmission': (world, order) => ({ ...claim(world, order), remembered: null }),
  'other-body': (world, order) => {
    const { body } = approvedEvent(world, order);
    return { ...claim(world, order), remembered: { body } };
  },
  reserialised: (world, order) => {
    const { body } = claim(world, order);
    return { body: JSON.stringify(JSON.parse(body)), remembered: { body } };
  },
  'wrong-webhook-id': (world, order) => {
    const webhookId = makeId(world);
    return { ...claim(world, order), remembered: { webhookId } };
  },
  // PayPal's own page for trying out webhooks uses this instead of a merchant's webhook id.
  'simulator-webhook-id': (world, order) => ({ ...claim(world, order), remembered: { webhookId: 'WEBHOOK_ID' } }),
  'other-order': (world, order) => claim(world, order, { id: makeId(world) }),
  amount: (world, order) => {
    const { amount } = order;
    return claim(world, order, { amount: fromMinor(toMinor(amount) + 1n, amount.currency_code) });
  },
};

export const forgeKinds = Object.keys(forgers);

/** Posts one event that nobody should act on. The order stays as it is. */
const forge: Act = async (world, order, input) => {
  const kind = readChoice(input, 'kind', forgeKinds) ?? '';
  const forger = forgers[kind];
  if (!forger) return refuseAction('INVALID_ARGUMENT', `kind must be one of ${forgeKinds.join(', ')}.`, 400);
  const url = addressOf(world, order);
  if (url === null) return refuseAction('NO_WEBHOOK', 'Nothing tells where the events of this order go.');
  const { body, remembered } = forger(world, order);
  const transmission = { ...makeTransmission(world, order, body), ...remembered };
  if (remembered) keepTransmission(world, transmission);
  await world.sender.post(makeCallback(world, order, transmission, { kind: `forged:${kind}`, url, body }));
};

const works: Readonly<Record<string, Act>> = {
  pay,
  approve: (world, order, input) => pay(world, order, { ...input, capture: false }),
  decline,
  expire: takeBack('expired'),
  repeat,
  complete: settlePending('COMPLETED', 'COMPLETED'),
  deny,
  refund: refundOrder,
  outcome: setOutcome,
  forge,
};

/** What PayPal refuses is told as this API tells it. */
const explain =
  (work: Act): Act =>
  (world, order, input) =>
    work(world, order, input).catch((error) => {
      throw asActionError(error);
    });

export const actions = Object.fromEntries(Object.entries(works).map(([name, work]) => [name, explain(work)]));
