import { readCount, readFlag } from './input.ts';
import { limits } from './options.ts';
import type { SendPlan } from './sender.ts';

/** What a person's form or a program's JSON gave, not yet looked at. */
export type Input = Readonly<Record<string, unknown>>;

/** How often and when a callback is to go out: options of every action that sends one. */
export function readPlan(input: Input): SendPlan {
  return {
    times: readCount(input, 'times', 1, limits.times, 1),
    parallel: readFlag(input, 'parallel', false),
    delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
  };
}
