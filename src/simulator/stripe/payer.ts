import { ActionError, answerPage, answerText, seeOther } from '../http.ts';
import type { Call, World } from '../world.ts';
import { cardErrors } from './cards.ts';
import { AFTERWARDS, noCause, type Telling } from './events.ts';
import { type Intent, openIntents, type PaymentError, type PaymentMethod, returnAddress } from './intent.ts';
import { isAsking } from './order.ts';
import { askPage, endPage, type Scene } from './pages.tsx';
import { drawPng, drawSvg } from './qr.ts';
import { fail, process, succeed } from './settle.ts';

/** Why a try fails that is no card's: the payer, or time (Stripe documentation, Error codes). */
export const attemptFailed: PaymentError = {
  type: 'invalid_request_error',
  code: 'payment_intent_payment_attempt_failed',
  message: 'The payment failed.',
};
export const attemptExpired: PaymentError = {
  type: 'invalid_request_error',
  code: 'payment_intent_payment_attempt_expired',
  message: 'The latest payment attempt of this PaymentIntent has expired.',
};
export const authenticationFailed: PaymentError = {
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  message: 'The provided PaymentMethod has failed authentication.',
};

const telling: Telling = { plan: AFTERWARDS, cause: noCause };

function findByNonce(world: World, nonce: string): Intent {
  const intent = openIntents(world).find((one) => one.attempt?.nonce === nonce);
  if (!intent) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such payment, or another try has taken its place.');
  return intent;
}

function sceneOf(intent: Intent): Scene | null {
  const { attempt, method } = intent;
  return isAsking(intent) && attempt && method ? { intent, attempt, method } : null;
}

/** The payer is through; the card may be declined all the same. */
function charge(world: World, intent: Intent, method: PaymentMethod): Promise<Intent> {
  const outcome = method.card?.outcome ?? 'pays';
  if (outcome === 'pays' || outcome === 'secure') return succeed(world, intent, method, telling);
  return fail(world, intent, cardErrors[outcome], telling);
}

const steps: Readonly<Record<string, (world: World, intent: Intent, method: PaymentMethod) => Promise<Intent>>> = {
  pay: charge,
  processing: (world, intent, method) => process(world, intent, method, telling),
  decline: (world, intent, method) =>
    fail(world, intent, method.type === 'card' ? authenticationFailed : attemptFailed, telling),
  expire: (world, intent) => fail(world, intent, attemptExpired, telling),
};

/** `GET /stripe/authorize/{nonce}`: the page of the wallet, the bank or the QR code. */
export function showPayer(call: Call): Response {
  const intent = findByNonce(call.world, call.params[0] ?? '');
  const scene = sceneOf(intent);
  return answerPage(scene ? askPage(scene) : endPage(intent, intent.attempt?.returnUrl ?? null));
}

/** `POST /stripe/authorize/{nonce}/{step}`: what the payer pressed there, once. */
export async function stepPayer(call: Call): Promise<Response> {
  const [nonce = '', name = ''] = call.params;
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) throw new ActionError(404, 'NOT_FOUND', 'No such step.');
  const intent = findByNonce(call.world, nonce);
  const scene = sceneOf(intent);
  const { returnUrl, qr } = intent.attempt ?? { returnUrl: null, qr: null };
  if (!scene) return answerPage(endPage(intent, returnUrl));
  const after = await step(call.world, intent, scene.method);
  // A code is scanned with a phone while the shop's own page waits elsewhere: nobody is carried back.
  if (returnUrl === null || qr !== null) return answerPage(endPage(after, returnUrl));
  return seeOther(returnAddress(after, returnUrl));
}

/** `GET /stripe/qr/{nonce}.svg|png` */
export async function showQr(call: Call): Promise<Response> {
  const [nonce = '', extension = ''] = call.params;
  const text = findByNonce(call.world, nonce).attempt?.qr ?? null;
  if (text === null) throw new ActionError(404, 'NOT_FOUND', 'This payment has no QR code.');
  const isSvg = extension === 'svg';
  const response = isSvg
    ? answerText(await drawSvg(text), 200, 'image/svg+xml')
    : new Response(new Uint8Array(await drawPng(text)), { headers: { 'content-type': 'image/png' } });
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  return response;
}
