import { makeTimedId } from '../core/ids.ts';
import type { Deps } from '../deps.ts';
import type { FactsInput, FactsOutcome } from '../store/commands/apply-facts.ts';

type Parts = Pick<Deps, 'store' | 'clock' | 'random' | 'wake'>;

/** Stores what a gateway told us, with everything that follows from it, and sends what there is to send. */
export async function reportFacts(
  deps: Parts,
  input: Omit<FactsInput, 'now' | 'makeWebhookId'>,
): Promise<FactsOutcome> {
  const outcome = await deps.store.applyFacts({ ...input, now: deps.clock.now(), makeWebhookId: webhookIds(deps) });
  if (outcome.notified) deps.wake();
  return outcome;
}

/** Ids of the notifications that one change causes. */
export function webhookIds(deps: Pick<Deps, 'clock' | 'random'>): () => string {
  return () => makeTimedId('msg', deps.clock.now(), deps.random);
}
