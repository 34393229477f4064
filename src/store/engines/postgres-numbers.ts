import { PayCoreError } from '../../core/errors.ts';

/**
 * Payment numbers in blocks. A number that is taken inside the transaction of a create keeps the day's row locked until its
 * commit, and with it every other create of all nodes. So each node takes a block for itself, on a connection of its own
 * that is never behind those who wait for a number, and takes the next one before it runs out. What is left of a block when
 * the node stops is given to nobody.
 */
export interface Numbers {
  /** The next number of a day, which is yyyymmdd. */
  next(day: string): Promise<number>;
  /**
   * Gives up what was taken: the database may have gone back behind it, as one does that takes the place of another that
   * failed.
   */
  forget(): void;
}

/** Takes so many numbers of a day at once, commits that, and gives the last of them. */
type Take = (day: string, count: number) => Promise<number>;

export const BLOCK = 64;
/** Days that are numbered at the same time: two at midnight, and one more for a clock that was set. */
const DAYS = 3;
/** Who needs a number and gets none within this is told that the database does not answer. */
const PATIENCE_MS = 10_000;

interface Day {
  /** What is left: from the first number to the last. */
  readonly blocks: { first: number; readonly last: number }[];
  taking: Promise<void> | null;
}

export function createNumbers(take: Take, patienceMs = PATIENCE_MS): Numbers {
  const days = new Map<string, Day>();

  const dayOf = (name: string): Day => {
    const known = days.get(name);
    if (known) return known;
    const [oldest] = days.keys();
    if (days.size >= DAYS && oldest !== undefined) days.delete(oldest);
    const day: Day = { blocks: [], taking: null };
    days.set(name, day);
    return day;
  };

  /** One block at a time is on its way, whoever waits for it. */
  const fetchBlock = (name: string, day: Day): Promise<void> => {
    day.taking ??= take(name, BLOCK)
      .then((last) => {
        day.blocks.push({ first: last - BLOCK + 1, last });
      })
      .finally(() => {
        day.taking = null;
      });
    return day.taking;
  };

  /** The next who needs a number does not wait for the same answer. */
  const isLate = (name: string, day: Day, waited: Promise<void>) => () => {
    if (days.get(name) === day && day.taking === waited) days.delete(name);
  };

  return {
    async next(name) {
      for (;;) {
        const day = dayOf(name);
        const number = takeFirst(day);
        if (number === null) {
          const block = fetchBlock(name, day);
          await within(patienceMs, block, isLate(name, day, block));
          continue;
        }
        // Who needs the next block asks again, and hears what is wrong.
        if (countLeft(day) < BLOCK / 2) fetchBlock(name, day).catch(() => {});
        return number;
      }
    },
    forget: () => days.clear(),
  };
}

function takeFirst({ blocks }: Day): number | null {
  const [block] = blocks;
  if (!block) return null;
  const number = block.first;
  block.first += 1;
  if (block.first > block.last) blocks.shift();
  return number;
}

function countLeft({ blocks }: Day): number {
  return blocks.reduce((left, { first, last }) => left + last - first + 1, 0);
}

async function within<T>(ms: number, work: Promise<T>, isLate: () => void): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate();
      const cause = new Error(`the database gave no payment number within ${ms} ms`);
      reject(new PayCoreError('STORAGE_UNAVAILABLE', { cause }));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
