import { FORM_TYPE, paidForm, STAGE } from '../binary/support/ecpay.ts';
import { at, list, text } from '../binary/support/json.ts';
import { type Answer, post, simulatorOrder } from '../binary/support/parties.ts';
import { SIMULATED } from '../support/orders.ts';
import { present } from '../support/parts.ts';
import { BROKEN } from './proxy.ts';

/**
 * Shops that create and payers that pay while the server dies again and again. Everything that was acknowledged is
 * written down here, outside the server, and must be true afterwards.
 */

export interface Payment {
  readonly order: string;
  readonly paymentNo: string;
  readonly gatewayOrderNo: string;
  /** In the unit of its route. */
  readonly amount: number;
  readonly minor: number;
  readonly method: Method;
  /** Address of the payer's page. */
  readonly page: string;
}

export type Method = 'cvs' | 'aio/credit' | 'stripe/credit';

interface Route {
  readonly path: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Minor units in one unit of the route. */
  readonly unit: number;
}
const ECPAY = { ...STAGE, environment: 'stage' };
const ROUTES: Readonly<Record<Method, Route>> = {
  cvs: { path: 'ecpay/cvs', credentials: ECPAY, unit: 100 },
  'aio/credit': { path: 'ecpay/aio/credit', credentials: ECPAY, unit: 100 },
  'stripe/credit': { path: 'stripe/credit', credentials: present(SIMULATED.stripe), unit: 1 },
};

export interface World {
  readonly server: () => string;
  readonly simulatorUrl: string;
  readonly shopUrl: string;
  readonly headers: Record<string, string>;
  readonly isOver: () => boolean;
  /** Before whoever creates, pays or asks goes on; 20 when left out. */
  readonly pauseMs?: number;
}

/** Between two tries. */
const pause = ({ pauseMs = 20 }: World): Promise<void> => Bun.sleep(pauseMs);

export interface Ledger {
  /** By order number: answered with 2xx. */
  readonly created: Map<string, Payment>;
  /** Creates that never got a 2xx: the server may have them or not, but never twice. */
  readonly unanswered: Set<string>;
  /** Payment numbers with at least one acknowledged callback. */
  readonly paid: Set<string>;
  acknowledgements: number;
  repeats: number;
  /** Answers other than 2xx that came while the server was up. */
  readonly refusals: Map<string, number>;
  /** Calls that ended without an answer. */
  broken: number;
}

export function newRecord(): Ledger {
  return {
    created: new Map(),
    unanswered: new Set(),
    paid: new Set(),
    acknowledgements: 0,
    repeats: 0,
    refusals: new Map(),
    broken: 0,
  };
}

/** Null when the connection broke: nobody knows what became of the call. */
export async function attempt(record: Ledger, call: () => Promise<Answer>): Promise<Answer | null> {
  const answer = await call().catch(() => null);
  if (answer !== null && answer.body !== BROKEN) return answer;
  record.broken += 1;
  await Bun.sleep(20);
  return null;
}

export function note(record: Ledger, what: string): void {
  record.refusals.set(what, (record.refusals.get(what) ?? 0) + 1);
}

export const codeOf = ({ body }: Answer): string => String(at(body, 'error', 'error_code'));

const CREATORS: readonly Method[] = ['cvs', 'aio/credit', 'cvs', 'aio/credit', 'cvs', 'aio/credit'];
const PAYERS = 6;

/** Shops that create, and payers who pay. */
export function workUntilOver(world: World, record: Ledger): Promise<unknown> {
  return Promise.all([
    ...CREATORS.map((method, worker) => createUntilOver(world, record, worker, method)),
    ...Array.from({ length: PAYERS }, (_, payer) =>
      payUntilOver(world, record, ({ order, method }) => method !== 'stripe/credit' && hash(order) % PAYERS === payer),
    ),
  ]);
}

function hash(order: string): number {
  return [...order].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

async function createUntilOver(world: World, record: Ledger, worker: number, method: Method): Promise<void> {
  for (let count = 0; !world.isOver(); count += 1) {
    const order = `${method === 'cvs' ? 'C' : 'A'}${worker}-${count}`;
    await createOrder(world, record, { order, amount: 100 + ((worker * 7919 + count * 31) % 900), method });
    if (world.pauseMs !== undefined) await pause(world);
  }
}

type Wanted = Pick<Payment, 'order' | 'amount' | 'method'>;

/** One that got no answer is asked for again with the same number, as a shop would; null: it never got one. */
export async function createOrder(world: World, record: Ledger, wanted: Wanted): Promise<Payment | null> {
  const { order } = wanted;
  record.unanswered.add(order);
  for (let tries = 0; tries < 50 && !world.isOver(); tries += 1) {
    const answer = await attempt(record, () => create(world, wanted));
    if (answer === null) continue;
    if (answer.status === 201 || answer.status === 200) {
      const payment = readPayment(wanted, answer);
      record.created.set(order, payment);
      record.unanswered.delete(order);
      return payment;
    }
    note(record, `create ${answer.status} ${codeOf(answer)}`);
    // The outcome of the first call is unknown to the server as well; it settles that by itself.
    if (answer.status === 504 || answer.status === 502) return null;
    await pause(world);
  }
  return null;
}

function readPayment(wanted: Wanted, { body }: Answer): Payment {
  return {
    ...wanted,
    minor: wanted.amount * ROUTES[wanted.method].unit,
    paymentNo: text(body, 'data', 'payment_no'),
    gatewayOrderNo: text(body, 'data', 'gateway_order_no'),
    page: text(body, 'data', 'payment_url'),
  };
}

function create(world: World, { order, amount, method }: Wanted): Promise<Answer> {
  const { path, credentials } = ROUTES[method];
  return post(
    `${world.server()}/api/paycore/pay/${path}`,
    { merchant_order_no: order, amount, item_name: '測試', payok_url: world.shopUrl, gateway_credentials: credentials },
    world.headers,
  );
}

/** Pays what has been created, store codes through the simulator, cards with callbacks of our own; repeats both. */
async function payUntilOver(world: World, record: Ledger, mine: (payment: Payment) => boolean): Promise<void> {
  const done = new Set<string>();
  while (!world.isOver()) {
    const open = [...record.created.values()].filter((payment) => !done.has(payment.order) && mine(payment));
    if (open.length === 0) await Bun.sleep(10);
    for (const payment of open) {
      if (world.isOver()) return;
      done.add(payment.order);
      await pay(world, record, payment);
    }
  }
}

async function pay(world: World, record: Ledger, payment: Payment): Promise<void> {
  if (payment.method === 'cvs') {
    // The simulator keeps bringing back what was not acknowledged; what was, is read from it at the end.
    await attempt(record, () =>
      simulatorOrder(world.simulatorUrl, payment.gatewayOrderNo, 'pay', { times: 2, parallel: true }),
    );
    if (Math.random() < 0.3) {
      record.repeats += 1;
      await attempt(record, () =>
        simulatorOrder(world.simulatorUrl, payment.gatewayOrderNo, 'repeat', { times: 3, parallel: true }),
      );
    }
    return;
  }
  const body = paidForm({
    ...payment,
    orderNo: payment.gatewayOrderNo,
    tradeNo: `T${payment.gatewayOrderNo}`.slice(0, 20),
  });
  for (let tries = 0; tries < 100; tries += 1) {
    const twins = await Promise.all(Array.from({ length: 3 }, () => sendCallback(world, record, body)));
    record.repeats += 2;
    const good = twins.filter(Boolean).length;
    record.acknowledgements += good;
    if (good > 0) {
      record.paid.add(payment.paymentNo);
      return;
    }
    if (world.isOver() && tries > 20) return;
    await Bun.sleep(50);
  }
}

async function sendCallback(world: World, record: Ledger, body: string): Promise<boolean> {
  const url = `${world.server()}/api/paycore/webhooks/ecpay`;
  const answer = await attempt(record, () => post(url, body, { 'content-type': FORM_TYPE }));
  if (answer === null) return false;
  if (answer.status === 200 && answer.body === '1|OK') return true;
  note(record, `callback ${answer.status} ${String(answer.body).slice(0, 60)}`);
  return false;
}

/** Waits until the simulator has nothing left to bring, then counts what was acknowledged to it. */
export async function collectFromSimulator(world: World, record: Ledger): Promise<void> {
  for (const payment of record.created.values()) {
    if (payment.method !== 'cvs') continue;
    const order = await settled(world, payment);
    for (const callback of list(order, 'callbacks')) {
      if (at(callback, 'acknowledged') !== true) continue;
      record.acknowledgements += 1;
      record.paid.add(payment.paymentNo);
    }
  }
}

async function settled(world: World, payment: Payment): Promise<unknown> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { body } = await simulatorOrder(world.simulatorUrl, payment.gatewayOrderNo);
    if (at(body, 'retry_at') === undefined || Date.now() > end) return body;
    await Bun.sleep(100);
  }
}
