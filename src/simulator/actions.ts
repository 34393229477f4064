import { readCount, readFlag } from './input.ts';
import { limits } from './options.ts';
import type { SendPlan } from './sender.ts';

/** What a person's form or a program's JSON gave, not yet looked at. */
export type Input = Readonly<Record<string, unknown>>;

/** How often and when a callback is to go out. */
export function readPlan(input: Input): SendPlan {
  return {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}

/** The same where `callback` may say that none goes out: null. */
export function readTelling(input: Input): SendPlan | null {
  const plan = readPlan(input);
  return readFlag(input, 'callback', true) ? plan : null;
}
