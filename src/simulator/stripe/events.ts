import { createHmac } from 'node:crypto';
import { limits } from '../options.ts';
import type { CallbackRecord } from '../order.ts';
import type { Callback, SendPlan } from '../sender.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { DEFAULT_WEBHOOK_SECRET, findAccount, readSettings } from './accounts.ts';
import { makeId, toSeconds } from './ids.ts';
import { type Intent, openIntents } from './intent.ts';
import { textAt } from './schema.ts';
import { ACCOUNT_VERSION } from './version.ts';

/** Where PayCore takes Stripe's events, for accounts and simulators that were told no address. */
const LEARNED_PATH = '/api/paycore/webhooks/stripe';

/** The request that caused an event; empty for what payers and banks do. */
export interface Cause {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

/** How an event is told; with `plan` null it is kept and not sent. */
export interface Telling {
  readonly plan: SendPlan | null;
  readonly cause: Cause;
}

export const noCause: Cause = { requestId: null, idempotencyKey: null };
/** Stripe answers first and tells afterwards, and so do browsers on their way back to the shop. */
export const AFTERWARDS: SendPlan = { times: 1, parallel: false, delayMs: 20 };

export interface KeptEvent {
  readonly id: string;
  readonly intent: string;
  readonly type: string;
  readonly body: string;
  /** The Stripe-Signature it last went out with. */
  readonly signature: string | null;
}

export function openEvents(world: World): Shelf<KeptEvent> {
  return world.shelves.open<KeptEvent>('stripe.events', 5000);
}

/** Lower-case hex of HMAC-SHA256 over `<t>.<body>` (Stripe documentation, Verify webhook signatures manually). */
export function signPayload(secret: string, t: number, body: string): string {
  return createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
}

export function signatureHeader(secret: string, t: number, body: string): string {
  return `t=${t},v1=${signPayload(secret, t, body)}`;
}

export function webhookSecret(world: World, intent: Intent): string {
  return findAccount(world, intent.account).webhookSecret ?? DEFAULT_WEBHOOK_SECRET;
}

/** The account's address, else the one for everybody, else the one that the return_url lets guess; null: no delivery. */
export function webhookUrl(world: World, intent: Intent): string | null {
  const told = findAccount(world, intent.account).webhookUrl ?? readSettings(world).webhookUrl;
  if (told !== null) return told;
  const returnUrl = intent.attempt?.returnUrl ?? textAt(intent.fields, 'return_url');
  return returnUrl?.startsWith('http') ? new URL(returnUrl).origin + LEARNED_PATH : null;
}

/** Stripe pretty-prints its events, so that whoever serialises them anew breaks the signature. */
export function writeEvent(
  world: World,
  intent: Intent,
  type: string,
  object: unknown,
  cause: Cause,
): Pick<KeptEvent, 'id' | 'body'> {
  const id = makeId(world.random, 'evt_1', 23);
  const event = {
    id,
    object: 'event',
    api_version: ACCOUNT_VERSION,
    created: toSeconds(world.now()),
    data: { object },
    livemode: intent.livemode,
    pending_webhooks: 1,
    request: { id: cause.requestId, idempotency_key: cause.idempotencyKey },
    type,
  };
  return { id, body: JSON.stringify(event, null, 2) };
}

export function eventHeaders(signature: string | null): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    ...(signature === null ? {} : { 'stripe-signature': signature }),
  };
}

/** Any 2xx will do (Stripe documentation, Webhooks). */
export function isAcknowledged(status: number): boolean {
  return status >= 200 && status < 300;
}

export function keepRecord(world: World, intentId: string, record: CallbackRecord): void {
  openIntents(world).change(intentId, (intent) => ({
    ...intent,
    callbacks: [...intent.callbacks, record].slice(-limits.callbacksKept),
  }));
}

function makeCallback(world: World, intent: Intent, url: string, event: KeptEvent): Callback {
  let signature: string | null = null;
  return {
    kind: event.type,
    url,
    body: event.body,
    // Signed when it goes out: a delayed or repeated event carries the time of its own delivery.
    get headers() {
      signature = signatureHeader(webhookSecret(world, intent), toSeconds(world.now()), event.body);
      return eventHeaders(signature);
    },
    isAcknowledged,
    record: (record) => {
      openEvents(world).change(event.id, (kept) => ({ ...kept, signature }));
      keepRecord(world, intent.id, record);
    },
  };
}

/** Sends an event that is kept, again or for the first time. */
export async function sendEvent(world: World, intent: Intent, event: KeptEvent, plan: SendPlan): Promise<void> {
  const url = webhookUrl(world, intent);
  if (url !== null) await world.sender.send(makeCallback(world, intent, url, event), plan);
}

/** Writes an event down and tells it. */
export async function tell(
  world: World,
  intent: Intent,
  type: string,
  object: unknown,
  telling: Telling,
): Promise<void> {
  const { id, body } = writeEvent(world, intent, type, object, telling.cause);
  const event = openEvents(world).put(id, { id, intent: intent.id, type, body, signature: null });
  openIntents(world).change(intent.id, (current) => ({ ...current, lastEvent: id }));
  if (telling.plan) await sendEvent(world, intent, event, telling.plan);
}
