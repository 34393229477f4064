import { nextDelivery } from '../core/notification-retry.ts';
import type { Deps } from '../deps.ts';
import type { DeliveryResult } from '../notify/deliver.ts';
import type { Lookup } from '../notify/target.ts';
import { sendSigned } from '../payments/projects/notify.ts';
import type { DueNotification } from '../store/commands/deliveries/claim.ts';
import type { DeliveryResult as StoredResult } from '../store/commands/deliveries/finish.ts';
import type { Ledger } from './ledger.ts';

/** Makes one try and has written down how it went. True when the shop took it; never rejects. */
export function createSender(deps: Deps, lookup: Lookup, ledger: Ledger) {
  return async (item: DueNotification): Promise<boolean> => {
    const { webhookId } = item;
    const result = await sendOne(deps, lookup, item).catch((error): DeliveryResult => {
      deps.log.error('notification could not be made', { webhook_id: webhookId, error });
      return { outcome: 'retry', status: null, reason: 'it could not be made; the log says why', retryAfterMs: null };
    });
    await ledger
      .writeDown(item, decideNext(deps, item, result, deps.clock.now()))
      .catch((error) => deps.log.error('notification could not be written down', { webhook_id: webhookId, error }));
    return result.outcome === 'delivered';
  };
}

async function sendOne(deps: Deps, lookup: Lookup, item: DueNotification): Promise<DeliveryResult> {
  const project = await deps.store.findProject(item.projectId);
  if (!project) return { outcome: 'dead', reason: 'the project of this notification is gone' };
  return sendSigned(deps, lookup, project, item);
}

/** Delivered, dead, or when to try again. */
function decideNext(deps: Deps, item: DueNotification, result: DeliveryResult, now: number): StoredResult {
  if (result.outcome === 'delivered') return result;
  if (result.outcome === 'dead') return { ...result, status: null };
  const { status, reason } = result;
  const dueAt = nextDelivery(item.tries + 1, now, () => randomUnit(deps), result.retryAfterMs);
  return dueAt === null ? { outcome: 'dead', status, reason } : { outcome: 'retry', status, reason, dueAt };
}

function randomUnit(deps: Pick<Deps, 'random'>): number {
  const [high = 0, low = 0] = deps.random(2);
  return (high * 256 + low) / 65_536;
}
