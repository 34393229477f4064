import { isSame } from '../digest.ts';
import { answerJson, refuseAction } from '../http.ts';
import { readInput, readText } from '../input.ts';
import { limits } from '../options.ts';
import { type Callback, isSuccess, type SendPlan } from '../sender.ts';
import type { Call, World } from '../world.ts';
import { CLIENT_ID } from './accounts.ts';
import { type ApiCall, readJson } from './api.ts';
import { answerApi, refuse } from './errors.ts';
import { contextOf, orders, type PaypalOrder, type SentEvent } from './order.ts';
import { verifyRequest } from './requests.ts';
import { ADDRESS_CAP, isWebAddress } from './schema.ts';
import { formatTime } from './views.ts';

interface Webhook {
  readonly clientId: string;
  readonly webhookId: string;
  /** Null: to the shop whose address the order carries. */
  readonly url: string | null;
}

/** One delivery of an event: all that its verification goes by. */
export interface Transmission {
  readonly clientId: string;
  readonly webhookId: string;
  readonly body: string;
  /** What goes out beside the body, under the names that a verification has for it. */
  readonly proof: Readonly<Record<`transmission_${'id' | 'time' | 'sig'}` | 'cert_url' | 'auth_algo', string>>;
}

const STANDARD_WEBHOOK_ID = 'SIMULATORWEBHOOK1';
const STANDARD_PATH = '/api/paycore/webhooks/paypal';
const CERT_URL = 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-SIMULATOR-0001';
const TRANSMISSIONS_CAP = 2000;
const webhooksOf = (world: World) => world.shelves.open<Webhook>('paypal.webhooks', limits.accounts);
const transmissionsOf = (world: World) => world.shelves.open<Transmission>('paypal.transmissions', TRANSMISSIONS_CAP);

const viewWebhook = ({ clientId, webhookId, url }: Webhook): Readonly<Record<string, string | null>> => ({
  client_id: clientId,
  webhook_id: webhookId,
  url,
});

export function addWebhook(call: Call): Response {
  const input = readInput(call);
  const clientId = readText(input, 'client_id', CLIENT_ID);
  const webhookId = readText(input, 'webhook_id', /^[A-Za-z0-9]{1,50}$/);
  const url = readText(input, 'url', /^\S+$/);
  if (!clientId || !webhookId) {
    return refuseAction('INVALID_ARGUMENT', 'client_id and webhook_id are needed.', 400);
  }
  if (url !== null && (url.length > ADDRESS_CAP || !isWebAddress(url))) {
    refuseAction('INVALID_ARGUMENT', 'url must be an address with http or https.', 400);
  }
  return answerJson(viewWebhook(webhooksOf(call.world).put(clientId, { clientId, webhookId, url })), 201);
}

export const listWebhooks = ({ world }: Call): Response =>
  answerJson({ webhooks: webhooksOf(world).newest(limits.accounts).map(viewWebhook) });

/** An account without a webhook of its own has one all the same: a demo needs no setting up. */
const webhookOf = (world: World, clientId: string): Webhook =>
  webhooksOf(world).get(clientId) ?? { clientId, webhookId: STANDARD_WEBHOOK_ID, url: null };

/** Null when nothing tells where the shop is. */
export function addressOf(world: World, order: PaypalOrder): string | null {
  const { url } = webhookOf(world, order.clientId);
  if (url !== null) return url;
  const { return_url } = contextOf(order);
  return return_url === undefined ? null : new URL(return_url).origin + STANDARD_PATH;
}

function makeUuid(world: World): string {
  const hex = Buffer.from(world.random(16)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function makeTransmission(world: World, { clientId }: PaypalOrder, body: string): Transmission {
  const { webhookId } = webhookOf(world, clientId);
  const proof = {
    transmission_id: makeUuid(world),
    transmission_time: formatTime(world.now()),
    // A signature only in looks: whether it is right is asked of the simulator, which remembers what it gave out. The
    // documented form begins with a letter or a digit; base64 may not.
    transmission_sig: `S${Buffer.from(world.random(256)).toString('base64').slice(1)}`,
    cert_url: CERT_URL,
    auth_algo: 'SHA256withRSA',
  };
  return { clientId, webhookId, body, proof };
}

/** From here on the delivery can be verified. */
export const keepTransmission = (world: World, transmission: Transmission): Transmission =>
  transmissionsOf(world).put(transmission.proof.transmission_id, transmission);

/** `sent.body` is what goes out, which a forger may make another one than was signed. */
export function makeCallback(
  world: World,
  order: PaypalOrder,
  { proof }: Transmission,
  sent: Pick<Callback, 'kind' | 'url' | 'body'>,
): Callback {
  const headers = Object.entries(proof).map(([name, value]) => [`paypal-${name.replaceAll('_', '-')}`, value]);
  return {
    ...sent,
    headers: { 'content-type': 'application/json', ...Object.fromEntries(headers) },
    isAcknowledged: isSuccess,
    record: (record) => orders.keepRecord(world, order, record),
  };
}

/** Delivers an event, and again while nobody acknowledges it; every retry has the same bytes and headers. */
export async function sendEvent<T extends PaypalOrder>(
  world: World,
  order: T,
  plan: SendPlan | null,
  write: (world: World, order: T) => SentEvent,
): Promise<void> {
  if (!plan) return;
  const event = write(world, order);
  orders.change(world, order, { last: event });
  const url = addressOf(world, order);
  if (url === null) return;
  const { type: kind, body } = event;
  const transmission = keepTransmission(world, makeTransmission(world, order, body));
  await world.sender.send(makeCallback(world, order, transmission, { kind, url, body }), plan);
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

/** The values of that name in a JSON object as they stand in its text, which must have been parsed before. */
function findRawMembers(json: string, wanted: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let name = '';
  let last = '';
  let start = 0;
  for (const { 0: token, index } of json.matchAll(tokens)) {
    if (token === '}' || token === ']') depth -= 1;
    const ends = (depth === 1 && token === ',') || (depth === 0 && token === '}');
    if (ends && start > 0 && name === wanted) found.push(json.slice(start, index).trim());
    if (ends) start = 0;
    if (depth === 1 && token === ':') {
      name = String(JSON.parse(last));
      start = index + 1;
    }
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return found;
}

/**
 * `POST /v1/notifications/verify-webhook-signature`: whether everything in the request is what went out under that
 * transmission, to this account's webhook. The event counts as the text it was received as.
 */
export function verifyWebhook(call: ApiCall): Response {
  const { world, clientId, body } = call;
  const request = readJson(call, verifyRequest);
  const [event, ...more] = findRawMembers(body, 'webhook_event');
  // Which of two would count is left open by JSON, so neither does.
  if (event === undefined || more.length > 0) return refuse(400, 'MALFORMED_REQUEST_JSON', { location: 'body' });
  const sent = transmissionsOf(world).get(request.transmission_id);
  const pairs = Object.entries({ ...sent?.proof, webhook_id: sent?.webhookId ?? '' });
  const isGenuine =
    sent?.clientId === clientId &&
    request.webhook_id === webhookOf(world, clientId).webhookId &&
    isSame(event, sent.body) &&
    pairs.every(([name, value]) => isSame(value, String(request[name as keyof typeof request])));
  return answerApi(world, { verification_status: isGenuine ? 'SUCCESS' : 'FAILURE' });
}
