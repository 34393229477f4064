import { singleFlight } from '../core/single-flight.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { leaveScope } from '../scope.ts';
import type { IdempotencyClaim } from '../store/commands/idempotency.ts';
import type { ApiAnswer } from './answer.ts';

const FIRST_PAUSE_MS = SECOND;
const LONGEST_PAUSE_MS = 30 * SECOND;
/** More than an hour of them. */
const TRIES = 125;
/** Of the answers that are remembered meanwhile. */
const MOST = 1000;

type Key = Pick<IdempotencyClaim, 'projectId' | 'key' | 'owner' | 'fingerprint'>;

/** How work under a key ended; null: the key is free again. */
interface Ending {
  readonly of: Key;
  readonly answer: ApiAnswer | null;
}

export type Unwritten = ReturnType<typeof createUnwritten>;

/**
 * Writes down how work under a key ended. What the database would not take is remembered here, so that a repeat gets the
 * answer all the same, and written when the database takes it.
 */
export function createUnwritten({ store, sleep, log }: Pick<Deps, 'store' | 'sleep' | 'log'>) {
  const kept = new Map<string, Ending>();
  /** One try at a time: a second one must not free what somebody has claimed since the first. */
  const writing = singleFlight<string, void>();

  const write = (id: string, ending: Ending): Promise<void> =>
    writing.run(id, async () => {
      const isOurs = await store.finishIdempotencyKey(ending.of, ending.answer);
      if (!isOurs) log.warn('what was done under an idempotency key was taken over by another node meanwhile');
      if (kept.get(id) === ending) kept.delete(id);
    });

  const insist = async (id: string, ending: Ending): Promise<void> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
      if (kept.get(id) !== ending) return;
      const isWritten = await write(id, ending).then(
        () => true,
        () => false,
      );
      if (isWritten) return;
    }
    kept.delete(id);
    log.error('the answer under an idempotency key could not be kept: a repeat would run again', { tries: TRIES });
  };

  return {
    /** The answer that a repeat gets, which is not written yet. Rejects while the key cannot be freed. */
    async find(id: string, fingerprint: Uint8Array): Promise<ApiAnswer | 'reused' | null> {
      const ending = kept.get(id);
      if (!ending) return null;
      if (ending.answer === null) await write(id, ending);
      else if (!Buffer.from(ending.of.fingerprint).equals(fingerprint)) return 'reused';
      return ending.answer;
    },
    /** Nobody knows whether the key was claimed, and nothing works under it: it is freed when the database can be asked. */
    letGo(id: string, of: Key): void {
      if (kept.size >= MOST || kept.has(id)) return;
      const ending: Ending = { of, answer: null };
      kept.set(id, ending);
      leaveScope(() => void insist(id, ending));
    },
    /** Never rejects. */
    async keep(id: string, ending: Ending): Promise<void> {
      try {
        await write(id, ending);
      } catch (error) {
        log.error('the answer under an idempotency key could not be kept yet', { error });
        if (kept.size >= MOST) return;
        kept.set(id, ending);
        leaveScope(() => void insist(id, ending));
      }
    },
  };
}
