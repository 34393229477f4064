import type { Instruments } from './instruments.ts';

/** How often it is looked whether the loop still turns. */
const EVERY_MS = 500;

/** Measures how late timers come, by one of its own. Gives what ends it. */
export function watchLoop({ loopDelay }: Pick<Instruments, 'loopDelay'>, now: () => number): () => void {
  let due = now() + EVERY_MS;
  const timer = setInterval(() => {
    const late = Math.max(0, now() - due);
    loopDelay.observe(late / 1000);
    due = now() + EVERY_MS;
  }, EVERY_MS);
  // A program that has nothing else to do ends all the same.
  timer.unref();
  return () => clearInterval(timer);
}
