import { PayCoreError } from '../core/errors.ts';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { DueNotification } from '../store/commands/deliveries/claim.ts';
import type { DeliveryResult } from '../store/commands/deliveries/finish.ts';

const WRITE_AGAIN_MS = SECOND;

export type Ledger = ReturnType<typeof createLedger>;

/** Writes down how tries went. What the database would not take is kept and written later; its row stays taken until then. */
export function createLedger(deps: Pick<Deps, 'store' | 'clock' | 'log' | 'processId'>) {
  const unwritten: { readonly item: DueNotification; readonly result: DeliveryResult; readonly at: number }[] = [];
  let writeAgainAt = 0;

  return {
    async writeDown(item: DueNotification, result: DeliveryResult): Promise<void> {
      const at = deps.clock.now();
      if (result.outcome !== 'delivered') {
        const final = result.outcome === 'dead';
        deps.log.warn('notification not delivered', { webhook_id: item.webhookId, final, reason: result.reason });
      }
      try {
        await deps.store.finishDelivery(item, result, at, deps.processId);
      } catch (error) {
        unwritten.push({ item, result, at });
        writeAgainAt = deps.clock.elapsed() + WRITE_AGAIN_MS;
        throw error;
      }
    },
    nextWrite: (): number | null =>
      unwritten.length > 0 ? deps.clock.now() + writeAgainAt - deps.clock.elapsed() : null,
    async writeAgain(): Promise<void> {
      writeAgainAt = deps.clock.elapsed() + WRITE_AGAIN_MS;
      for (let next = unwritten[0]; next; next = unwritten[0]) {
        await deps.store.finishDelivery(next.item, next.result, next.at, deps.processId).catch((error) => {
          if (error instanceof PayCoreError && error.code === 'STORAGE_UNAVAILABLE') throw error;
          // Something about this one: it must not hold up all others, and comes again when its lease is over.
          deps.log.error('notification could not be written down', { webhook_id: next.item.webhookId, error });
        });
        unwritten.shift();
      }
    },
  };
}
