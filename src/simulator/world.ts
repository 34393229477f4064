import type { Faults, Gateway } from './faults.ts';
import type { Limiter } from './limiter.ts';
import type { Home, Log, SimulatorAccount } from './options.ts';
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
  /** Strangers may see its pages: they get those on which one pays. */
  readonly isPublic: boolean;
  readonly home: () => Home;
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

/** Whom a call is from and which order it is about, as far as it tells without being checked; '' for what it does not. */
export interface Caller {
  readonly merchantId: string;
  readonly orderNo: string;
  /** Whether its queries count against the limit. */
  readonly isKnown?: boolean;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'GET POST';
  readonly path: RegExp;
  /** Set on the gateway's own routes: they are logged, limited, and may be told to fail. */
  readonly gateway?: Gateway;
  readonly answer: (call: Call) => Promise<Response> | Response;
}
