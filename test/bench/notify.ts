import { CALLBACK_PATH, callbackJob, paidBody, type Stage } from './callbacks.ts';
import { load } from './servers.ts';

/** What one shop that answers hears while callbacks about its payments come in as fast as they can. */
export interface Notified {
  readonly callbacks: number;
  /** How long the callbacks took. */
  readonly rushSeconds: number;
  readonly heardInRush: number;
  /** Until the shop knew all, from the first callback on; null when it did not within the limit. */
  readonly allSeconds: number | null;
  /** Heard a second during the rush. */
  readonly rushRate: number;
  /** Heard a second from the first callback to the last notification. */
  readonly rate: number;
}

const IN_FLIGHT = 32;
const LIMIT_MS = 60_000;

export async function measureNotifications({ installation, shops, pools }: Stage, count: number): Promise<Notified> {
  const bodies = pools.answers.take('random', count).map(paidBody);
  const { port } = installation.paycore;
  const before = shops.answers.heard();
  const heard = () => shops.answers.heard() - before;
  const { seconds: rushSeconds } = await load(callbackJob({ port, path: CALLBACK_PATH, inFlight: IN_FLIGHT }, bodies));
  // The load generator has ended a moment later than its last answer; what was heard in it is a rounding error.
  const ended = performance.now();
  const heardInRush = heard();
  while (heard() < count && performance.now() - ended < LIMIT_MS) await Bun.sleep(5);
  const seconds = rushSeconds + (performance.now() - ended) / 1000;
  return {
    callbacks: count,
    rushSeconds,
    heardInRush,
    allSeconds: heard() >= count ? seconds : null,
    rushRate: heardInRush / rushSeconds,
    rate: heard() / seconds,
  };
}
