import { FORM_TYPE, paidForm } from '../binary/support/ecpay.ts';
import { at, list, text } from '../binary/support/json.ts';
import { type Answer, post, simulatorOrder } from '../binary/support/parties.ts';

/**
 * Shops that create and payers that pay while the server dies again and again. Everything that was acknowledged is
 * written down here, outside the server, and must be true afterwards.
 */

export interface Payment {
  readonly order: string;
  readonly paymentNo: string;
  readonly gatewayOrderNo: string;
  readonly amount: number;
  readonly method: Method;
}

export type Method = 'cvs' | 'aio/credit';

export interface World {
  readonly server: () => string;
  readonly simulatorUrl: string;
  readonly shopUrl: string;
  readonly headers: Record<string, string>;
  readonly isOver: () => boolean;
}

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
async function attempt(record: Ledger, call: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await call();
  } catch {
    record.broken += 1;
    await Bun.sleep(20);
    return null;
  }
}

function note(record: Ledger, what: string): void {
  record.refusals.set(what, (record.refusals.get(what) ?? 0) + 1);
}

/** Keeps creating; an order that got no answer is asked for again with the same number, as a shop would. */
export async function createUntilOver(world: World, record: Ledger, worker: number, method: Method): Promise<void> {
  for (let count = 0; !world.isOver(); count += 1) {
    const order = `${method === 'cvs' ? 'C' : 'A'}${worker}-${count}`;
    const amount = 100 + ((worker * 7919 + count * 31) % 900);
    record.unanswered.add(order);
    for (let tries = 0; tries < 50 && !world.isOver(); tries += 1) {
      const answer = await attempt(record, () => create(world, order, amount, method));
      if (answer === null) continue;
      if (answer.status === 201 || answer.status === 200) {
        const paymentNo = text(answer.body, 'data', 'payment_no');
        const gatewayOrderNo = text(answer.body, 'data', 'gateway_order_no');
        record.created.set(order, { order, paymentNo, gatewayOrderNo, amount, method });
        record.unanswered.delete(order);
        break;
      }
      note(record, `create ${answer.status} ${String(at(answer.body, 'error', 'error_code'))}`);
      // The outcome of the first call is unknown to the server as well; it settles that by itself.
      if (answer.status === 504 || answer.status === 502) break;
      await Bun.sleep(20);
    }
  }
}

function create(world: World, order: string, amount: number, method: Method): Promise<Answer> {
  return post(
    `${world.server()}/api/paycore/pay/ecpay/${method}`,
    { merchant_order_no: order, amount, item_name: '測試', payok_url: world.shopUrl, gateway_credentials: CREDENTIALS },
    world.headers,
  );
}

const CREDENTIALS = {
  merchant_id: '3002607',
  hash_key: 'pwFHCqoQZGmho4w6',
  hash_iv: 'EkRm7iFT261dpevs',
  environment: 'stage',
};

/** Pays what has been created, store codes through the simulator, cards with callbacks of our own; repeats both. */
export async function payUntilOver(world: World, record: Ledger, mine: (payment: Payment) => boolean): Promise<void> {
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
