import { placeOf, SEEN_EVERY_MS } from '../core/node.ts';
import { MINUTE, type MovableClock, SECOND } from '../core/time.ts';
import { VERSION } from '../core/version.ts';
import type { Deps } from '../deps.ts';
import type { EnteredNode, NewNode, TakenOver } from '../store/commands/nodes.ts';
import { CLOCK_TOLERANCE_MS } from './clock.ts';
import type { Job } from './job.ts';
import { LOOK_LEASE_MS } from './looks.ts';

/** Rows of each kind that are freed in one command. */
const AT_ONCE = 500;
/** Commands in a row; what is left is for the next time. */
const MOST_ROUNDS = 100;
/** After a gap in which the database could not be reached, the others get this long to be seen again. */
const STEADY_MS = 2 * SEEN_EVERY_MS;

/** What the clocks of nodes may differ by. */
const DIFFERENCE_MS = SECOND;
/** Of the nodes that see that the database's clock was put back one has everything planned anew. */
const REPLAN_LEASE_MS = MINUTE;

type Parts = Pick<Deps, 'clock' | 'store' | 'log' | 'processId' | 'nodeName' | 'publicUrl' | 'wake'>;

export interface NodeJob extends Job {
  /** Begins to serve. Who else does. */
  enter(): Promise<EnteredNode['others']>;
  /** Stops by itself: what is not done is free for others at once. */
  leave(): Promise<void>;
}

/**
 * Has this node seen by the others, sees who is gone, and takes over what that one had taken. A node that was taken for
 * gone itself enters anew: what it had taken and others have now is refused to it wherever it ends. `moved`: the program's
 * clock, where that has to go by the database's: whether a call of another node may still be under way is told by it.
 */
export function createNodeJob(deps: Parts, moved: MovableClock | null = null): NodeJob {
  const { clock, store, log, processId: id, nodeName: name, publicUrl } = deps;
  const measure = createMeasure(deps);
  /** By the clock that nobody can set; null: it does not serve. */
  let due: number | null = null;
  let seenAt = 0;
  let steadySince = 0;
  let aheadMs = 0;
  const follow = createFollower(deps, moved);

  const enter = async (): Promise<EnteredNode['others']> => {
    const node: NewNode = { id, name, version: VERSION, publicUrl, now: clock.now() };
    const entered = await measure(
      () => store.enterNode(node, LOOK_LEASE_MS),
      (answer) => answer.seenAt,
    );
    aheadMs = await follow(entered, entered.value.seenAt);
    seenAt = clock.elapsed();
    steadySince = seenAt;
    due = seenAt + SEEN_EVERY_MS;
    warnOfOthers(deps, entered.value.others);
    return entered.value.others;
  };

  const see = async (): Promise<void> => {
    const seen = await measure(
      () => store.seeNode(id, aheadMs, clock.now()),
      (answer) => answer,
    );
    if (seen.value !== null) aheadMs = await follow(seen, seen.value);
    else {
      log.warn('this node was taken for gone: what it had taken is done by others, it goes on with what comes');
      await enter();
    }
  };

  const takeOver = createTakeover(deps);
  const freeing = () => ({ owner: id, now: clock.now(), lookMs: LOOK_LEASE_MS, limit: AT_ONCE });

  return {
    name: 'nodes',
    nextDue: async () => (due === null ? null : clock.now() + due - clock.elapsed()),
    async run() {
      if (due === null) return;
      await see();
      // Seen late by that much: the database was away, or this process stood still, and so it may be with the others.
      if (clock.elapsed() - seenAt >= STEADY_MS) steadySince = clock.elapsed();
      seenAt = clock.elapsed();
      due = seenAt + SEEN_EVERY_MS;
      if (store.isShared && clock.elapsed() - steadySince >= STEADY_MS)
        await takeOver(() => store.takeOverDead(freeing()));
    },
    async enter() {
      const others = await enter();
      const place = placeOf(id);
      // Who was killed and is started again goes on at once, and not when somebody has missed it for long enough.
      if (store.isShared && place !== null) await takeOver(() => store.takeOverPredecessor(freeing(), place));
      return others;
    },
    async leave() {
      if (due === null) return;
      due = null;
      for (let round = 0; round < MOST_ROUNDS; round += 1) if (await store.leaveNode(freeing())) return;
    },
  };
}

/** Takes over some after the other, until there is nobody left to take over from. */
function createTakeover({ log, wake }: Pick<Parts, 'log' | 'wake'>) {
  return async (takeSome: () => Promise<TakenOver | null>): Promise<void> => {
    let isAny = false;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const taken = await takeSome();
      if (taken === null) break;
      isAny = true;
      log.warn('a node was not seen any more: what it had taken is taken over', describe(taken));
    }
    if (isAny) wake();
  };
}

function describe({ node, notifications, alerts, looks, claims }: TakenOver) {
  return { node: node.name, notifications, alerts, looks, claims };
}

/** How far the own clock is ahead of the database's; the answer is taken to have been half of the time on its way. */
function createMeasure({ clock, log }: Pick<Parts, 'clock' | 'log'>) {
  let isTold = false;
  return async <T>(ask: () => Promise<T>, seenAtOf: (answer: T) => number | null) => {
    const before = clock.now();
    const value = await ask();
    const after = clock.now();
    const aheadMs = Math.round((before + after) / 2 - (seenAtOf(value) ?? (before + after) / 2));
    const doubtMs = Math.abs(after - before) / 2;
    const isOff = Math.abs(aheadMs) - doubtMs > CLOCK_TOLERANCE_MS;
    if (isOff && !isTold) {
      log.warn('this machine’s clock differs from the database’s: switch on time synchronisation (NTP) on both', {
        ahead_seconds: Math.round(aheadMs / SECOND),
      });
    }
    isTold = isOff;
    return { value, aheadMs, doubtMs };
  };
}

interface Measured {
  readonly aheadMs: number;
  /** How much of that may be the way there and back. */
  readonly doubtMs: number;
}

/** Has the program's clock go by the database's. Gives how far the machine's own is ahead of it. */
function createFollower({ clock, store, log, processId: owner }: Parts, moved: MovableClock | null) {
  let movedBy = 0;
  /** How far the database's clock is ahead of the one that nobody can set. */
  let known: number | null = null;
  return async ({ aheadMs, doubtMs }: Measured, seenAt: number): Promise<number> => {
    if (!moved) return aheadMs;
    const offset = seenAt - clock.elapsed();
    const back = known === null ? 0 : known - offset;
    known = offset;
    const rest = Math.abs(aheadMs) - doubtMs > DIFFERENCE_MS ? 0 : aheadMs;
    if (rest !== aheadMs) {
      moved.moveBy(-aheadMs);
      movedBy -= aheadMs;
    }
    const now = clock.now();
    if (back > CLOCK_TOLERANCE_MS && (await store.claim({ name: 'replan', owner, now, leaseMs: REPLAN_LEASE_MS }))) {
      await store.replan(now, back);
      log.warn('the database’s clock was put back: what was planned by it is planned anew', {
        seconds: Math.round(back / SECOND),
      });
    }
    return rest - movedBy;
  };
}

function warnOfOthers({ log, publicUrl }: Pick<Parts, 'log' | 'publicUrl'>, others: EnteredNode['others']): void {
  const other = others.find((node) => node.publicUrl !== publicUrl);
  if (!other) return;
  log.warn('another node says another address to payers and gateways: give all nodes the same PAYCORE_PUBLIC_URL', {
    ...{ node: other.name, its_public_url: other.publicUrl, public_url: publicUrl },
  });
}
