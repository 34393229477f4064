/**
 * Who may begin, where many targets share a limited number of places: shops that are told something, accounts at gateways
 * that are asked. What waits is kept in a queue a target, and every step costs the same however many there are.
 *
 * Each target has one place of its own. One whose last try went well earns further ones, out of a share that all have in
 * common; one whose last try failed has no more than the one, and all such together no more than half: so those that hang
 * hold up themselves alone, be there one or a hundred.
 */
export interface PlaceLimits {
  readonly total: number;
  /** Of those together whose last try failed. */
  readonly failing: number;
  /** Of those and of those together of which nothing is known yet: the rest is kept for those that are known to answer. */
  readonly doubtful: number;
  /** Of all together beyond the first of each. */
  readonly further: number;
  /** Of one that answers at once. */
  readonly widest: number;
}

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

/** In what respect it begins: each kind has a limit of its own. */
type Lane = 'first' | 'failing' | 'unproved' | 'further';
const LANES: readonly Lane[] = ['first', 'failing', 'unproved', 'further'];

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

export type Places<T> = ReturnType<typeof createPlaces<T>>;

export function createPlaces<T>(limits: PlaceLimits) {
  const busy = new Map<string, Target<T>>();
  const idle = new Map<string, Target<T>>();
  /** Targets that have something to begin and room for it, those first that have waited longest. */
  const ready: Readonly<Record<Lane, Set<string>>> = {
    first: new Set(),
    failing: new Set(),
    unproved: new Set(),
    further: new Set(),
  };
  const taken: Record<Lane, number> = { first: 0, failing: 0, unproved: 0, further: 0 };
  let turn = 0;

  const total = (): number => LANES.reduce((sum, lane) => sum + taken[lane], 0);

  const mayBegin: Readonly<Record<Lane, () => boolean>> = {
    first: () => true,
    failing: () => taken.failing < limits.failing && mayBegin.unproved(),
    unproved: () => taken.failing + taken.unproved < limits.doubtful,
    further: () => taken.further < limits.further,
  };
  const isOpen = (lane: Lane): boolean => ready[lane].size > 0 && total() < limits.total && mayBegin[lane]();

  /** Puts it where it has to wait now. */
  const place = (name: string, target: Target<T>): void => {
    const lane = laneOf(target);
    for (const other of LANES) if (other !== lane) ready[other].delete(name);
    if (lane) ready[lane].add(name);
    if (target.queue.length > 0 || target.underWay > 0) return;
    busy.delete(name);
    idle.set(name, target);
    const [oldest] = idle.keys();
    if (idle.size > MAX_REMEMBERED && oldest !== undefined) idle.delete(oldest);
  };

  const find = (name: string, hasFailed: boolean): Target<T> => {
    const known = busy.get(name) ?? idle.get(name);
    const target = known ?? { health: hasFailed ? 'failing' : 'unproved', window: 1, underWay: 0, queue: [] };
    idle.delete(name);
    busy.set(name, target);
    return target;
  };

  /** Takes the longest waiting one of a lane; null when its time was over. */
  const begin = (lane: Lane, now: number): Place<T> | null => {
    const [name = ''] = ready[lane];
    ready[lane].delete(name);
    const target = find(name, false);
    dropOver(target, now);
    const next = target.queue.shift();
    if (next) {
      target.underWay += 1;
      taken[lane] += 1;
    }
    place(name, target);
    return next ? { target: name, item: next.item, lane } : null;
  };

  return {
    /** `hasFailed`: what the rows say of its last try, for one of which nothing is known here. */
    offer(name: string, item: T, { until, now, hasFailed }: { until: number; now: number; hasFailed: boolean }): void {
      const target = find(name, hasFailed);
      dropOver(target, now);
      target.queue.push({ item, until });
      place(name, target);
    },
    /** What may begin next; null when nothing may. The kinds take turns. */
    take(now: number): Place<T> | null {
      for (let passed = 0; passed < LANES.length; passed += 1) {
        const lane = LANES[(turn + passed) % LANES.length] as Lane;
        while (isOpen(lane)) {
          const begun = begin(lane, now);
          if (!begun) continue;
          turn = (turn + passed + 1) % LANES.length;
          return begun;
        }
      }
      return null;
    },
    /** Null: it was not tried after all. */
    leave({ target: name, lane }: Place<T>, outcome: Outcome | null): void {
      const target = find(name, false);
      target.underWay -= 1;
      taken[lane] -= 1;
      if (outcome) learn(target, outcome, limits.widest);
      place(name, target);
    },
    hasReady: (): boolean => LANES.some(isOpen),
    isFull: (): boolean => total() >= limits.total,
  };
}

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
