const LOCK_RETRY_MS = 20;

interface Round {
  readonly hasWork: () => boolean;
  /** Runs one batch. */
  readonly run: () => Promise<void>;
}

/** When batches are run: one in a turn of the event loop, or after a pause while another connection holds the lock. */
export function createRounds({ hasWork, run }: Round) {
  let scheduled = false;
  let pauseMs = 0;

  const afterPause = (next: () => void): void => {
    if (pauseMs > 0) setTimeout(next, pauseMs);
    else setImmediate(next);
  };

  const round = async (): Promise<void> => {
    pauseMs = 0;
    try {
      await run();
    } finally {
      scheduled = false;
      if (hasWork()) start();
    }
  };

  const start = (): void => {
    if (scheduled) return;
    scheduled = true;
    afterPause(round);
  };

  return {
    start,
    /** The one that is under way will not end. */
    restart(): void {
      scheduled = false;
      start();
    },
    /** The next one waits for a moment. */
    pause(): void {
      pauseMs = LOCK_RETRY_MS;
    },
    /** Resolves when none is left. What runs is through, or given up, when its turn ends. */
    async over(): Promise<void> {
      while (scheduled) await new Promise<void>((resolve) => afterPause(resolve));
    },
  };
}
