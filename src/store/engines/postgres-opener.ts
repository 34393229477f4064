/** Between attempts to reach a server that is away. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
export const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));

export interface OpenerParts<C> {
  readonly open: () => Promise<C>;
  readonly sleep: (ms: number) => Promise<void>;
  /** How many more connections there may be. */
  readonly room: () => number;
  /** How many wait for one. */
  readonly waiting: () => number;
  readonly isEmpty: () => boolean;
  readonly opened: (connection: C) => void;
}

/** Opens connections: as many at once as are waited for, and while the server is away one attempt after the other. */
export function createOpener<C>({ open, sleep, room, waiting, isEmpty, opened }: OpenerParts<C>) {
  let opening = 0;
  let failures = 0;
  let failure: unknown = null;
  /** Since when nobody gets through: a failure while other connections live is not yet that. */
  let awaySince = 0;
  let wasEmpty = true;
  let isStopped = false;

  const isAway = () => failures > 0 && isEmpty();
  const tryOne = async (): Promise<void> => {
    opening += 1;
    try {
      if (failures > 0) await sleep(pauseAfter(failures));
      if (isStopped) return;
      const connection = await open();
      failures = 0;
      opened(connection);
    } catch (error) {
      if (failures === 0) awaySince = performance.now();
      failures += 1;
      failure = error;
    } finally {
      opening -= 1;
    }
    grow();
  };
  const grow = (): void => {
    if (isStopped) return;
    const isEmptyNow = isEmpty();
    if (isEmptyNow && !wasEmpty) awaySince = performance.now();
    wasEmpty = isEmptyNow;
    // While nobody gets through the server is asked again and again, so that it is known when it is back.
    const wanted = failures > 0 ? (waiting() > 0 || isAway() ? 1 : 0) : waiting();
    while (opening < Math.min(wanted, room())) void tryOne();
  };
  return {
    grow,
    /** Why there is no connection; null: there is one, or nobody has asked for any. */
    failure: (): unknown => (isAway() ? failure : null),
    awayForMs: (): number => (isAway() ? performance.now() - awaySince : 0),
    stop(): void {
      isStopped = true;
    },
  };
}
