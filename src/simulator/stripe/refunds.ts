import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import type { Endpoint } from './api.ts';
import type { Caller } from './caller.ts';
import { tellingOf } from './confirm.ts';
import type { Telling } from './events.ts';
import { missingObject, refuse, refuseMissing } from './failure.ts';
import { lookFields, refundFields, refundListFields } from './fields.ts';
import { makeId, toSeconds } from './ids.ts';
import { type Charge, type Intent, openIntents } from './intent.ts';
import { checkDigits, formatMajor } from './money.ts';
import { integerAt, pairsAt, readFields, textAt, type Values } from './schema.ts';
import { giveBack } from './settle.ts';

/** Stripe API reference, Refunds. */
export interface Refund {
  readonly id: string;
  readonly account: string;
  readonly intent: string;
  readonly charge: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

function openRefunds(world: World): Shelf<Refund> {
  return world.shelves.open<Refund>('stripe.refunds');
}

function viewRefund(refund: Refund): unknown {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.id.replace('re_', 'txn_'),
    charge: refund.charge,
    created: toSeconds(refund.createdAt),
    currency: refund.currency,
    metadata: refund.metadata,
    payment_intent: refund.intent,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
}

/** The charge that money can be given back from, and how much. Throws StripeFailure. */
function checkRefund(intent: Intent, wanted: number | null): { charge: Charge; amount: number } {
  const { charge, currency } = intent;
  if (charge?.status !== 'succeeded') {
    return refuse(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
      param: 'payment_intent',
    });
  }
  if (charge.isDisputed) refuse(`Charge ${charge.id} has been charged back.`, { code: 'charge_disputed' });
  const left = intent.amount - charge.amountRefunded;
  if (left === 0) refuse(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const amount = wanted ?? left;
  if (amount > left) {
    const [asked, rest] = [amount, left].map((sum) => `${formatMajor(sum, currency)} ${currency}`);
    refuse(`Refund amount (${asked}) is greater than unrefunded amount on charge (${rest})`, { param: 'amount' });
  }
  checkDigits(amount, currency);
  return { charge, amount };
}

export interface RefundWish {
  readonly amount: number | null;
  readonly reason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws StripeFailure when there is nothing to give back. */
export async function refund(world: World, intent: Intent, wish: RefundWish, telling: Telling): Promise<Refund> {
  const { charge, amount } = checkRefund(intent, wish.amount);
  const id = makeId(world.random, 're_3', 23);
  const made: Refund = {
    id,
    account: intent.account,
    intent: intent.id,
    charge: charge.id,
    createdAt: world.now(),
    amount,
    currency: intent.currency,
    reason: wish.reason,
    metadata: wish.metadata,
  };
  openRefunds(world).put(id, made);
  await giveBack(world, intent, charge, amount, telling);
  return made;
}

function findPaid(caller: Caller, account: string, values: Values): Intent {
  const intents = openIntents(caller.world);
  const intentId = textAt(values, 'payment_intent');
  const chargeId = textAt(values, 'charge');
  if (intentId === null && chargeId === null) refuseMissing('payment_intent');
  const intent = intentId === null ? intents.find((one) => one.charge?.id === chargeId) : intents.get(intentId);
  const isOwn = intent?.account === account && (chargeId === null || intent.charge?.id === chargeId);
  if (intent && isOwn) return intent;
  if (intentId !== null) throw missingObject('payment_intent', intentId, 404, 'payment_intent');
  throw missingObject('charge', chargeId ?? '', 404, 'charge');
}

/** `POST /v1/refunds` */
export const createRefund: Endpoint = (caller, tree) => {
  const { who, world } = caller;
  if (who.kind !== 'merchant') return refuse('A secret key is needed.');
  const values = readFields(refundFields, tree);
  const amount = integerAt(values, 'amount');
  if (amount !== null && amount < 1) {
    refuse('This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param: 'amount' });
  }
  return async () => {
    const wish = { amount, reason: textAt(values, 'reason'), metadata: pairsAt(values, 'metadata') };
    return viewRefund(await refund(world, findPaid(caller, who.account, values), wish, tellingOf(caller)));
  };
};

const LIST_STANDARD = 10;
const LIST_CAP = 100;

/** `GET /v1/refunds?payment_intent=`, newest first. */
export const listRefunds: Endpoint = (caller, tree) => {
  const values = readFields(refundListFields, tree);
  const intent = textAt(values, 'payment_intent');
  const limit = integerAt(values, 'limit') ?? LIST_STANDARD;
  if (limit < 1 || limit > LIST_CAP) refuse(`Invalid limit: ${limit}`, { param: 'limit' });
  return () => {
    const { who, world } = caller;
    const isWanted = (one: Refund) =>
      who.kind === 'merchant' && one.account === who.account && (intent === null || one.intent === intent);
    const found = openRefunds(world).newest(Number.MAX_SAFE_INTEGER).filter(isWanted);
    const data = found.slice(0, limit).map(viewRefund);
    return { object: 'list', url: '/v1/refunds', has_more: found.length > limit, data };
  };
};

/** `GET /v1/refunds/{id}` */
export const retrieveRefund: Endpoint = (caller, tree, [id = '']) => {
  readFields(lookFields, tree);
  return () => {
    const found = openRefunds(caller.world).get(id);
    const isOwn = caller.who.kind === 'merchant' && found?.account === caller.who.account;
    if (!found || !isOwn) throw missingObject('refund', id, 404, 'id');
    return viewRefund(found);
  };
};
