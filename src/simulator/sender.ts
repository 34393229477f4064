import { ActionError, readCapped } from './http.ts';
import { type Log, limits } from './options.ts';
import type { Shelf, Shelves } from './shelves.ts';

/** One callback as it went out, and what came back. */
export interface CallbackRecord {
  readonly at: number;
  readonly kind: string;
  readonly url: string;
  readonly status: number | null;
  readonly answer: string;
  readonly acknowledged: boolean;
  readonly error?: string;
}

/** How often and when one callback goes out. */
export interface SendPlan {
  readonly times: number;
  readonly parallel: boolean;
  readonly delayMs: number;
}

/** What a stand makes a callback from again after a restart. */
export interface SavedCallback {
  readonly stand: string;
  /** Key of the order. */
  readonly order: string;
  readonly note: unknown;
}

export interface Callback {
  readonly kind: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Whether the gateway takes this answer as "received"; otherwise it comes again, a few times. */
  isAcknowledged(status: number, answer: string): boolean;
  /** Keeps what became of one try. */
  record(record: CallbackRecord): void;
  /** The callback as it comes again, for gateways that word that differently. */
  again?(): Callback;
  /** Left out, a callback that waits does not survive a restart. */
  readonly saved?: SavedCallback;
}

interface SenderParts {
  readonly now: () => number;
  readonly shelves: Shelves;
  readonly log: Log;
  readonly fetch: typeof fetch;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  readonly retryMs: number;
}

/** Any 2xx tells PayPal and Stripe that an event has arrived. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;
export const ONCE: SendPlan = { times: 1, parallel: false, delayMs: 0 };
const ANSWER_KEPT = 500;

/** A callback on its way, over all its tries. */
interface Trip {
  readonly id: string;
  readonly callback: Callback;
  readonly plan: SendPlan;
  /** Tries that remain after this one. */
  readonly retriesLeft: number;
}

interface SavedTrip extends SavedCallback, Pick<Trip, 'plan' | 'retriesLeft'> {
  readonly at: number;
}

type Delivery = Pick<CallbackRecord, 'status' | 'answer' | 'error'>;

async function deliver(send: typeof fetch, callback: Callback, stopped: AbortSignal): Promise<Delivery> {
  const signal = AbortSignal.any([AbortSignal.timeout(limits.callbackTimeoutMs), stopped]);
  const { headers, body } = callback;
  try {
    const init = { method: 'POST', redirect: 'manual', headers, body, signal } as const;
    const response = await send(callback.url.trim(), init);
    const bytes = await readCapped(response.body, limits.answerBytes);
    if (!bytes) return { status: response.status, answer: '', error: 'answer too long' };
    // Keeps a byte order mark, which no gateway takes for a part of its acknowledgement.
    return { status: response.status, answer: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return { status: null, answer: '', error: error instanceof Error ? error.message : 'failed' };
  }
}

/** Carries callbacks to the shop and brings back those nobody acknowledged. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #waiting: Shelf<SavedTrip>;
  readonly #timers = new Map<string, () => void>();
  readonly #stopped = new AbortController();
  /** The highest id so far, those of before a restart included. */
  #count: number;
  /** Goes up with every reset: a callback on its way then does not come again. */
  #age = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#waiting = parts.shelves.open<SavedTrip>('waiting', limits.waiting);
    this.#count = Number(this.#waiting.entries().at(-1)?.[0] ?? 0);
  }

  /** Sends now and answers afterwards, or, with a delay, arms a timer and answers at once. */
  async send(callback: Callback, plan: SendPlan): Promise<void> {
    const { saved } = callback;
    if (saved && this.#savedOf(saved.stand, saved.order).length >= limits.pendingPerOrder) {
      throw new ActionError(429, 'TOO_MANY_PENDING', 'Too many callbacks of this order are waiting already.');
    }
    this.#count += 1;
    const id = String(this.#count);
    const trip: Trip = { id, callback, plan: { ...plan, delayMs: 0 }, retriesLeft: limits.retries };
    // Written before it is sent: a crash in between repeats the callback instead of losing it.
    this.#save(trip, plan.delayMs);
    if (plan.delayMs > 0) this.#arm(trip, plan.delayMs);
    else await this.#run(trip);
  }

  /** One post without retry: what a forger does. */
  async post(callback: Callback): Promise<CallbackRecord> {
    const at = this.#parts.now();
    const { status, answer, ...rest } = await deliver(this.#parts.fetch, callback, this.#stopped.signal);
    const isWhole = status !== null && rest.error === undefined;
    const acknowledged = isWhole && callback.isAcknowledged(status, answer);
    const { kind, url } = callback;
    const record = { at, kind, url, status, answer: answer.slice(0, ANSWER_KEPT), acknowledged, ...rest };
    if (this.#stopped.signal.aborted) return record;
    this.#parts.log({ event: 'simulator.callback', ...record });
    callback.record(record);
    return record;
  }

  /** When the next saved callback of an order is due; null when none is. */
  nextTry(stand: string, order: string): number | null {
    const times = this.#savedOf(stand, order).map((trip) => trip.at);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Arms what was waiting when the process ended. */
  resume(restore: (saved: SavedCallback) => Callback | null): void {
    for (const [id, { plan, retriesLeft, at, ...saved }] of this.#waiting.entries()) {
      const callback = restore(saved);
      if (callback) this.#arm({ id, callback, plan, retriesLeft }, Math.max(0, at - this.#parts.now()));
      else this.#waiting.drop(id);
    }
  }

  /** Forgets every timer. */
  clear(): void {
    this.#age += 1;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  stop(): void {
    this.#stopped.abort();
    this.clear();
  }

  #savedOf(stand: string, order: string): SavedTrip[] {
    const trips = this.#waiting.entries().map(([, trip]) => trip);
    return trips.filter((trip) => trip.order === order && trip.stand === stand);
  }

  #save({ id, callback, plan, retriesLeft }: Trip, delayMs: number): void {
    const { saved } = callback;
    if (saved) this.#waiting.put(id, { ...saved, plan, retriesLeft, at: this.#parts.now() + delayMs });
  }

  #arm(trip: Trip, ms: number): void {
    const run = () => {
      this.#timers.delete(trip.id);
      void this.#run(trip);
    };
    this.#timers.set(trip.id, this.#parts.setTimer(run, ms));
  }

  async #run(trip: Trip): Promise<void> {
    const age = this.#age;
    const records = await this.#sendAll(trip);
    if (this.#stopped.signal.aborted || age !== this.#age) return;
    const { id, callback, retriesLeft } = trip;
    if (retriesLeft === 0 || records.some((record) => record.acknowledged)) return this.#waiting.drop(id);
    const next: Trip = { id, callback: callback.again?.() ?? callback, plan: ONCE, retriesLeft: retriesLeft - 1 };
    this.#save(next, this.#parts.retryMs);
    this.#arm(next, this.#parts.retryMs);
  }

  async #sendAll({ callback, plan }: Trip): Promise<CallbackRecord[]> {
    if (plan.parallel) return Promise.all(Array.from({ length: plan.times }, () => this.post(callback)));
    const records: CallbackRecord[] = [];
    for (let sent = 0; sent < plan.times && !this.#stopped.signal.aborted; sent += 1) {
      records.push(await this.post(callback));
    }
    return records;
  }
}
