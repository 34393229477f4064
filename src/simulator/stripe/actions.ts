import { ActionError, refuseAction } from '../http.ts';
import { type Input, readChoice, readCount, readPlan, readTelling, readText } from '../input.ts';
import type { Work } from '../stand.ts';
import type { World } from '../world.ts';
import { findLastEvent, sendEvent, type Telling } from './events.ts';
import { type PaymentError, paymentErrors, StripeFailure } from './failure.ts';
import { cancelReasons, refundReasons } from './fields.ts';
import { forge } from './forge.ts';
import { type Charge, type Intent, openAttempt, type PaymentMethod } from './intent.ts';
import { kindNames } from './kinds.ts';
import { standardMethod } from './methods.ts';
import { refund } from './refunds.ts';
import { cancel, dispute, fail, process, succeed } from './settle.ts';

type Act = Work<Intent>;

const tellingOf = (world: World, input: Input): Telling => ({ world, plan: readTelling(input) });

/** Money moves until an intent has succeeded or was canceled; a QR code that timed out may be confirmed anew. */
function checkOpen(intent: Intent): void {
  if (intent.status === 'succeeded') refuseAction('ORDER_ALREADY_PAID', 'This order is paid already.');
  if (intent.status === 'canceled') refuseAction('ORDER_CANCELED', 'Stripe takes nothing after that.');
}

/** What the payer chose, or would have: the method asked for by name, else the first on offer. */
function chooseMethod(world: World, intent: Intent, input: Input): PaymentMethod {
  const name = readChoice(input, 'method', intent.types);
  const kept = intent.method ?? intent.lastMethod;
  if (kept && (name === null || kept.type === name)) return kept;
  return standardMethod(world, kindNames.find((kind) => kind === name) ?? intent.types[0] ?? 'card');
}

const payBy =
  (settle: typeof succeed): Act =>
  async (world, intent, input) => {
    checkOpen(intent);
    await settle(tellingOf(world, input), intent, chooseMethod(world, intent, input));
  };

function readError(intent: Intent, input: Input): PaymentError {
  const type = (intent.method ?? intent.lastMethod)?.type ?? intent.types[0];
  const standard: PaymentError = type === 'card' ? paymentErrors.declined : paymentErrors.failed;
  const decline_code = readText(input, 'decline_code', /^[a-z_]{1,60}$/) ?? standard.decline_code;
  return {
    type: standard.type,
    code: readText(input, 'code', /^[a-z_]{1,60}$/) ?? standard.code,
    message: readText(input, 'message', /^.{1,200}$/u) ?? standard.message,
    ...(decline_code === undefined ? {} : { decline_code }),
  };
}

const decline: Act = async (world, intent, input) => {
  checkOpen(intent);
  await fail(tellingOf(world, input), intent, readError(intent, input));
};

/** Time runs out for a try. An intent without one waits for ever. */
const expire: Act = async (world, intent, input) => {
  checkOpen(intent);
  if (!openAttempt(intent)) refuseAction('NOTHING_TO_EXPIRE', 'No payer is being asked right now.');
  await fail(tellingOf(world, input), intent, paymentErrors.expired);
};

const cancelOrder: Act = async (world, intent, input) => {
  checkOpen(intent);
  if (intent.status === 'processing') refuseAction('ORDER_PROCESSING', 'The bank has it already.');
  await cancel(tellingOf(world, input), intent, readChoice(input, 'reason', cancelReasons));
};

/** The last event once more, with its id; signed anew. */
const repeat: Act = async (world, intent, input) => {
  const event = findLastEvent(world, intent);
  if (!event) return refuseAction('NOTHING_TO_REPEAT', 'There is no event of this order yet.');
  await sendEvent(world, intent, event, readPlan(input));
};

const chargeOf = ({ charge }: Intent): Charge =>
  charge?.status === 'succeeded' ? charge : refuseAction('ORDER_NOT_PAID', 'This order is not paid.');

const refundOrder: Act = async (world, intent, input) => {
  chargeOf(intent);
  const amount = input.amount ? readCount(input, 'amount', 1, intent.amount, intent.amount) : null;
  const wish = { amount, reason: readChoice(input, 'reason', refundReasons), metadata: {} };
  try {
    await refund(tellingOf(world, input), intent, wish);
  } catch (error) {
    throw error instanceof StripeFailure ? new ActionError(409, 'REFUND_REFUSED', error.message) : error;
  }
};

const DISPUTE_REASONS = ['fraudulent', 'product_not_received', 'duplicate', 'general'];

/** The payer asks the bank for the money back. */
const disputeOrder: Act = async (world, intent, input) => {
  const charge = chargeOf(intent);
  if (charge.isDisputed) refuseAction('ALREADY_DISPUTED', 'This charge is disputed already.');
  const amount = readCount(input, 'amount', 1, intent.amount, intent.amount);
  const reason = readChoice(input, 'reason', DISPUTE_REASONS) ?? 'fraudulent';
  await dispute(tellingOf(world, input), intent, charge, { amount, reason });
};

export const works: Readonly<Record<string, Act>> = {
  pay: payBy(succeed),
  decline,
  expire,
  processing: payBy(process),
  cancel: cancelOrder,
  repeat,
  refund: refundOrder,
  dispute: disputeOrder,
  forge,
};
