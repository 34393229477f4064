import type { Courier } from './courier.ts';
import type { Ledger } from './ledger.ts';
import type { Log } from './options.ts';
import type { Random } from './random.ts';

/** What the simulator's parts are given instead of reaching for the clock, chance or the network themselves. */
export interface World {
  readonly now: () => number;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly courier: Courier;
  readonly log: Log;
}

/** A request that came through the size limit. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** In lower case, without parameters. */
  readonly contentType: string;
  readonly body: string;
  readonly params: readonly string[];
  readonly world: World;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly answer: (call: Call) => Promise<Response> | Response;
}
