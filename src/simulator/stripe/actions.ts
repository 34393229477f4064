import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readChoice, readCount, readFlag, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { SendPlan } from '../sender.ts';
import type { StandAction } from '../stand.ts';
import type { World } from '../world.ts';
import { cardErrors } from './cards.ts';
import { noCause, openEvents, sendEvent, type Telling } from './events.ts';
import { StripeFailure } from './failure.ts';
import { refundReasons } from './fields.ts';
import { forge } from './forge.ts';
import type { Charge, Intent, PaymentError, PaymentMethod } from './intent.ts';
import { kindNames } from './kinds.ts';
import { standardMethod } from './methods.ts';
import { findByNumber, isAsking } from './order.ts';
import { attemptExpired, attemptFailed } from './payer.ts';
import { refund } from './refunds.ts';
import { cancel, dispute, fail, process, succeed } from './settle.ts';

function findOrder(world: World, number: string): Intent {
  const intent = findByNumber(world, number);
  if (!intent) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${number}.`);
  return intent;
}

function readPlan(input: Input): SendPlan {
  return {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}

function tellingOf(input: Input): Telling {
  return { plan: readFlag(input, 'callback', true) ? readPlan(input) : null, cause: noCause };
}

/** Money moves until an intent has succeeded or was canceled; a QR code that timed out may be confirmed anew. */
function checkOpen(intent: Intent): void {
  if (intent.status === 'succeeded') throw new ActionError(409, 'ORDER_ALREADY_PAID', 'This order is paid already.');
  if (intent.status === 'canceled') throw new ActionError(409, 'ORDER_CANCELED', 'Stripe takes nothing after that.');
}

/** What the payer chose, or would have: the method asked for by name, else the first on offer. */
function chooseMethod(world: World, intent: Intent, input: Input): PaymentMethod {
  const name = readChoice(input, 'method', intent.types);
  const kept = intent.method ?? intent.lastMethod;
  if (kept && (name === null || kept.type === name)) return kept;
  const type = kindNames.find((kind) => kind === name) ?? intent.types[0] ?? 'card';
  return standardMethod(world, type);
}

const pay: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  checkOpen(intent);
  await succeed(world, intent, chooseMethod(world, intent, input), tellingOf(input));
};

const processLater: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  checkOpen(intent);
  await process(world, intent, chooseMethod(world, intent, input), tellingOf(input));
};

function readError(intent: Intent, input: Input): PaymentError {
  const type = (intent.method ?? intent.lastMethod)?.type ?? intent.types[0];
  const standard = type === 'card' ? cardErrors.declined : attemptFailed;
  const decline = readText(input, 'decline_code', /^[a-z_]{1,60}$/) ?? standard.decline_code;
  return {
    type: standard.type,
    code: readText(input, 'code', /^[a-z_]{1,60}$/) ?? standard.code,
    message: readText(input, 'message', /^.{1,200}$/u) ?? standard.message,
    ...(decline === undefined ? {} : { decline_code: decline }),
  };
}

const decline: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  checkOpen(intent);
  await fail(world, intent, readError(intent, input), tellingOf(input));
};

/** Time runs out for a try. An intent without one waits for ever. */
const expire: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  checkOpen(intent);
  if (!isAsking(intent)) throw new ActionError(409, 'NOTHING_TO_EXPIRE', 'No payer is being asked right now.');
  await fail(world, intent, attemptExpired, tellingOf(input));
};

const cancelReasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'];

const cancelOrder: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  checkOpen(intent);
  if (intent.status === 'processing') throw new ActionError(409, 'ORDER_PROCESSING', 'The bank has it already.');
  await cancel(world, intent, readChoice(input, 'reason', cancelReasons), tellingOf(input));
};

/** The last event once more, with its id; signed anew. */
const repeat: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  const event = openEvents(world).get(intent.lastEvent ?? '');
  if (!event) throw new ActionError(409, 'NOTHING_TO_REPEAT', 'There is no event of this order yet.');
  await sendEvent(world, intent, event, readPlan(input));
};

function chargeOf(intent: Intent): Charge {
  if (intent.charge?.status === 'succeeded') return intent.charge;
  throw new ActionError(409, 'ORDER_NOT_PAID', 'This order is not paid.');
}

/** Somebody gives money back in Stripe's dashboard. */
const refundOrder: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  chargeOf(intent);
  const amount = input.amount ? readCount(input, 'amount', 1, intent.amount, intent.amount) : null;
  const wish = { amount, reason: readChoice(input, 'reason', refundReasons), metadata: {} };
  try {
    await refund(world, intent, wish, tellingOf(input));
  } catch (error) {
    throw error instanceof StripeFailure ? new ActionError(409, 'REFUND_REFUSED', error.message) : error;
  }
};

const DISPUTE_REASONS = ['fraudulent', 'product_not_received', 'duplicate', 'general'];

/** The payer asks the bank for the money back. */
const disputeOrder: StandAction = async (world, number, input) => {
  const intent = findOrder(world, number);
  const charge = chargeOf(intent);
  if (charge.isDisputed) throw new ActionError(409, 'ALREADY_DISPUTED', 'This charge is disputed already.');
  const amount = readCount(input, 'amount', 1, intent.amount, intent.amount);
  const reason = readChoice(input, 'reason', DISPUTE_REASONS) ?? 'fraudulent';
  await dispute(world, intent, charge, { amount, reason }, tellingOf(input));
};

export const actions: Readonly<Record<string, StandAction>> = {
  pay,
  decline,
  expire,
  processing: processLater,
  cancel: cancelOrder,
  repeat,
  refund: refundOrder,
  dispute: disputeOrder,
  forge: (world, number, input) => forge(world, findOrder(world, number), input),
};
