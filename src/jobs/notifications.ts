import { ANSWER_TIME } from '../core/notification-retry.ts';
import type { Deps } from '../deps.ts';
import { type Lookup, lookupSystem } from '../notify/target.ts';
import type { DueNotification } from '../store/commands/deliveries/claim.ts';
import { createCrew } from './crew.ts';
import type { Job } from './job.ts';
import { createLedger } from './ledger.ts';
import { type Place, sharePlaces } from './places.ts';
import { createSender } from './sender.ts';

/** Deliveries under way at a time, and the most of one shop that takes them at once. */
const PLACES = sharePlaces(256, 32);
/** Rows taken at a time: this many hold up nobody else noticeably. */
const BATCH = 256;
/** Longer than any try takes; one that dies with its process is made again after this. */
const LEASE_MS = 3 * ANSWER_TIME;

export interface NotificationJob extends Job {
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** What was taken and waits for a place; it is read, and taken anew, when it gets one. */
type Held = Pick<DueNotification, 'id' | 'leasedUntil'>;

/** Sends what waits in the outbox. Claiming is a write, so a row is never sent twice at a time. */
export function createNotificationJob(deps: Deps, lookup: Lookup = lookupSystem): NotificationJob {
  const { clock, store, processId: owner } = deps;
  const crew = createCrew<Held>(deps, PLACES);
  const ledger = createLedger(deps);
  const send = createSender(deps, lookup, ledger);

  /** What is due waits for a place from now on, each behind what its own shop still has to be told. */
  const claim = async (): Promise<readonly DueNotification[]> => {
    if (crew.isFull()) return [];
    const now = clock.now();
    const claimed = await store.claimDueNotifications({ now, limit: BATCH, owner, leaseMs: LEASE_MS });
    for (const { target, id, leasedUntil, hasFailed } of claimed) {
      crew.offer(target, { id, leasedUntil }, { until: leasedUntil ?? now, now, hasFailed });
    }
    return claimed;
  };

  /** Begins what has a place. What was just read is sent as it is; what had to wait is taken anew first. */
  const begin = async (claimed: readonly DueNotification[]): Promise<void> => {
    const fresh = index(claimed);
    const held = crew.takeSome().filter((place) => !startOne(place, fresh));
    if (held.length === 0) return;
    let renewed = new Map<number, DueNotification>();
    try {
      const items = held.map(({ item }) => item);
      renewed = index(await store.renewNotificationLeases(items, { now: clock.now(), owner, leaseMs: LEASE_MS }));
    } finally {
      for (const place of held) if (!startOne(place, renewed)) crew.giveUp(place);
    }
  };

  /** False when it is not among them. Each is started once, though it may have been taken twice. */
  const startOne = (place: Place<Held>, items: Map<number, DueNotification>): boolean => {
    const item = items.get(place.item.id);
    if (item) crew.start(place, () => send(item));
    return items.delete(place.item.id);
  };

  return {
    name: 'notifications',
    async nextDue() {
      const again = ledger.nextWrite();
      if (again !== null) return again;
      if (crew.hasReady()) return clock.now();
      return crew.isFull() ? null : store.findNextNotification();
    },
    async run() {
      await ledger.writeAgain();
      await begin(await claim());
    },
    load: crew.load,
    settled: crew.settled,
  };
}

function index(items: readonly DueNotification[]): Map<number, DueNotification> {
  return new Map(items.map((item) => [item.id, item]));
}
