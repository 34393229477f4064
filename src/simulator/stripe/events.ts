import { createHmac } from 'node:crypto';
import { type Callback, isSuccess, type SendPlan } from '../sender.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { DEFAULT_WEBHOOK_SECRET, findAccount, readSettings } from './accounts.ts';
import { type Intent, makeId, orders, toSeconds } from './intent.ts';

/** What webhooks are written in, whatever version a request asked for: the account's default at Stripe. */
const ACCOUNT_VERSION = '2026-08-26.dahlia';

/** Where PayCore takes Stripe's events, for accounts and simulators that were told no address. */
const LEARNED_PATH = '/api/paycore/webhooks/stripe';

/** How events are told; with `plan` null they are kept and not sent. */
export interface Telling {
  readonly world: World;
  readonly plan: SendPlan | null;
  /** The request that caused them; without one for what payers and banks do. */
  readonly cause?: { readonly requestId: string; readonly idempotencyKey: string | null };
}

/** Stripe answers first and tells afterwards, and so do browsers on their way back to the shop. */
export const AFTERWARDS: SendPlan = { times: 1, parallel: false, delayMs: 20 };

interface KeptEvent {
  readonly id: string;
  readonly intent: string;
  readonly type: string;
  readonly body: string;
  /** The Stripe-Signature it last went out with. */
  readonly signature: string | null;
}

const openEvents = (world: World): Shelf<KeptEvent> => world.shelves.open('stripe.events', 5000);

export const findLastEvent = (world: World, intent: Intent): KeptEvent | undefined =>
  openEvents(world).get(intent.lastEvent ?? '');

/** Lower-case hex of HMAC-SHA256 over `<t>.<body>` (Stripe documentation, Verify webhook signatures manually). */
export const signPayload = (secret: string, t: number, body: string): string =>
  createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');

export const signatureHeader = (secret: string, t: number, body: string): string =>
  `t=${t},v1=${signPayload(secret, t, body)}`;

export const webhookSecret = (world: World, intent: Intent): string =>
  findAccount(world, intent.account).webhookSecret ?? DEFAULT_WEBHOOK_SECRET;

/** The account's address, else the one for everybody, else the one that the return_url lets guess; null: no delivery. */
export function webhookUrl(world: World, intent: Intent): string | null {
  const told = findAccount(world, intent.account).webhookUrl ?? readSettings(world).webhookUrl;
  if (told !== null) return told;
  const returnUrl = intent.attempt?.returnUrl ?? intent.fields.return_url;
  return returnUrl?.startsWith('http') ? new URL(returnUrl).origin + LEARNED_PATH : null;
}

/** Stripe pretty-prints its events, so that whoever serialises them anew breaks the signature. */
export function writeEvent({ world, cause }: Telling, intent: Intent, type: string, object: unknown): KeptEvent {
  const id = makeId(world, 'evt_1');
  const event = {
    id,
    object: 'event',
    api_version: ACCOUNT_VERSION,
    created: toSeconds(world.now()),
    data: { object },
    livemode: intent.livemode,
    pending_webhooks: 1,
    request: { id: cause?.requestId ?? null, idempotency_key: cause?.idempotencyKey ?? null },
    type,
  };
  return { id, intent: intent.id, type, body: JSON.stringify(event, null, 2), signature: null };
}

/** `sign` is asked when it goes out: a delayed or repeated event carries the time of its own delivery. */
export const makeCallback = (
  world: World,
  intent: Intent,
  sent: Pick<Callback, 'kind' | 'url' | 'body'>,
  sign: () => string | null,
): Callback => ({
  ...sent,
  get headers() {
    const signature = sign();
    return {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      ...(signature === null ? {} : { 'stripe-signature': signature }),
    };
  },
  isAcknowledged: isSuccess,
  record: (record) => orders.keepRecord(world, intent, record),
});

/** Sends an event that is kept, again or for the first time. */
export async function sendEvent(world: World, intent: Intent, event: KeptEvent, plan: SendPlan): Promise<void> {
  const url = webhookUrl(world, intent);
  if (url === null) return;
  const { id, type: kind, body } = event;
  const sign = () => {
    const signature = signatureHeader(webhookSecret(world, intent), toSeconds(world.now()), body);
    openEvents(world).change(id, (kept) => ({ ...kept, signature }));
    return signature;
  };
  await world.sender.send(makeCallback(world, intent, { kind, url, body }, sign), plan);
}

export async function tell(telling: Telling, intent: Intent, type: string, object: unknown): Promise<void> {
  const { world, plan } = telling;
  const event = writeEvent(telling, intent, type, object);
  openEvents(world).put(event.id, event);
  orders.change(world, intent, { lastEvent: event.id });
  if (plan) await sendEvent(world, intent, event, plan);
}
