import { createHash, timingSafeEqual } from 'node:crypto';
import type { Input } from './actions.ts';
import type { Gateway } from './gateways.ts';
import { ActionError, isRecord } from './http.ts';
import { readCount, readFlag } from './input.ts';
import { limits } from './options.ts';
import type { CallbackRecord } from './order.ts';
import type { SendPlan } from './sender.ts';
import type { Shelf } from './shelves.ts';
import type { Stand, StandAction, StandOrder } from './stand.ts';
import type { Route, World } from './world.ts';

/** What the stands of the gateways with a REST API, PayPal and Stripe, have in common. */

/** SHA-256 in hex. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Takes as long for a near miss as for a far one. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}

/** One letter for each byte; the small bias of the remainder does not matter for made-up numbers. */
export function spell(bytes: Uint8Array, alphabet: string): string {
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Null for what is no JSON object. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** How often and when an event goes out, as a form or a program wishes; null when it is not to go out. */
export function readSendPlan(input: Input): SendPlan | null {
  const plan = {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
  return readFlag(input, 'callback', true) ? plan : null;
}

/** Any 2xx tells PayPal and Stripe that an event has arrived. */
export function isAcknowledged(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Keeps with an order what became of one delivery. */
export function keepCallback<T extends { readonly callbacks: readonly CallbackRecord[] }>(
  orders: Shelf<T>,
  key: string,
  record: CallbackRecord,
): void {
  orders.change(key, (order) => ({ ...order, callbacks: [...order.callbacks, record].slice(-limits.callbacksKept) }));
}

export function refuseAction(code: string, message: string, status = 409): never {
  throw new ActionError(status, code, message);
}

/** What is done to an order that was found. */
export type Work<T> = (world: World, order: T, input: Input) => Promise<void>;

/** How a stand keeps its orders, finds one of them by a number, and shows it. */
export interface Orders<T> {
  open(world: World): Shelf<T>;
  find(world: World, number: string): T | undefined;
  describe(world: World, order: T): StandOrder;
}

export function standOver<T>(
  { open, find, describe }: Orders<T>,
  works: Readonly<Record<string, Work<T>>>,
): Pick<Stand, 'find' | 'newest' | 'actions'> {
  const act =
    (work: Work<T>): StandAction =>
    (world, number, input) =>
      work(world, find(world, number) ?? refuseAction('ORDER_NOT_FOUND', `No order ${number}.`, 404), input);
  return {
    find: (world, number) => {
      const order = find(world, number);
      return order && describe(world, order);
    },
    newest: (world, count) =>
      open(world)
        .newest(count)
        .map((order) => describe(world, order)),
    actions: Object.fromEntries(Object.entries(works).map(([name, work]) => [name, act(work)])),
  };
}

/** Makes routes in whose paths `*` stands for a number of that form; one with a gateway's name is the vendor's own. */
export function routesWith(number: string) {
  return (method: Route['method'], path: string, answer: Route['answer'], gateway?: Gateway): Route => {
    const pattern = new RegExp(`^${path.replaceAll('*', number)}$`);
    return { method, path: pattern, answer, ...(gateway ? { gateway } : {}) };
  };
}
