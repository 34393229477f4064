import { join } from 'node:path';
import type { EngineName } from '../../support/engines.ts';
import { checkInvariants, describeBroken } from '../../support/invariants.ts';
import { EXTRAS, SIMULATED } from '../../support/orders.ts';
import { makeFolder } from '../support/binary.ts';
import { at, isObject, list, text } from '../support/json.ts';
import { type Answer, createKey, get, pointAt, post, Shop, serve, simulate } from '../support/parties.ts';
import { openPlace } from '../support/places.ts';

/** The compiled binary, its simulator and a shop: where every route of the API catalogue is tried as its page says. */
export interface World {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly shop: Shop;
  create(route: string, body?: object): Promise<Answer>;
  call(path: string, body?: unknown): Promise<Answer>;
  /** A program's call to the simulator. */
  tell(path: string, body?: unknown): Promise<unknown>;
  log(): Promise<string>;
  /** Ends what was started, and says which rules of a ledger do not hold. */
  close(): Promise<readonly string[]>;
}

/** Made-up accounts that the simulator takes; ECPay's is its published stage merchant. */
export const ACCOUNTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...SIMULATED,
  ecpay: { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs', environment: 'stage' },
  stripe: { secret_key: 'sk_test_catalogue', publishable_key: 'pk_test_catalogue', webhook_secret: 'whsec_catalogue' },
};

let orders = 0;

export async function openWorld(engine: EngineName = 'sqlite'): Promise<World> {
  const dataDir = join(makeFolder('catalogue'), 'data');
  const place = await openPlace(engine, dataDir);
  const simulator = await simulate();
  const key = await createKey(dataDir, 'shop', { env: place.env });
  const server = await serve(dataDir, { ...pointAt(simulator.url), ...place.env });
  const shop = new Shop();
  const auth = { 'x-api-key': key.api_key };
  const tell = async (path: string, body?: unknown): Promise<unknown> => {
    const url = `${simulator.url}/simulator/${path}`;
    return (body === undefined ? await get(url) : await post(url, body)).body;
  };
  await tell('stripe/accounts', { ...ACCOUNTS.stripe, webhook_url: `${server.url}/api/paycore/webhooks/stripe` });
  return {
    url: server.url,
    simulatorUrl: simulator.url,
    shop,
    tell,
    call: (path, body) =>
      body === undefined ? get(`${server.url}${path}`, auth) : post(`${server.url}${path}`, body, auth),
    create: (route, body = {}) =>
      post(`${server.url}/api/paycore/pay/${route}`, { ...orderOf(route, shop), ...body }, auth),
    log: () => Bun.file(join(dataDir, 'paycore.log')).text(),
    async close() {
      await server.process.kill('SIGTERM');
      await simulator.process.kill('SIGTERM');
      shop.stop();
      const broken = describeBroken(await checkInvariants(place.at));
      await place.drop();
      return broken;
    },
  };
}

/** The request of the catalogue, with an order number of its own. */
function orderOf(route: string, shop: Shop): object {
  orders += 1;
  const [gateway = ''] = route.split('/');
  return {
    merchant_order_no: `ORDER${202_606_220_000 + orders}`,
    amount: 980,
    currency: 'TWD',
    description: 'PayCore test order',
    success_url: 'https://merchant.example/success',
    cancel_url: 'https://merchant.example/cancel',
    payok_url: shop.url,
    gateway_credentials: ACCOUNTS[gateway],
    ...(OWN_EXTRAS[route] ?? {}),
  };
}

/** What a method needs besides the request of the catalogue; amounts at Stripe are minor units. */
const OWN_EXTRAS: Readonly<Record<string, object>> = {
  ...EXTRAS,
  'ecpay/ecpg': {},
  'stripe/grabpay': { amount: 980, currency: 'SGD' },
  'stripe/paynow': { amount: 980, currency: 'SGD' },
  'stripe/fpx': { amount: 980, currency: 'MYR' },
};

/** `data` with what stands in `payment_info`, and one level below, laid on top. */
export function flatten({ body }: Answer): Readonly<Record<string, unknown>> {
  const data = at(body, 'data');
  const info = at(data, 'payment_info');
  const nested = isObject(info) ? Object.values(info).filter(isObject) : [];
  return Object.assign({}, data, info, ...nested);
}

/** The payment as the API shows it. */
export async function paymentOf(world: World, created: Answer): Promise<unknown> {
  return at((await world.call(`/api/paycore/payments/${text(created.body, 'data', 'payment_no')}`)).body, 'data');
}

/**
 * The text of the last callback of an order, of this kind, that PayCore answered. The kind matters where the simulator
 * sends by itself too: a record is kept when the answer has come, not when the callback went out.
 */
export async function lastAnswer(
  world: World,
  created: Answer,
  kind = '',
): Promise<{ status: unknown; answer: string }> {
  const order = await world.tell(`orders/${text(created.body, 'data', 'gateway_order_no')}`);
  const callbacks = list(order, 'callbacks').filter((one) => text(one, 'kind').startsWith(kind));
  return { status: at(callbacks.at(-1), 'status'), answer: text(callbacks.at(-1), 'answer') };
}
