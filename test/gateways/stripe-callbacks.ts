import { signatureHeader } from '../../src/simulator/stripe/events.ts';
import { START } from '../support/clock.ts';
import type { Mode, Post, Say, Target } from './contract.ts';

/** Stripe's events, signed by the simulator, which has read Stripe's documents for itself. */

export const WEBHOOK_SECRET = 'whsec_our_contract';
export const THEIR_SECRET = 'whsec_their_contract';
export const JSON_TYPE = 'application/json';
export const SIGNATURE = 'stripe-signature';

/** Keys of an account in each mode; with a live key real money is paid. */
export function keysOf(mode: Mode, account = '51Contract'): Readonly<Record<string, string>> {
  return { secret_key: `sk_${mode}_${account}`, publishable_key: `pk_${mode}_${account}` };
}

export type Data = Readonly<Record<string, unknown>>;

const WORDS = {
  paid: { type: 'payment_intent.succeeded', status: 'succeeded' },
  declined: { type: 'payment_intent.payment_failed', status: 'requires_payment_method' },
  issued: { type: 'payment_intent.created', status: 'requires_payment_method' },
  'issued as paid': { type: 'payment_intent.created', status: 'succeeded' },
} as const;

const DECLINE = { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline', message: 'No.' };

/** The intent an event is about. */
export function intentData(target: Target, say: Say): Data {
  const { status } = WORDS[say.fact];
  return {
    id: target.tradeNo,
    object: 'payment_intent',
    amount: target.amount,
    amount_received: say.fact === 'paid' ? (say.amount ?? target.amount) : 0,
    client_secret: `${target.tradeNo}_secret_Contract`,
    currency: target.currency.toLowerCase(),
    last_payment_error: say.fact === 'declined' ? DECLINE : null,
    latest_charge: 'ch_3Contract',
    livemode: target.data.livemode,
    metadata: {
      payment_no: target.paymentNo,
      gateway_order_no: target.orderNo,
      merchant_order_no: target.merchantOrderNo,
    },
    payment_method_types: ['card'],
    status,
  };
}

/** The same in other words is another event about it. */
export function eventData(target: Target, say: Say, object: Data = intentData(target, say)): Data {
  return {
    id: say.again ? 'evt_1ContractAgain' : 'evt_1Contract',
    object: 'event',
    api_version: '2026-08-26.dahlia',
    created: START / 1000,
    data: { object },
    livemode: target.data.livemode,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: WORDS[say.fact].type,
  };
}

export function signed(body: string, secret = WEBHOOK_SECRET, seconds = START / 1000): Post {
  return { type: JSON_TYPE, body, headers: { [SIGNATURE]: signatureHeader(secret, seconds, body) } };
}

/** Stripe writes its events with spaces and line breaks. */
export function write(event: Data): string {
  return JSON.stringify(event, null, 2);
}

export function makeEvent(target: Target, say: Say): Post {
  return signed(write(eventData(target, say)));
}

/** Somebody else's account: about an intent of his own, or about ours. */
export function makeForeignEvent(target: Target, say: Say, names: 'himself' | 'us'): Post {
  const his = { ...target, tradeNo: 'pi_3SomebodyElse', orderNo: 'PC260622SOMEBODYELSE', paymentNo: 'PAY1' };
  return signed(write(eventData(names === 'himself' ? his : target, say)), THEIR_SECRET);
}

let numbered = 0;

/** What anybody could send: no signature, and every time in other bytes. */
export function makeUnsigned(target: Target, say: Say): Post {
  numbered += 1;
  return { type: JSON_TYPE, body: write({ ...eventData(target, say), id: `evt_1Unsigned${numbered}` }) };
}

/** What a body means to a reader in his right mind. */
export function meaningOf(body: Buffer): string {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')));
  } catch {
    return body.toString('latin1');
  }
}
