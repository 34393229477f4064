import { deliver } from './courier.ts';
import { limits } from './options.ts';
import type { CallbackRecord } from './order.ts';

/** How often and when one callback goes out. */
export interface SendPlan {
  readonly times: number;
  readonly parallel: boolean;
  readonly delayMs: number;
}

/** A callback of a gateway besides ECPay. */
export interface Callback {
  readonly kind: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Whether the gateway takes this answer as "received"; otherwise it comes again, a few times. */
  isAcknowledged(status: number, answer: string): boolean;
  /** Keeps what became of one try. */
  record(record: CallbackRecord): void;
  /** Made anew for every retry, when the gateway signs anew. */
  again?(): Pick<Callback, 'headers' | 'body'>;
}

/** Carries callbacks of the gateways besides ECPay and brings back those nobody acknowledged. */
export interface Sender {
  /** Sends now and answers afterwards, or, with a delay, arms a timer and answers at once. */
  send(callback: Callback, plan: SendPlan): Promise<void>;
  /** One post without retry: what a forger does. */
  post(callback: Callback): Promise<CallbackRecord>;
  clear(): void;
  stop(): void;
}

export interface SenderParts {
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  readonly retryMs: number;
}

export const ONCE: SendPlan = { times: 1, parallel: false, delayMs: 0 };
const ANSWER_KEPT = 500;

export function openSender(parts: SenderParts): Sender {
  const timers = new Set<() => void>();
  const stopped = new AbortController();

  const post = async (callback: Callback): Promise<CallbackRecord> => {
    const at = parts.now();
    const { status, answer, error } = await deliver(parts, callback, stopped.signal);
    const acknowledged = status !== null && callback.isAcknowledged(status, answer);
    const record: CallbackRecord = {
      at,
      kind: callback.kind,
      url: callback.url,
      status,
      answer: answer.slice(0, ANSWER_KEPT),
      acknowledged,
      ...(error === undefined ? {} : { error }),
    };
    if (!stopped.signal.aborted) callback.record(record);
    return record;
  };

  const arm = (run: () => void, ms: number): void => {
    const cancel = parts.setTimer(() => {
      timers.delete(cancel);
      run();
    }, ms);
    timers.add(cancel);
  };

  const run = async (callback: Callback, plan: SendPlan, retriesLeft: number): Promise<void> => {
    const records: CallbackRecord[] = [];
    if (plan.parallel) {
      records.push(...(await Promise.all(Array.from({ length: plan.times }, () => post(callback)))));
    } else {
      for (let sent = 0; sent < plan.times && !stopped.signal.aborted; sent += 1) records.push(await post(callback));
    }
    if (stopped.signal.aborted || retriesLeft === 0 || records.some((record) => record.acknowledged)) return;
    const next = callback.again ? { ...callback, ...callback.again() } : callback;
    arm(() => void run(next, ONCE, retriesLeft - 1), parts.retryMs);
  };

  const clear = (): void => {
    for (const cancel of timers) cancel();
    timers.clear();
  };

  return {
    post,
    clear,
    async send(callback, plan) {
      if (plan.delayMs > 0) arm(() => void run(callback, plan, limits.retries), plan.delayMs);
      else await run(callback, plan, limits.retries);
    },
    stop: () => {
      stopped.abort();
      clear();
    },
  };
}
