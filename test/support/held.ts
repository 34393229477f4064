import type { TestApp } from './app.ts';
import type { Send } from './insite.ts';

/** A call that has reached its gateway and waits there for its answer. */
export interface HeldCall {
  /** Resolves when the call is there. */
  readonly arrived: Promise<void>;
  /** How many have come. */
  readonly count: () => number;
  /** The gateway does what it was asked for and answers; `answer`: it answers this instead, and does nothing. */
  release(answer?: () => Response): void;
}

/** Holds every call whose path is like this; what is held already stays held. */
export function holdCalls({ gateway }: TestApp, isHeld: (path: string) => boolean): HeldCall {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<Response | null>();
  const { answer: before } = gateway;
  let count = 0;
  gateway.answer = (seen) => {
    if (!isHeld(seen.path)) return before?.(seen) ?? null;
    count += 1;
    arrived.resolve();
    return released.promise;
  };
  return {
    arrived: arrived.promise,
    count: () => count,
    release: (answer) => released.resolve(answer?.() ?? null),
  };
}

/** Another process over the same data, which knows nothing of what the first has in memory. */
export async function openTwin(app: TestApp): Promise<Send> {
  const { handle } = await app.createTwin({}).open();
  return (path, init) => Promise.resolve(handle(new Request(app.url + path, { redirect: 'manual', ...init })));
}
