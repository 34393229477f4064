import { limits } from './options.ts';

/** Waits so long, or for ever with null; ends early when the client leaves or the simulator stops. */
export type Pause = (ms: number | null, left: AbortSignal) => Promise<void>;

export function createPause(setTimer: (run: () => void, ms: number) => () => void, stopped: AbortSignal): Pause {
  let waiting = 0;
  return async (ms, left) => {
    // A connection that is held costs memory, so there is an end to them.
    if (waiting >= limits.held || left.aborted || stopped.aborted) return;
    waiting += 1;
    await new Promise<void>((resolve) => {
      const finish = () => {
        cancel();
        left.removeEventListener('abort', finish);
        stopped.removeEventListener('abort', finish);
        resolve();
      };
      const cancel = ms === null ? () => {} : setTimer(finish, ms);
      left.addEventListener('abort', finish);
      stopped.addEventListener('abort', finish);
    });
    waiting -= 1;
  };
}
