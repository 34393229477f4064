/** How many may be under way in which respect, and who waits to begin in it. */
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

/** The first of a target that is known to answer, of one that fails, of one nothing is known of; and what is not the first. */
export type Lane = 'first' | 'failing' | 'unproved' | 'further';

const LANES: readonly Lane[] = ['first', 'failing', 'unproved', 'further'];

export function createLanes({ total, failing, doubtful, further }: PlaceLimits) {
  /** Those first that have waited longest. */
  const waiting: Readonly<Record<Lane, Set<string>>> = {
    first: new Set(),
    failing: new Set(),
    unproved: new Set(),
    further: new Set(),
  };
  const taken: Record<Lane, number> = { first: 0, failing: 0, unproved: 0, further: 0 };
  let turn = 0;

  const isFull = (): boolean => LANES.reduce((sum, lane) => sum + taken[lane], 0) >= total;
  const hasRoomForDoubt = (): boolean => taken.failing + taken.unproved < doubtful;
  const hasRoom: Readonly<Record<Lane, () => boolean>> = {
    first: () => true,
    failing: () => taken.failing < failing && hasRoomForDoubt(),
    unproved: hasRoomForDoubt,
    further: () => taken.further < further,
  };
  const isOpen = (lane: Lane): boolean => waiting[lane].size > 0 && !isFull() && hasRoom[lane]();

  return {
    isFull,
    hasOpen: (): boolean => LANES.some(isOpen),
    /** In this lane from now on, behind those that wait there already, and in no other; null: in none. */
    move(name: string, to: Lane | null): void {
      for (const lane of LANES) if (lane !== to) waiting[lane].delete(name);
      if (to) waiting[to].add(name);
    },
    /** Takes out who begins next; the lanes take turns. Null when nobody may. */
    next(): { readonly name: string; readonly lane: Lane } | null {
      for (let passed = 0; passed < LANES.length; passed += 1) {
        const lane = LANES[turn] as Lane;
        turn = (turn + 1) % LANES.length;
        if (!isOpen(lane)) continue;
        const [name = ''] = waiting[lane];
        waiting[lane].delete(name);
        return { name, lane };
      }
      return null;
    },
    enter(lane: Lane): void {
      taken[lane] += 1;
    },
    leave(lane: Lane): void {
      taken[lane] -= 1;
    },
  };
}
