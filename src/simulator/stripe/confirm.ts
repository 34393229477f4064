import type { World } from '../world.ts';
import { readSettings } from './accounts.ts';
import type { Caller } from './caller.ts';
import { AFTERWARDS, type Telling } from './events.ts';
import { type PaymentError, paymentErrors, refuse, refuseMissing, StripeFailure } from './failure.ts';
import type { ConfirmValues, MethodOptions } from './fields.ts';
import { type Attempt, automaticOf, type Intent, makeId, orders, type PaymentMethod } from './intent.ts';
import { kindOf } from './kinds.ts';
import { errorOf } from './methods.ts';
import { viewIntent, viewPublicIntent } from './objects.ts';
import { drawPng, qrText } from './qr.ts';
import { askPayer, fail, succeed } from './settle.ts';

/** A confirmation, and the method it names; null: the one that the intent has already. */
export interface Wish {
  readonly values: ConfirmValues;
  readonly method: PaymentMethod | null;
}

export const show = (caller: Caller, intent: Intent, expand: readonly string[] = []): unknown =>
  caller.publishableKey === null ? viewIntent(intent, expand) : viewPublicIntent(intent);

export const tellingOf = ({ world, requestId, idempotencyKey }: Caller): Telling => ({
  world,
  plan: AFTERWARDS,
  cause: { requestId, idempotencyKey },
});

/** 400 with the intent in it, as Stripe answers calls that come at the wrong time. */
function refuseState(caller: Caller, intent: Intent, message: string): never {
  const code = 'payment_intent_unexpected_state';
  const payment_intent = show(caller, intent);
  throw new StripeFailure(400, { type: 'invalid_request_error', code, message, payment_intent });
}

const open: readonly Intent['status'][] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export function checkOpen(caller: Caller, intent: Intent, step: 'confirm' | 'cancel'): void {
  if (open.includes(intent.status)) return;
  refuseState(caller, intent, `You cannot ${step} this PaymentIntent because it has a status of ${intent.status}.`);
}

export function checkReturnUrl(returnUrl: string | undefined): void {
  if (returnUrl === undefined) return;
  // An address of an app will do as well as one of the web.
  const scheme = URL.canParse(returnUrl) ? new URL(returnUrl).protocol : '';
  if (['', 'javascript:', 'data:'].includes(scheme)) {
    refuse('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
}

/** Whether the card's bank will want to see the payer. */
function isSecured(world: World, { card }: PaymentMethod, options: MethodOptions): boolean {
  const asked = options.card?.request_three_d_secure;
  return card?.outcome === 'secure' || readSettings(world).threeDSecure || asked === 'any' || asked === 'challenge';
}

/** Throws StripeFailure when this confirmation cannot work; answers the method it is about. */
export function checkWish(caller: Caller, intent: Intent, wish: Wish): PaymentMethod {
  checkOpen(caller, intent, 'confirm');
  const method = wish.method ?? intent.method;
  if (!method) return refuseState(caller, intent, 'You cannot confirm this PaymentIntent: it has no payment method.');
  if (!intent.types.includes(method.type)) {
    const message = `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent: ${intent.types.join(', ')}.`;
    refuse(message, { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' });
  }
  const { payment_method_options, return_url } = wish.values;
  const { wechat_pay } = { ...intent.options, ...payment_method_options };
  // Stripe.js says by itself that it is a web page.
  const isTold = caller.publishableKey !== null || wechat_pay !== undefined;
  if (method.type === 'wechat_pay' && !isTold) refuseMissing('payment_method_options[wechat_pay][client]');
  const leaves =
    kindOf(method.type).way === 'redirect' || (automaticOf(intent)?.allow_redirects ?? 'never') !== 'never';
  if (leaves && return_url === undefined) refuseMissing('return_url');
  return method;
}

async function sketchAttempt(caller: Caller, intent: Intent, wish: Wish): Promise<Attempt> {
  const method = checkWish(caller, intent, wish);
  const { world, origin } = caller;
  const { return_url: returnUrl = null, use_stripe_sdk: isForScript = false } = wish.values;
  const qr = qrText(world, method.type, intent);
  const png = qr !== null && method.type === 'wechat_pay' ? await drawPng(qr) : null;
  return {
    nonce: makeId(world, 'pa_nonce_', 32),
    origin,
    returnUrl,
    qr,
    picture: png && `data:image/png;base64,${png.toString('base64')}`,
    isForScript: method.type === 'card' && (isForScript || returnUrl === null),
  };
}

/** 402 with the intent in it, which lives on. */
function refuseCard(caller: Caller, intent: Intent, error: PaymentError): never {
  const charge = intent.charge?.status === 'failed' ? { charge: intent.charge.id } : {};
  throw new StripeFailure(402, { ...error, type: 'card_error', ...charge, payment_intent: show(caller, intent) });
}

/** Cards are answered at once unless their bank wants to see the payer. */
async function chargeCard(caller: Caller, intent: Intent, method: PaymentMethod): Promise<Intent> {
  const error = errorOf(method.card);
  if (error === null) return succeed(tellingOf(caller), intent, method);
  return refuseCard(caller, await fail(tellingOf(caller), intent, error, method), error);
}

/** Throws StripeFailure 402 when the card is declined. */
export async function confirm(caller: Caller, intentId: string, wish: Wish): Promise<Intent> {
  const { world } = caller;
  const before = orders.shelf(world).get(intentId);
  if (!before) return refuse('The PaymentIntent is gone.');
  const attempt = await sketchAttempt(caller, before, wish);
  // Drawing takes a moment in which the intent may have been canceled.
  const intent = orders.refresh(world, before);
  const method = checkWish(caller, intent, wish);
  const options = { ...intent.options, ...wish.values.payment_method_options };
  const known = orders.change(world, intent, { options, attempt });
  const asks = kindOf(method.type).way !== 'card' || isSecured(world, method, options);
  if (!asks) return chargeCard(caller, known, method);
  if (!wish.values.error_on_requires_action) return askPayer(tellingOf(caller), known, method, attempt);
  const { secured } = paymentErrors;
  return refuseCard(caller, await fail(tellingOf(caller), known, secured), secured);
}
