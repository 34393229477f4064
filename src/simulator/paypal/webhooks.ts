import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readText } from '../input.ts';
import { limits } from '../options.ts';
import type { Callback, SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { CLIENT_ID } from './accounts.ts';
import { contextOf, keepCallback, ordersOf, type PaypalOrder, type SentEvent } from './order.ts';
import { isWebAddress } from './schema.ts';
import { formatTime } from './views.ts';

/** Where an account's events go. */
export interface Webhook {
  readonly clientId: string;
  readonly webhookId: string;
  /** Null: to the shop whose address the order carries. */
  readonly url: string | null;
}

/** One delivery of an event: all that its verification goes by. */
export interface Transmission {
  readonly id: string;
  readonly clientId: string;
  readonly webhookId: string;
  readonly time: string;
  readonly signature: string;
  readonly certUrl: string;
  readonly algorithm: string;
  readonly body: string;
}

const STANDARD_WEBHOOK_ID = 'SIMULATORWEBHOOK1';
const STANDARD_PATH = '/api/paycore/webhooks/paypal';
const CERT_URL = 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-SIMULATOR-0001';
const ALGORITHM = 'SHA256withRSA';
const SIGNATURE_BYTES = 256;
const TRANSMISSIONS_CAP = 2000;
const URL_CAP = 2048;

const webhooksOf = (world: World) => world.shelves.open<Webhook>('paypal.webhooks', limits.accounts);
const transmissionsOf = (world: World) => world.shelves.open<Transmission>('paypal.transmissions', TRANSMISSIONS_CAP);

export function readWebhook(input: Input): Webhook {
  const clientId = readText(input, 'client_id', CLIENT_ID);
  const webhookId = readText(input, 'webhook_id', /^[A-Za-z0-9]{1,50}$/);
  const url = readText(input, 'url', /^\S+$/);
  if (!clientId || !webhookId) {
    throw new ActionError(400, 'INVALID_ARGUMENT', 'client_id and webhook_id are needed.');
  }
  if (url !== null && (url.length > URL_CAP || !isWebAddress(url))) {
    throw new ActionError(400, 'INVALID_ARGUMENT', 'url must be an address with http or https.');
  }
  return { clientId, webhookId, url };
}

export function registerWebhook(world: World, webhook: Webhook): Webhook {
  return webhooksOf(world).put(webhook.clientId, webhook);
}

export function listWebhooks(world: World): Webhook[] {
  return webhooksOf(world).newest(limits.accounts);
}

/** An account without a webhook of its own has one all the same: a demo needs no setting up. */
export function webhookOf(world: World, clientId: string): Webhook {
  return webhooksOf(world).get(clientId) ?? { clientId, webhookId: STANDARD_WEBHOOK_ID, url: null };
}

/** Null when nothing tells where the shop is. */
export function addressOf(world: World, order: PaypalOrder): string | null {
  const { url } = webhookOf(world, order.clientId);
  if (url !== null) return url;
  const { return_url } = contextOf(order);
  return return_url === undefined ? null : new URL(return_url).origin + STANDARD_PATH;
}

export function findTransmission(world: World, id: string): Transmission | undefined {
  return transmissionsOf(world).get(id);
}

function makeUuid(world: World): string {
  const hex = Buffer.from(world.random(16)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A signature only in looks: whether it is right is asked of the simulator, which remembers what it gave out. */
function makeSignature(world: World): string {
  // The documented form begins with a letter or a digit; base64 may not.
  return `S${Buffer.from(world.random(SIGNATURE_BYTES)).toString('base64').slice(1)}`;
}

/** A delivery as PayPal would make it, not remembered yet. */
export function makeTransmission(world: World, order: PaypalOrder, body: string): Transmission {
  return {
    id: makeUuid(world),
    clientId: order.clientId,
    webhookId: webhookOf(world, order.clientId).webhookId,
    time: formatTime(world.now()),
    signature: makeSignature(world),
    certUrl: CERT_URL,
    algorithm: ALGORITHM,
    body,
  };
}

/** From here on the delivery can be verified. */
export function keepTransmission(world: World, transmission: Transmission): Transmission {
  return transmissionsOf(world).put(transmission.id, transmission);
}

/** `body` is what goes out, which a forger may make another one than was signed. */
export function makeCallback(
  world: World,
  order: PaypalOrder,
  sent: { readonly kind: string; readonly url: string; readonly transmission: Transmission; readonly body: string },
): Callback {
  const { kind, url, transmission, body } = sent;
  return {
    kind,
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'paypal-transmission-id': transmission.id,
      'paypal-transmission-time': transmission.time,
      'paypal-transmission-sig': transmission.signature,
      'paypal-cert-url': transmission.certUrl,
      'paypal-auth-algo': transmission.algorithm,
    },
    isAcknowledged: (status) => status >= 200 && status < 300,
    record: (record) => keepCallback(world, order.id, record),
  };
}

/** Delivers an event, and again while nobody acknowledges it; every retry has the same bytes and headers. */
export async function sendEvent(world: World, order: PaypalOrder, event: SentEvent, plan: SendPlan): Promise<void> {
  ordersOf(world).change(order.id, (current) => ({ ...current, last: event }));
  const url = addressOf(world, order);
  if (url === null) return;
  const transmission = keepTransmission(world, makeTransmission(world, order, event.body));
  await world.sender.send(makeCallback(world, order, { kind: event.type, url, transmission, body: event.body }), plan);
}
