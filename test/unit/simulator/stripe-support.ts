import { createHmac } from 'node:crypto';
import type { Simulator } from '../../../src/simulator/index.ts';
import { NOW, ORIGIN, postJson, Shop, start, Timers, useEach } from './support.ts';

export const SECRET_KEY = 'sk_test_shop';
export const OTHER_KEY = 'sk_test_somebodyelse';
export const PUBLIC_KEY = 'pk_test_shop';
export const VERSION = '2026-08-26.dahlia';
export const RETURN_URL = 'https://shop.example/back?order=1';
/** Printed in the documentation of the simulator: `whsec_simulator`, padded with zeros to 32 characters. */
export const STANDARD_SECRET = 'whsec_simulator'.padEnd(32, '0');

export type Json = Record<string, unknown>;
export type Fields = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export const secretHeaders = (key = SECRET_KEY): Fields => ({
  authorization: `Bearer ${key}`,
  'stripe-version': VERSION,
});

/** A call as the shop's server makes it; headers of '' are left out. */
export async function call(
  simulator: Simulator,
  method: 'GET' | 'POST',
  path: string,
  fields: Fields | [string, string][] = {},
  headers: Fields = {},
): Promise<Answer> {
  const parameters = new URLSearchParams(fields as Record<string, string>).toString();
  const all = {
    ...secretHeaders(),
    ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...headers,
  };
  const url = ORIGIN + path + (method === 'GET' && parameters !== '' ? `?${parameters}` : '');
  const request = new Request(url, {
    method,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    ...(method === 'POST' ? { body: parameters } : {}),
  });
  return read(await simulator.fetch(request));
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** A call as a browser makes it: no headers of its own. */
export function browse(
  simulator: Simulator,
  method: 'GET' | 'POST',
  path: string,
  fields: Fields,
  key = PUBLIC_KEY,
): Promise<Answer> {
  return call(simulator, method, path, { ...fields, key }, { authorization: '', 'stripe-version': '' });
}

export function cardFields(changes: Fields = {}): Fields {
  return {
    amount: '98000',
    currency: 'twd',
    'payment_method_types[]': 'card',
    'metadata[gateway_order_no]': 'G1',
    'metadata[payment_no]': 'PAY1',
    description: '測試商品',
    ...changes,
  };
}

/** A PayNow payment, confirmed by the server. */
export function qrFields(changes: Fields = {}): Fields {
  return {
    amount: '1099',
    currency: 'sgd',
    'payment_method_types[]': 'paynow',
    confirm: 'true',
    'payment_method_data[type]': 'paynow',
    return_url: RETURN_URL,
    'metadata[gateway_order_no]': 'G1',
    ...changes,
  };
}

/** The same by another method. */
export function typedFields(type: string, currency: string, changes: Fields = {}): Fields {
  return qrFields({ currency, 'payment_method_types[]': type, 'payment_method_data[type]': type, ...changes });
}

export const pathOf = (intent: Json, step = '') => `/v1/payment_intents/${intent.id}${step}`;

export function create(simulator: Simulator, fields: Fields = cardFields(), headers: Fields = {}): Promise<Answer> {
  return call(simulator, 'POST', '/v1/payment_intents', fields, headers);
}

export function errorOf(answer: Answer): Json {
  return (answer.body.error ?? {}) as Json;
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Json | undefined)?.[name], value);
}

/** `<scheme>=<hex>` pairs of a Stripe-Signature header. */
export function partsOf(header: string | null): Record<string, string> {
  return Object.fromEntries((header ?? '').split(',').map((part) => part.split('=') as [string, string]));
}

export function hmac(secret: string, t: number | string, body: string): string {
  return createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
}

/** Whether Stripe's own rule takes this delivery as genuine, five minutes of age included. */
export function isGenuine(shop: Shop, index: number, secret = STANDARD_SECRET, now = NOW): boolean {
  const received = shop.received.at(index);
  const { t = '', v1 } = partsOf(received?.headers.get('stripe-signature') ?? null);
  const isRecent = now / 1000 - Number(t) <= 300;
  return isRecent && v1 === hmac(secret, t, received?.body ?? '');
}

export function eventOf(shop: Shop, index: number): { id: string; type: string; object: Json; event: Json } {
  const event = JSON.parse(shop.received.at(index)?.body ?? '{}') as Json;
  return { id: String(event.id), type: String(event.type), object: at(event, 'data', 'object') as Json, event };
}

export const typesOf = (shop: Shop): string[] => shop.received.map((_, index) => eventOf(shop, index).type);

/** A shop that hears of everything, with a clock and timers that go on only when they are told to. */
export const useOpenShop = () => useEach(openShop, ({ close }) => close());

async function openShop() {
  const [shop, timers, clock] = [new Shop(), new Timers(), { ms: NOW }];
  const simulator = start({ setTimer: timers.set, now: () => clock.ms });
  await postJson(simulator, '/simulator/stripe/settings', { webhook_url: shop.url('/hook') });
  const act = (name: string, input: Json = {}, number = 'G1') =>
    postJson(simulator, `/simulator/orders/${number}/${name}`, input);
  /** Makes an intent and forgets what was told about it. */
  const quietly = async (fields = qrFields()): Promise<Json> => {
    const { body } = await create(simulator, fields);
    timers.waiting.length = 0;
    shop.received.length = 0;
    return body;
  };
  const close = () => {
    simulator.stop();
    shop.stop();
  };
  return { shop, timers, clock, simulator, act, quietly, close };
}

export const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;
