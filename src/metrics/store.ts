import { PayCoreError } from '../core/errors.ts';
import type { Engine } from '../store/engines/engine.ts';
import type { Store } from '../store/store.ts';
import type { Instruments } from './instruments.ts';

/** What is written, and how long that takes. */

/** `undone`: the command found something in its way and took back what it had done. `failed`: the database could not. */
type Result = 'committed' | 'undone' | 'failed';

function resultOf(error: unknown): Result {
  return error instanceof PayCoreError && error.code === 'STORAGE_UNAVAILABLE' ? 'failed' : 'undone';
}

export function watchEngine(
  { commitTime, commitsUnderWay }: Pick<Instruments, 'commitTime' | 'commitsUnderWay'>,
  engine: Engine,
  now: () => number,
): Engine {
  const write = <T>(...given: Parameters<typeof engine.write<T>>): Promise<T> => {
    const began = now();
    commitsUnderWay.inc();
    const note = (result: Result) => {
      commitsUnderWay.dec();
      commitTime.observe({ result }, (now() - began) / 1000);
    };
    const written = engine.write<T>(...given);
    written.then(
      () => note('committed'),
      (error: unknown) => note(resultOf(error)),
    );
    return written;
  };
  return { ...engine, write };
}

/** A try to notify a shop counts when its row says how it went. */
export function watchStore({ deliveries }: Pick<Instruments, 'deliveries'>, store: Store): Store {
  return {
    ...store,
    async finishDelivery(...args) {
      const finished = await store.finishDelivery(...args);
      if (finished) deliveries.inc({ outcome: args[1].outcome });
      return finished;
    },
  };
}
