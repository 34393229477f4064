import type { World } from '../world.ts';
import { readSettings } from './accounts.ts';
import type { Caller } from './caller.ts';
import { cardErrors } from './cards.ts';
import { AFTERWARDS, type Telling } from './events.ts';
import { refuse, refuseMissing, StripeFailure } from './failure.ts';
import { makeId } from './ids.ts';
import {
  type Attempt,
  type Intent,
  openIntents,
  type PaymentError,
  type PaymentMethod,
  type Status,
} from './intent.ts';
import { kindOf } from './kinds.ts';
import { viewIntent, viewPublicIntent } from './objects.ts';
import { drawPng, qrText } from './qr.ts';
import { flagAt, groupAt, textAt, type Values } from './schema.ts';
import { askPayer, fail, succeed } from './settle.ts';

/** A confirmation, read and not yet carried out. */
export interface Wish {
  /** Null: the one that the intent has already. */
  readonly method: PaymentMethod | null;
  readonly options: Values;
  readonly returnUrl: string | null;
  readonly isForScript: boolean;
  readonly failsOnAction: boolean;
}

const confirmable: readonly Status[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export function show(caller: Caller, intent: Intent, expand: readonly string[] = []): unknown {
  return caller.who.kind === 'merchant' ? viewIntent(intent, expand) : viewPublicIntent(intent);
}

export function tellingOf(caller: Caller): Telling {
  return { plan: AFTERWARDS, cause: { requestId: caller.requestId, idempotencyKey: caller.idempotencyKey } };
}

/** 400 with the intent in it, as Stripe answers calls that come at the wrong time. */
export function refuseState(caller: Caller, intent: Intent, message: string): never {
  const code = 'payment_intent_unexpected_state';
  const payment_intent = show(caller, intent);
  throw new StripeFailure(400, { type: 'invalid_request_error', code, message, payment_intent });
}

export function checkReturnUrl(returnUrl: string | null): void {
  // An address of an app will do as well as one of the web.
  const scheme = returnUrl !== null && URL.canParse(returnUrl) ? new URL(returnUrl).protocol : '';
  if (returnUrl !== null && (scheme === '' || scheme === 'javascript:' || scheme === 'data:')) {
    refuse('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
}

export function readWish(values: Values, method: PaymentMethod | null): Wish {
  return {
    method,
    options: groupAt(values, 'payment_method_options') ?? {},
    returnUrl: textAt(values, 'return_url'),
    isForScript: flagAt(values, 'use_stripe_sdk') ?? false,
    failsOnAction: flagAt(values, 'error_on_requires_action') ?? false,
  };
}

/** Whether the card's bank will want to see the payer. */
function isSecured(world: World, intent: Intent, method: PaymentMethod, options: Values): boolean {
  if (method.card?.outcome === 'secure') return true;
  const merged = { ...intent.options, ...options };
  const asked = textAt(merged, 'card', 'request_three_d_secure');
  return readSettings(world).threeDSecure || asked === 'any' || asked === 'challenge';
}

/** Throws StripeFailure when this confirmation cannot work; answers the method it is about. */
export function checkWish(caller: Caller, intent: Intent, wish: Wish): PaymentMethod {
  if (!confirmable.includes(intent.status)) {
    refuseState(caller, intent, `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`);
  }
  const method = wish.method ?? intent.method;
  if (!method) return refuseState(caller, intent, 'You cannot confirm this PaymentIntent: it has no payment method.');
  if (!intent.types.includes(method.type)) {
    const message = `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent: ${intent.types.join(', ')}.`;
    refuse(message, { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' });
  }
  const options = { ...intent.options, ...wish.options };
  // Stripe.js says by itself that it is a web page.
  const isTold = caller.who.kind === 'browser' || textAt(options, 'wechat_pay', 'client') !== null;
  if (method.type === 'wechat_pay' && !isTold) refuseMissing('payment_method_options[wechat_pay][client]');
  const leaves = kindOf(method.type).way === 'redirect' || (intent.automatic?.allowRedirects ?? 'never') !== 'never';
  if (leaves && wish.returnUrl === null) refuseMissing('return_url');
  return method;
}

async function sketchAttempt(caller: Caller, intent: Intent, method: PaymentMethod, wish: Wish): Promise<Attempt> {
  const { random } = caller.world;
  const qr = qrText(method.type, intent, random);
  const png = qr !== null && method.type === 'wechat_pay' ? await drawPng(qr) : null;
  return {
    nonce: makeId(random, 'pa_nonce_', 32),
    origin: caller.origin,
    returnUrl: wish.returnUrl,
    qr,
    picture: png && `data:image/png;base64,${png.toString('base64')}`,
    isForScript: method.type === 'card' && (wish.isForScript || wish.returnUrl === null),
  };
}

function cardError(caller: Caller, intent: Intent, error: PaymentError): StripeFailure {
  const charge = intent.charge?.status === 'failed' ? { charge: intent.charge.id } : {};
  return new StripeFailure(402, { ...error, type: 'card_error', ...charge, payment_intent: show(caller, intent) });
}

const authenticationRequired: PaymentError = {
  type: 'card_error',
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/** Cards are answered at once unless their bank wants to see the payer. */
async function chargeCard(caller: Caller, intent: Intent, method: PaymentMethod): Promise<Intent> {
  const { world } = caller;
  const outcome = method.card?.outcome ?? 'pays';
  if (outcome === 'pays' || outcome === 'secure') return succeed(world, intent, method, tellingOf(caller));
  const tried = openIntents(world).change(intent.id, (current) => ({ ...current, lastMethod: method })) ?? intent;
  const failed = await fail(world, tried, cardErrors[outcome], tellingOf(caller));
  throw cardError(caller, failed, cardErrors[outcome]);
}

/** Throws StripeFailure 402 when the card is declined; the intent lives on. */
export async function confirm(caller: Caller, intentId: string, wish: Wish): Promise<Intent> {
  const { world } = caller;
  const before = openIntents(world).get(intentId);
  if (!before) return refuse('The PaymentIntent is gone.');
  const attempt = await sketchAttempt(caller, before, checkWish(caller, before, wish), wish);
  // Drawing takes a moment in which the intent may have been canceled.
  const intent = openIntents(world).get(intentId) ?? before;
  const method = checkWish(caller, intent, wish);
  const known = openIntents(world).put(intentId, {
    ...intent,
    options: { ...intent.options, ...wish.options },
    attempt,
  });
  const asks = kindOf(method.type).way !== 'card' || isSecured(world, intent, method, wish.options);
  if (!asks) return chargeCard(caller, known, method);
  if (!wish.failsOnAction) return askPayer(world, known, method, attempt, tellingOf(caller));
  throw cardError(caller, await fail(world, known, authenticationRequired, tellingOf(caller)), authenticationRequired);
}
