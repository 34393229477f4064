import { createHash } from 'node:crypto';
import { PayCoreError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../payments/caller.ts';
import { type ApiAnswer, fail } from './answer.ts';

/**
 * `Idempotency-Key` on every POST of the API: the first request runs, twins wait for it, later ones get the same answer
 * for a day. Server errors, conflicts and rate limits are not kept, since trying those again is the point.
 */
export function createIdempotency(deps: Pick<Deps, 'store' | 'clock' | 'processId'>) {
  const running = new Map<string, Promise<ApiAnswer>>();

  return async function runOnce(
    caller: Pick<Caller, 'projectId' | 'kind'>,
    given: string,
    request: { readonly route: string; readonly body: Uint8Array },
    run: () => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    if (!/^[\x21-\x7e]{1,255}$/.test(given)) throw new PayCoreError('IDEMPOTENCY_KEY_INVALID');
    const { projectId } = caller;
    // A test key sees no live payment, not even through an answer that is replayed.
    const key = `${caller.kind} ${given}`;
    const fingerprint = createHash('sha256').update(request.route).update('\0').update(request.body).digest();
    const claim = (takeOver: boolean) =>
      deps.store.claimIdempotencyKey({
        projectId,
        key,
        fingerprint,
        owner: deps.processId,
        takeOver,
        now: deps.clock.now(),
        lifetimeMs: DAY,
      });
    const id = `${projectId} ${key}`;
    for (let orphaned = 0; ; orphaned++) {
      // A row that says "running" while nothing runs: its answer could not be written. The second look takes it over.
      const result = await claim(orphaned > 1);
      if (result.type === 'reused') throw new PayCoreError('IDEMPOTENCY_KEY_REUSED');
      if (result.type === 'done') return markReplayed(result);
      if (result.type === 'claimed') return start(id, projectId, key, run);
      const first = await running.get(id);
      if (first) return isKept(first.status) ? markReplayed(first) : first;
    }
  };

  async function start(id: string, projectId: number, key: string, run: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
    // Two that took the key over in one moment: the second waits for the first.
    const first = running.get(id);
    if (first) return first;
    const answer = run().catch(fail);
    running.set(id, answer);
    try {
      const final = await answer;
      await deps.store.finishIdempotencyKey(projectId, key, isKept(final.status) ? final : null);
      return final;
    } finally {
      running.delete(id);
    }
  }
}

function isKept(status: number): boolean {
  return status < 500 && status !== 409 && status !== 429;
}

function markReplayed(answer: ApiAnswer): ApiAnswer {
  return { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } };
}
