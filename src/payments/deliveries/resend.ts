import type { Actor } from '../../core/actor.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { KeyKind } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Resent } from '../../store/commands/deliveries/resend.ts';
import { type DeliveryScope, listKinds, listProjectIds } from './list.ts';

/** Sending notifications again: the same body under the same id, at once and then as often as a new one. */

type Parts = Pick<Deps, 'store' | 'clock' | 'wake'>;

/** Throws NOTIFICATION_NOT_FOUND. */
export async function resendDelivery(deps: Parts, webhookId: string, by: Actor): Promise<Resent> {
  const sent = await deps.store.resendDelivery(webhookId, by, deps.clock.now());
  if (!sent) throw new PayCoreError('NOTIFICATION_NOT_FOUND');
  deps.wake();
  return sent;
}

/** Which of those that were given up are meant. */
export interface DeadWanted extends DeliveryScope {
  /** Made at or after, milliseconds since the epoch; 0: all. */
  readonly since: number;
}

/** So many are sent again by one call: whoever has more asks once more. */
export const MAX_RESENT = 5000;
const AT_ONCE = 250;

/** How many were given up, counted up to one more than are sent by one call. */
export async function countDead(deps: Pick<Deps, 'store'>, wanted: DeadWanted): Promise<number> {
  const projectIds = await listProjectIds(deps, wanted.projectId);
  const scope = { projectIds, keyKinds: listKinds(wanted), since: wanted.since };
  return deps.store.countDeadDeliveries(scope, MAX_RESENT + 1);
}

export interface ResentDead {
  readonly sent: number;
  /** More were given up than are sent by one call. */
  readonly isMore: boolean;
}

/** Sends all again that were given up; what waits already is left as it is, so that nothing is told twice for it. */
export async function resendDead(deps: Parts, wanted: DeadWanted): Promise<ResentDead> {
  const projectIds = await listProjectIds(deps, wanted.projectId);
  let sent = 0;
  for (const projectId of projectIds) {
    for (const keyKind of listKinds(wanted)) {
      sent += await resendOf(deps, { projectId, keyKind, since: wanted.since }, MAX_RESENT - sent);
    }
  }
  return { sent, isMore: sent >= MAX_RESENT && (await countDead(deps, wanted)) > 0 };
}

interface Of {
  readonly projectId: number;
  readonly keyKind: KeyKind;
  readonly since: number;
}

/** In batches, so that others write in between; those of a batch are on their way while the next one is made. */
async function resendOf(deps: Parts, of: Of, most: number): Promise<number> {
  let sent = 0;
  let after = { at: 0, id: 0 };
  while (sent < most) {
    const limit = Math.min(AT_ONCE, most - sent);
    const batch = await deps.store.resendDeadDeliveries({ ...of, after, now: deps.clock.now(), limit });
    const last = batch.at(-1);
    if (!last) break;
    sent += batch.length;
    after = last;
    deps.wake();
  }
  return sent;
}
