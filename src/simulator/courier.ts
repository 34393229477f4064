import { buildNotice, noticeUrl, type Outgoing, REPEATED } from './ecpay/notices.ts';
import { ActionError, readCapped } from './http.ts';
import type { Ledger } from './ledger.ts';
import { type Log, limits } from './options.ts';
import { type CallbackRecord, type Notice, type Order, orderKey, type PendingCallback } from './order.ts';
import type { Random } from './random.ts';

export interface Plan {
  readonly times: number;
  readonly parallel: boolean;
  readonly delayMs: number;
  readonly again: boolean;
}

export const oncePlan: Plan = { times: 1, parallel: false, delayMs: 0, again: false };

/** Carries callbacks to the shop, keeps their log in the order and brings back those nobody acknowledged. */
export interface Courier {
  /** Sends now and answers afterwards, or, with a delay, arms a timer and answers at once. */
  send(order: Order, notice: Notice, plan: Plan): Promise<void>;
  /** One post without retry. */
  post(order: Order, kind: string, outgoing: Outgoing): Promise<CallbackRecord>;
  /** Arms what was pending when the process ended. */
  resume(): void;
  /** Forgets every timer. */
  clear(): void;
  stop(): void;
}

export interface CourierParts {
  readonly now: () => number;
  readonly random: Random;
  readonly fetch: typeof fetch;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  readonly ledger: Ledger;
  readonly retryMs: number;
  readonly log: Log;
}

/** The only answer that counts, with status 200 and nothing around it (ECPay developer docs p=2878). */
const ACKNOWLEDGEMENT = '1|OK';

type Delivery = Pick<CallbackRecord, 'status' | 'answer' | 'acknowledged' | 'error'>;

export async function deliver(
  parts: Pick<CourierParts, 'fetch'>,
  outgoing: Pick<RequestInit, 'headers' | 'body'> & { readonly url: string },
  stopped: AbortSignal,
): Promise<Delivery> {
  const signal = AbortSignal.any([AbortSignal.timeout(limits.callbackTimeoutMs), stopped]);
  try {
    const { headers, body } = outgoing;
    const response = await parts.fetch(outgoing.url.trim(), {
      method: 'POST',
      redirect: 'manual',
      ...(headers ? { headers } : {}),
      ...(body ? { body } : {}),
      signal,
    });
    const bytes = await readCapped(response.body, limits.answerBytes);
    if (!bytes) return { status: response.status, answer: '', acknowledged: false, error: 'answer too long' };
    // Keeps a byte order mark, which ECPay does not take for `1|OK` either.
    const answer = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { status: response.status, answer, acknowledged: response.status === 200 && answer === ACKNOWLEDGEMENT };
  } catch (error) {
    return { status: null, answer: '', acknowledged: false, error: error instanceof Error ? error.message : 'failed' };
  }
}

function repeatedNotice(notice: Notice, again: boolean): Notice {
  return again && notice.kind === 'paid' ? { ...notice, message: REPEATED } : notice;
}

class HttpCourier implements Courier {
  readonly #parts: CourierParts;
  readonly #timers = new Map<string, () => void>();
  readonly #stopped = new AbortController();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  async send(order: Order, notice: Notice, plan: Plan): Promise<void> {
    if (noticeUrl(order, notice).trim() === '') return;
    const { delayMs, ...rest } = plan;
    const id = Buffer.from(this.#parts.random(9)).toString('hex');
    const at = this.#parts.now() + delayMs;
    const pending: PendingCallback = { ...rest, id, at, notice, retriesLeft: limits.retries };
    // Written before it is sent: a crash in between repeats the callback instead of losing it.
    this.#parts.ledger.change(order, (current) => {
      if (current.pending.length >= limits.pendingPerOrder) {
        throw new ActionError(429, 'TOO_MANY_PENDING', 'Too many callbacks of this order are waiting already.');
      }
      return { ...current, last: notice, pending: [...current.pending, pending] };
    });
    if (delayMs > 0) this.#arm(order, pending);
    else await this.#run(orderKey(order), id);
  }

  async post(order: Order, kind: string, outgoing: Outgoing): Promise<CallbackRecord> {
    const at = this.#parts.now();
    const delivery = await deliver(this.#parts, outgoing, this.#stopped.signal);
    const answer = delivery.answer.slice(0, 500);
    const record: CallbackRecord = { at, kind, url: outgoing.url, ...delivery, answer };
    if (this.#stopped.signal.aborted) return record;
    this.#parts.log({ event: 'simulator.callback', order: order.merchantTradeNo, ...record });
    this.#parts.ledger.change(order, (current) => ({
      ...current,
      callbacks: [...current.callbacks, record].slice(-limits.callbacksKept),
    }));
    return record;
  }

  resume(): void {
    for (const order of this.#parts.ledger.newest(limits.orders)) {
      for (const pending of order.pending) this.#arm(order, pending);
    }
  }

  clear(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  stop(): void {
    this.#stopped.abort();
    this.clear();
  }

  #arm(order: Order, pending: PendingCallback): void {
    const key = orderKey(order);
    const run = () => {
      this.#timers.delete(pending.id);
      void this.#run(key, pending.id);
    };
    this.#timers.set(pending.id, this.#parts.setTimer(run, Math.max(0, pending.at - this.#parts.now())));
  }

  async #run(key: string, id: string): Promise<void> {
    const order = this.#parts.ledger.findByKey(key);
    const pending = order?.pending.find((item) => item.id === id);
    if (!order || !pending) return;
    const records = await this.#sendAll(order, pending);
    if (this.#stopped.signal.aborted) return;
    this.#settle(
      order,
      pending,
      records.some((record) => record.acknowledged),
    );
  }

  async #sendAll(order: Order, pending: PendingCallback): Promise<CallbackRecord[]> {
    const sendOne = () => this.#sendGenuine(order, repeatedNotice(pending.notice, pending.again));
    if (pending.parallel) return Promise.all(Array.from({ length: pending.times }, sendOne));
    const records: CallbackRecord[] = [];
    for (let sent = 0; sent < pending.times && !this.#stopped.signal.aborted; sent += 1) records.push(await sendOne());
    return records;
  }

  async #sendGenuine(order: Order, notice: Notice): Promise<CallbackRecord> {
    const account = this.#parts.ledger.account(order.merchantId);
    const lost = { status: null, answer: '', acknowledged: false, error: 'the account is unknown' };
    if (!account) return { at: this.#parts.now(), kind: notice.kind, url: noticeUrl(order, notice), ...lost };
    const outgoing = buildNotice(order, notice, account, this.#parts.now());
    return this.post(order, notice.kind, outgoing);
  }

  #settle(order: Order, pending: PendingCallback, isAcknowledged: boolean): void {
    const isOver = isAcknowledged || pending.retriesLeft === 0;
    const at = this.#parts.now() + this.#parts.retryMs;
    const next: PendingCallback = { ...pending, at, retriesLeft: pending.retriesLeft - 1, times: 1, again: true };
    const changed = this.#parts.ledger.change(order, (current) => ({
      ...current,
      pending: current.pending.flatMap((item) => (item.id === pending.id ? (isOver ? [] : [next]) : [item])),
    }));
    // A reset meanwhile took the order away, and with it the reason to come again.
    if (!isOver && this.#parts.ledger.findByKey(orderKey(changed)) === changed) this.#arm(changed, next);
  }
}

export function openCourier(parts: CourierParts): Courier {
  return new HttpCourier(parts);
}
