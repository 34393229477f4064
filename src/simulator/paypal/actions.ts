import { chooseForger, type Forgers } from '../forging.ts';
import { refuseAction } from '../http.ts';
import { readFlag, readPlan, readTelling, readText } from '../input.ts';
import type { Work } from '../stand.ts';
import type { World } from '../world.ts';
import { asActionError } from './errors.ts';
import { approvedEvent, captureEvent, claimedEvent, refundedEvent, reversedEvent } from './events.ts';
import { fromMinor, toMinor } from './money.ts';
import { type Capture, changeOrder, isPaid, makeId, orders, type PaypalOrder } from './order.ts';
import { captureApproved } from './orders.ts';
import { approve, needAlive } from './payer.tsx';
import { readOutcome } from './plans.ts';
import { refund } from './refunds.ts';
import * as webhooks from './webhooks.ts';

type Act = Work<PaypalOrder>;

function needUncaptured(order: PaypalOrder): PaypalOrder {
  if (isPaid(order)) return refuseAction('ORDER_ALREADY_PAID', 'This order is paid already.');
  return order.capture ? refuseAction('ORDER_ALREADY_CAPTURED', 'This order was captured before.') : order;
}

const needCapture = (order: PaypalOrder): Capture =>
  order.capture ?? refuseAction('ORDER_NOT_CAPTURED', 'This order was not captured yet.');

const pay: Act = async (world, order, input) => {
  const isCapturing = readFlag(input, 'capture', false);
  const plan = readTelling(input);
  needUncaptured(needAlive(world, order));
  if (order.stage === 'approved' && !isCapturing) {
    refuseAction('ORDER_ALREADY_APPROVED', 'This order is approved; the shop has to capture it.');
  }
  const approved = approve(world, order);
  if (order.stage === 'open') await webhooks.sendEvent(world, approved, plan, approvedEvent);
  const current = orders.refresh(world, approved);
  // The shop may have captured while it was told of the approval.
  if (isCapturing && !current.capture)
    await webhooks.sendEvent(world, captureApproved(world, current), plan, captureEvent());
};

/** An order that was approved tells that the approval is off; one that was not ends in silence. */
const takeBack =
  (stage: 'open' | 'expired'): Act =>
  async (world, order, input) => {
    const plan = readTelling(input);
    needUncaptured(order);
    if (order.stage !== stage) changeOrder(world, order, { stage });
    if (order.stage === 'approved') await webhooks.sendEvent(world, order, plan, reversedEvent);
  };

const settlePending =
  (status: Capture['status'], event: 'COMPLETED' | 'DENIED'): Act =>
  async (world, order, input) => {
    const capture = needCapture(order);
    if (capture.status !== 'PENDING') refuseAction('CAPTURE_NOT_PENDING', 'The capture is not pending.');
    const settled = { capture: { ...capture, status, reason: null, updatedAt: world.now() } };
    const changed = { ...changeOrder(world, order, settled), ...settled };
    await webhooks.sendEvent(world, changed, readTelling(input), captureEvent(event));
  };

const deny = settlePending('DECLINED', 'DENIED');

/**
 * The payer's bank refuses. Before approval only the payer sees that; after it the approval falls through and the payer
 * may approve again; a pending capture is denied.
 */
const decline: Act = (world, order, input, origin) =>
  order.capture?.status === 'PENDING'
    ? deny(world, order, input, origin)
    : takeBack('open')(world, needAlive(world, order), input, origin);

/** The newest event again: the same bytes and event id in a delivery of its own. */
const repeat: Act = async (world, order, input) => {
  const { last } = order;
  if (!last) return refuseAction('NOTHING_TO_REPEAT', 'No event of this order has been sent yet.');
  await webhooks.sendEvent(world, order, readPlan(input), () => last);
};

/** From the merchant's pages at PayPal; without an amount, all that is left. */
const refundOrder: Act = async (world, order, input) => {
  const capture = needCapture(order);
  const value = readText(input, 'amount', /^\d{1,15}(\.\d{1,2})?$/);
  const amount = value === null ? {} : { amount: { currency_code: capture.amount.currency_code, value } };
  const [refunded, made] = refund(world, { ...order, capture }, amount);
  await webhooks.sendEvent(world, refunded, readTelling(input), refundedEvent(made));
};

const setOutcome: Act = async (world, order, input) => {
  const plan = readOutcome(input);
  needUncaptured(order);
  changeOrder(world, order, { plan });
};

/** What goes out, and what PayPal would remember to have sent; null when it remembers nothing. */
interface Forgery {
  readonly body: string;
  readonly remembered: Partial<webhooks.Transmission> | null;
}

interface Bench {
  readonly world: World;
  readonly order: PaypalOrder;
}

const claim = ({ world, order }: Bench, changes: Partial<PaypalOrder> = {}): Forgery => ({
  body: claimedEvent(world, order, changes).body,
  remembered: {},
});

/** The first five fail PayPal's verification. The last two pass it and lie: only PayPal's order itself tells the truth. */
const forgers: Forgers<Bench, Forgery> = {
  'wrong-transmission': (bench) => ({ ...claim(bench), remembered: null }),
  'other-body': (bench) => {
    const { body } = approvedEvent(bench.world, bench.order);
    return { ...claim(bench), remembered: { body } };
  },
  reserialised: (bench) => {
    const { body } = claim(bench);
    return { body: JSON.stringify(JSON.parse(body)), remembered: { body } };
  },
  'wrong-webhook-id': (bench) => {
    const webhookId = makeId(bench.world);
    return { ...claim(bench), remembered: { webhookId } };
  },
  // PayPal's own page for trying out webhooks uses this instead of a merchant's webhook id.
  'simulator-webhook-id': (bench) => ({ ...claim(bench), remembered: { webhookId: 'WEBHOOK_ID' } }),
  'other-order': (bench) => claim(bench, { id: makeId(bench.world) }),
  amount: (bench) => {
    const { amount } = bench.order;
    return claim(bench, { amount: fromMinor(toMinor(amount) + 1n, amount.currency_code) });
  },
};

export const forgeKinds = Object.keys(forgers);

/** Posts one event that nobody should act on. The order stays as it is. */
const forge: Act = async (world, order, input) => {
  const chosen = chooseForger(forgers, input, (why) => refuseAction('INVALID_ARGUMENT', why, 400));
  const url = webhooks.addressOf(world, order);
  if (url === null) return refuseAction('NO_WEBHOOK', 'Nothing tells where the events of this order go.');
  const { body, remembered } = chosen.forge({ world, order });
  const transmission = { ...webhooks.makeTransmission(world, order, body), ...remembered };
  if (remembered) webhooks.keepTransmission(world, transmission);
  await world.sender.post(
    webhooks.makeCallback(world, order, transmission, { kind: `forged:${chosen.kind}`, url, body }),
  );
};

/** What PayPal refuses is told as this API tells it. */
const explain =
  (work: Act): Act =>
  async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      throw asActionError(error);
    }
  };

export const works: Readonly<Record<string, Act>> = {
  pay: explain(pay),
  approve: explain((world, order, input, origin) => pay(world, order, { ...input, capture: false }, origin)),
  decline,
  expire: takeBack('expired'),
  repeat,
  complete: settlePending('COMPLETED', 'COMPLETED'),
  deny,
  refund: explain(refundOrder),
  outcome: setOutcome,
  forge,
};
