import type { Simulator } from '../../../src/simulator/index.ts';
import { NOW, ORIGIN, postJson, type Received, Shop, start, Timers, useEach } from './support.ts';

export const CLIENT = 'AClientOfTheShop_1';
export const SECRET = 'the-secret-of-the-shop';
export const HOOK = 'HOOK12345';
export const HOUR_MS = 3600 * 1000;

type Data = Record<string, unknown>;

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly method: string;
}

export interface CaptureView extends Data {
  readonly id: string;
  readonly status: string;
}

export interface Body extends Data {
  readonly id: string;
  readonly status: string;
  readonly links: readonly Link[];
  readonly details: readonly { readonly issue: string; readonly field?: string; readonly value?: string }[];
  readonly purchase_units: readonly { readonly payments: { readonly captures: readonly CaptureView[] } }[];
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Ask {
  readonly body?: unknown;
  /** Text instead of a JSON value. */
  readonly raw?: string;
  readonly headers?: Record<string, string>;
}

async function read(response: Response): Promise<Reply> {
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

export function askToken(
  simulator: Simulator,
  credentials: string,
  form = 'grant_type=client_credentials',
  type = 'application/x-www-form-urlencoded',
): Promise<Reply> {
  const headers = { authorization: `Basic ${btoa(credentials)}`, 'content-type': type };
  const request = new Request(`${ORIGIN}/v1/oauth2/token`, { method: 'POST', headers, body: form });
  return simulator.fetch(request).then(read);
}

/** A shop's server with a token. */
export class Client {
  readonly #simulator: Simulator;
  readonly #token: string;

  constructor(simulator: Simulator, token: string) {
    this.#simulator = simulator;
    this.#token = token;
  }

  async post(path: string, { body, raw, headers }: Ask = {}): Promise<Reply> {
    const text = raw ?? (body === undefined ? '' : JSON.stringify(body));
    return this.send('POST', path, { 'content-type': 'application/json', ...headers }, text);
  }

  async get(path: string): Promise<Reply> {
    return this.send('GET', path, {});
  }

  async send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> {
    const init = { method, headers: { authorization: `Bearer ${this.#token}`, ...headers } };
    return read(await this.#simulator.fetch(new Request(ORIGIN + path, body === undefined ? init : { ...init, body })));
  }

  /** Makes an order and answers its number at PayPal. */
  async order(changes: OrderChanges = {}, requestId: string = crypto.randomUUID()): Promise<string> {
    const made = await this.create(changes, requestId);
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body.id;
  }

  create(changes: OrderChanges = {}, requestId: string = crypto.randomUUID(), prefer?: string): Promise<Reply> {
    const headers = { 'PayPal-Request-Id': requestId, ...(prefer === undefined ? {} : { Prefer: prefer }) };
    return this.post('/v2/checkout/orders', { body: orderBody(changes), headers });
  }

  capture(id: string, requestId?: string, prefer?: string): Promise<Reply> {
    const headers = {
      ...(requestId === undefined ? {} : { 'PayPal-Request-Id': requestId }),
      ...(prefer === undefined ? {} : { Prefer: prefer }),
    };
    return this.post(`/v2/checkout/orders/${id}/capture`, { headers });
  }

  /** The capture inside the order as it is now. */
  async captureOf(id: string): Promise<CaptureView | undefined> {
    const { body } = await this.get(`/v2/checkout/orders/${id}`);
    return body.purchase_units[0]?.payments?.captures[0];
  }
}

export async function connect(simulator: Simulator, clientId = CLIENT, secret = SECRET): Promise<Client> {
  const { body } = await askToken(simulator, `${clientId}:${secret}`);
  return new Client(simulator, String(body.access_token));
}

/** A simulator with a clock of its own. */
export function startAt(): { simulator: Simulator; clock: { ms: number } } {
  const clock = { ms: NOW };
  return { simulator: start({ now: () => clock.ms }), clock };
}

/** A shop that hears of everything, its account, and timers that run only when they are told to. */
export const useOpenShop = () => useEach(openShop, ({ close }) => close());

async function openShop() {
  const [shop, timers] = [new Shop(), new Timers()];
  const simulator = start({ setTimer: timers.set });
  const client = await connect(simulator);
  const hook = { client_id: CLIENT, webhook_id: HOOK, url: shop.url('/hook') };
  await postJson(simulator, '/simulator/paypal/webhooks', hook);
  const act = (id: string, action: string, input: object = {}) =>
    postJson(simulator, `/simulator/orders/${id}/${action}`, input);
  /** An order paid for, with its events arrived: approval first, then the capture. */
  const paid = async (): Promise<string> => {
    const id = await client.order();
    await act(id, 'pay', { capture: true });
    return id;
  };
  const close = () => {
    simulator.stop();
    shop.stop();
  };
  return { shop, timers, simulator, client, act, paid, close };
}

export interface OrderChanges {
  readonly amount?: Data;
  readonly unit?: Data;
  readonly context?: Data;
  readonly top?: Data;
}

/** An order with nothing wrong; a change to `undefined` takes a field away. */
export function orderBody({ amount, unit, context, top }: OrderChanges = {}): Data {
  return {
    intent: 'CAPTURE',
    purchase_units: [
      {
        reference_id: 'PAY1',
        custom_id: 'PAY1',
        invoice_id: 'PAY1',
        description: '測試 / test',
        amount: { currency_code: 'TWD', value: '980', ...amount },
        ...unit,
      },
    ],
    payment_source: {
      paypal: {
        experience_context: {
          return_url: 'https://shop.example/return?keep=a%20b',
          cancel_url: 'https://shop.example/cancel',
          user_action: 'PAY_NOW',
          shipping_preference: 'NO_SHIPPING',
          locale: 'zh-TW',
          brand_name: 'A shop',
          ...context,
        },
      },
    },
    ...top,
  };
}

/** Waits for what happens on its own, at most two seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let left = 400; !isSo(); left -= 1) {
    if (left === 0) throw new Error('It never happened.');
    await Bun.sleep(5);
  }
}

export interface EventBody extends Data {
  readonly id: string;
  readonly event_type: string;
  readonly resource: Data & { readonly id: string; readonly status: string };
}

export function eventOf(received: Received | undefined): EventBody {
  return JSON.parse(received?.body ?? 'null') as EventBody;
}

export function eventTypes(shop: Shop): string[] {
  return shop.received.map((received) => eventOf(received).event_type);
}

/** Asks PayPal about a delivery the right way: the event goes back as it came. */
export function verify(
  client: Client,
  received: Received | undefined,
  webhookId: string,
  changes: Record<string, string> = {},
  event = received?.body ?? '',
): Promise<Reply> {
  const header = (name: string) => received?.headers.get(`paypal-${name}`) ?? '';
  const fields = {
    auth_algo: header('auth-algo'),
    cert_url: header('cert-url'),
    transmission_id: header('transmission-id'),
    transmission_sig: header('transmission-sig'),
    transmission_time: header('transmission-time'),
    webhook_id: webhookId,
    ...changes,
  };
  const raw = `${JSON.stringify(fields).slice(0, -1)},"webhook_event":${event}}`;
  return client.post('/v1/notifications/verify-webhook-signature', { raw });
}

/** What PayPal says of a delivery, or the status of its refusal to say anything. */
export async function verdict(...asked: Parameters<typeof verify>): Promise<unknown> {
  const { status, body } = await verify(...asked);
  return status === 200 ? body.verification_status : status;
}
