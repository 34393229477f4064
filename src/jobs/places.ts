import type { Load } from './job.ts';
import { createLanes, type Lane, type PlaceLimits } from './lanes.ts';

/**
 * Who may begin, where many targets share a limited number of places: shops that are told something, accounts at gateways
 * that are asked. What waits is kept in a queue a target, and every step costs the same however many there are.
 *
 * Each target has one place of its own. One whose last try went well earns further ones, out of a share that all have in
 * common; one whose last try failed has no more than the one, and all such together no more than half: so those that hang
 * hold up themselves alone, be there one or a hundred.
 */
export function sharePlaces(total: number, widest: number): PlaceLimits {
  return {
    total,
    failing: Math.floor(total / 2),
    doubtful: Math.floor((total * 3) / 4),
    further: Math.floor(total / 4),
    widest,
  };
}

/** How a try went; one that answers at once is trusted with more at a time. */
export type Outcome = 'quick' | 'slow' | 'failed';

/** Of one that answers, but takes its time. */
const USUAL = 4;
/** Of targets with nothing to do it is remembered how they did, of so many. */
const MAX_REMEMBERED = 50_000;

export interface Place<T> {
  readonly target: string;
  readonly item: T;
  readonly lane: Lane;
}

interface Target<T> {
  health: 'unproved' | 'good' | 'failing';
  /** How many it may have under way. */
  window: number;
  underWay: number;
  /** Oldest first. `until`: from then on it may be somebody else's, or has been taken anew. */
  readonly queue: { readonly item: T; readonly until: number }[];
}

export function createPlaces<T>(limits: PlaceLimits) {
  const targets = createTargets<T>();
  const lanes = createLanes(limits);

  const settle = (name: string, target: Target<T>): void => {
    lanes.move(name, laneOf(target));
    if (target.queue.length === 0 && target.underWay === 0) targets.rest(name, target);
  };

  return {
    hasReady: lanes.hasOpen,
    isFull: lanes.isFull,
    /** `hasFailed`: what the rows say of its last try, for one of which nothing is known here. */
    offer(name: string, item: T, { until, now, hasFailed }: { until: number; now: number; hasFailed: boolean }): void {
      const target = targets.find(name, hasFailed);
      dropOver(target, now);
      target.queue.push({ item, until });
      settle(name, target);
    },
    /** What may begin next; null when nothing may. */
    take(now: number): Place<T> | null {
      for (let next = lanes.next(); next; next = lanes.next()) {
        const { name, lane } = next;
        const target = targets.find(name, false);
        dropOver(target, now);
        const first = target.queue.shift();
        if (first) {
          target.underWay += 1;
          lanes.enter(lane);
        }
        settle(name, target);
        if (first) return { target: name, item: first.item, lane };
      }
      return null;
    },
    load: targets.load,
    /** Null: it was not tried after all. */
    leave({ target: name, lane }: Place<T>, outcome: Outcome | null): void {
      const target = targets.find(name, false);
      target.underWay -= 1;
      lanes.leave(lane);
      if (outcome) learn(target, outcome, limits.widest);
      settle(name, target);
    },
  };
}

/** Targets that have something to do, and some of those that had. */
function createTargets<T>() {
  const busy = new Map<string, Target<T>>();
  const idle = new Map<string, Target<T>>();
  return {
    find(name: string, hasFailed: boolean): Target<T> {
      const known = busy.get(name) ?? idle.get(name);
      const target = known ?? { health: hasFailed ? 'failing' : 'unproved', window: 1, underWay: 0, queue: [] };
      idle.delete(name);
      busy.set(name, target);
      return target;
    },
    load(): Load {
      const all = [...busy.values()];
      return {
        waiting: all.reduce((sum, { queue }) => sum + queue.length, 0),
        underWay: all.reduce((sum, { underWay }) => sum + underWay, 0),
      };
    },
    rest(name: string, target: Target<T>): void {
      busy.delete(name);
      idle.set(name, target);
      const [oldest] = idle.keys();
      if (idle.size > MAX_REMEMBERED && oldest !== undefined) idle.delete(oldest);
    },
  };
}

/** Where it has to wait now. */
function laneOf<T>({ queue, health, underWay, window }: Target<T>): Lane | null {
  if (queue.length === 0 || underWay >= window) return null;
  if (underWay > 0) return 'further';
  return health === 'good' ? 'first' : health;
}

function learn<T>(target: Target<T>, outcome: Outcome, widest: number): void {
  target.health = outcome === 'failed' ? 'failing' : 'good';
  const wider = Math.min(widest, Math.max(target.window + 1, USUAL));
  target.window = { quick: wider, slow: Math.min(widest, USUAL), failed: 1 }[outcome];
}

function dropOver<T>({ queue }: Target<T>, now: number): void {
  while (queue[0] && queue[0].until <= now) queue.shift();
}
