import type { Faults } from './faults.ts';
import type { Gateway } from './gateways.ts';
import type { Limiter } from './limiter.ts';
import type { Log, SimulatorAccount } from './options.ts';
import type { Pause } from './pause.ts';
import type { Random } from './random.ts';
import type { RequestLog } from './request-log.ts';
import type { Sender } from './sender.ts';
import type { Shelves } from './shelves.ts';

/** What the simulator's parts are given instead of reaching for the clock, chance or the network themselves. */
export interface World {
  readonly now: () => number;
  readonly random: Random;
  /** Accounts of ECPay that are known from the start. */
  readonly accounts: readonly SimulatorAccount[];
  readonly faults: Faults;
  readonly limiter: Limiter;
  readonly requests: RequestLog;
  readonly pause: Pause;
  /** Everything the stands keep. */
  readonly shelves: Shelves;
  readonly sender: Sender;
  /** Breaks a connection where the server can do that. */
  readonly abort: (request: Request) => void;
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
  readonly method: 'GET' | 'POST' | 'DELETE' | 'GET POST';
  readonly path: RegExp;
  /** Set on the gateway's own routes: they are logged, limited, and may be told to fail. */
  readonly gateway?: Gateway;
  readonly answer: (call: Call) => Promise<Response> | Response;
}
