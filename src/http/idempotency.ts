import { createHash } from 'node:crypto';
import { PayCoreError } from '../core/errors.ts';
import { DAY, SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import type { ClaimResult, IdempotencyClaim } from '../store/commands/idempotency.ts';
import { type ApiAnswer, fail } from './answer.ts';
import { createUnwritten } from './unwritten.ts';

/** For as long as a twin waits for the first request on another node: longer than any gateway is waited for. */
const LONGEST_WAIT_MS = 90 * SECOND;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 250;

type Parts = Pick<Deps, 'store' | 'clock' | 'processId' | 'sleep' | 'log'>;

/**
 * `Idempotency-Key` on every POST of the API: the first request runs, twins wait for it on whichever node they come, later
 * ones get the same answer for a day. Server errors, conflicts and rate limits are not kept, since trying those again is the
 * point.
 */
export function createIdempotency(deps: Parts) {
  const { store, clock, processId: owner } = deps;
  const running = new Map<string, Promise<ApiAnswer>>();
  const unwritten = createUnwritten(deps);

  return async function runOnce(
    caller: Pick<Caller, 'projectId' | 'kind'>,
    given: string,
    request: { readonly route: string; readonly body: Uint8Array },
    run: () => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    if (!/^[\x21-\x7e]{1,255}$/.test(given)) throw new PayCoreError('IDEMPOTENCY_KEY_INVALID');
    const fingerprint = createHash('sha256').update(request.route).update('\0').update(request.body).digest();
    // A test key sees no live payment, not even through an answer that is replayed.
    const of = { projectId: caller.projectId, key: `${caller.kind} ${given}`, owner, fingerprint };
    const id = `${of.projectId} ${of.key}`;
    const pause = createPause(deps);
    for (let orphaned = 0; ; ) {
      const known = await unwritten.find(id, fingerprint);
      if (known === 'reused') throw new PayCoreError('IDEMPOTENCY_KEY_REUSED');
      if (known) return markReplayed(known);
      // A row that says "running" while nothing runs: its answer could not be written. The second look takes it over.
      const takeOver = orphaned > 1;
      const result = await claim(id, { ...of, takeOver, now: clock.now(), lifetimeMs: DAY });
      if (result.type === 'reused') throw new PayCoreError('IDEMPOTENCY_KEY_REUSED');
      if (result.type === 'done') return markReplayed(result);
      if (result.type === 'claimed') return start(id, of, run);
      if (result.type === 'elsewhere') await pause();
      else {
        const first = await running.get(id);
        if (first) return isKept(first.status) ? markReplayed(first) : first;
        orphaned += 1;
      }
    }
  };

  /** A claim whose end nobody knows would be held against everybody for as long as this process lives. */
  async function claim(id: string, wanted: IdempotencyClaim): Promise<ClaimResult> {
    try {
      return await store.claimIdempotencyKey(wanted);
    } catch (error) {
      if (!running.has(id)) unwritten.letGo(id, wanted);
      throw error;
    }
  }

  async function start(
    id: string,
    of: Parameters<typeof unwritten.keep>[1]['of'],
    run: () => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    // Two that took the key over in one moment: the second waits for the first.
    const first = running.get(id);
    if (first) return first;
    const answer = run().catch(fail);
    running.set(id, answer);
    try {
      const final = await answer;
      await unwritten.keep(id, { of, answer: isKept(final.status) ? final : null });
      return final;
    } finally {
      running.delete(id);
    }
  }
}

/** Between two looks at what another node is doing. Rejects when that has gone on for too long. */
function createPause({ clock, sleep }: Pick<Parts, 'clock' | 'sleep'>) {
  const from = clock.elapsed();
  let slept = 0;
  let ms = FIRST_PAUSE_MS;
  return async (): Promise<void> => {
    if (Math.max(slept, clock.elapsed() - from) >= LONGEST_WAIT_MS) {
      const message =
        'Another node is still at the first request with this Idempotency-Key. Send it again, with the same key.';
      throw new PayCoreError('SERVER_BUSY', { message, details: { retry_after: 5 } });
    }
    await sleep(ms);
    slept += ms;
    ms = Math.min(LONGEST_PAUSE_MS, ms * 2);
  };
}

function isKept(status: number): boolean {
  return status < 500 && status !== 409 && status !== 429;
}

function markReplayed(answer: ApiAnswer): ApiAnswer {
  return { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } };
}
