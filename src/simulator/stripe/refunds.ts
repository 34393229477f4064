import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import type { Endpoint } from './api.ts';
import type { Caller } from './caller.ts';
import { tellingOf } from './confirm.ts';
import type { Telling } from './events.ts';
import { refuse, refuseMissing, refuseUnknown } from './failure.ts';
import { lookFields, refundFields, refundListFields } from './fields.ts';
import { type Charge, type Intent, makeId, orders, toSeconds } from './intent.ts';
import { checkDigits, checkPositive, formatMajor } from './money.ts';
import { makeObject, nulls, type Shown } from './objects.ts';
import { readFields, type Values } from './schema.ts';
import { giveBack } from './settle.ts';

interface Refund {
  readonly account: string;
  readonly intent: string;
  /** As Stripe answers it (Stripe API reference, Refunds). */
  readonly shown: Shown;
}

const openRefunds = (world: World): Shelf<Refund> => world.shelves.open('stripe.refunds');

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

interface RefundWish {
  /** Null: all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws StripeFailure when there is nothing to give back. */
export async function refund(telling: Telling, intent: Intent, wish: RefundWish): Promise<Shown> {
  const { world } = telling;
  const { account, currency } = intent;
  const { charge, amount } = checkRefund(intent, wish.amount);
  const id = makeId(world, 're_3');
  const shown = makeObject(id, 'refund', {
    ...wish,
    ...nulls('receipt_number source_transfer_reversal transfer_reversal'),
    amount,
    balance_transaction: id.replace('re_', 'txn_'),
    charge: charge.id,
    created: toSeconds(world.now()),
    currency,
    payment_intent: intent.id,
    status: 'succeeded',
  });
  openRefunds(world).put(id, { account, intent: intent.id, shown });
  await giveBack(telling, intent, charge, amount);
  return shown;
}

function findPaid({ world, account }: Caller, values: Values<typeof refundFields>): Intent {
  const { payment_intent: intentId, charge: chargeId } = values;
  if (intentId === undefined && chargeId === undefined) refuseMissing('payment_intent');
  const intents = orders.shelf(world);
  const intent = intentId === undefined ? intents.find((one) => one.charge?.id === chargeId) : intents.get(intentId);
  if (intent?.account === account && (chargeId === undefined || intent.charge?.id === chargeId)) return intent;
  return intentId === undefined
    ? refuseUnknown('charge', chargeId ?? '', 404, 'charge')
    : refuseUnknown('payment_intent', intentId, 404, 'payment_intent');
}

export const createRefund: Endpoint = (caller, tree) => {
  const values = readFields(refundFields, tree);
  const { amount = null, reason = null, metadata = {} } = values;
  if (amount !== null) checkPositive(amount);
  return () => refund(tellingOf(caller), findPaid(caller, values), { amount, reason, metadata });
};

const LIST_CAP = 100;

/** `GET /v1/refunds?payment_intent=`, newest first. */
export const listRefunds: Endpoint = ({ world, account }, tree) => {
  const { payment_intent: intent, limit = 10 } = readFields(refundListFields, tree);
  if (limit < 1 || limit > LIST_CAP) refuse(`Invalid limit: ${limit}`, { param: 'limit' });
  return () => {
    const isWanted = (one: Refund) => one.account === account && (intent === undefined || one.intent === intent);
    const found = openRefunds(world).newest(Number.MAX_SAFE_INTEGER).filter(isWanted);
    const data = found.slice(0, limit).map(({ shown }) => shown);
    return { object: 'list', url: '/v1/refunds', has_more: found.length > limit, data };
  };
};

export const retrieveRefund: Endpoint = ({ world, account }, tree, [id = '']) => {
  readFields(lookFields, tree);
  return () => {
    const found = openRefunds(world).get(id);
    return found?.account === account ? found.shown : refuseUnknown('refund', id, 404, 'id');
  };
};
