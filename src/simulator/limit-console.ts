import { answerJson } from './http.ts';
import { readCount, readInput } from './input.ts';
import { route } from './route.ts';
import type { Call, Route } from './world.ts';

const QUERIES_CAP = 100_000;
const DAY_S = 24 * 3600;

function showLimits({ world }: Call): Response {
  const { limiter, now } = world;
  const resting = limiter.resting(now());
  return answerJson({
    queries_per_minute: limiter.limit.queriesPerMinute,
    rest_seconds: limiter.limit.restSeconds,
    resting: resting.map(([merchant_id, until]) => ({ merchant_id, until: new Date(until).toISOString() })),
  });
}

function changeLimits(call: Call): Response {
  const input = readInput(call);
  const { limiter } = call.world;
  limiter.change({
    queriesPerMinute: readCount(input, 'queries_per_minute', 0, QUERIES_CAP, limiter.limit.queriesPerMinute),
    restSeconds: readCount(input, 'rest_seconds', 1, DAY_S, limiter.limit.restSeconds),
  });
  return showLimits(call);
}

export const limitConsole: readonly Route[] = [
  route('GET', '/simulator/limits', showLimits),
  route('POST', '/simulator/limits', changeLimits),
];
