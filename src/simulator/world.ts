import type { FaultKind, Faults } from './faults.ts';
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

/** A route of a gateway under the name that faults and the request log use. */
export interface Gateway {
  readonly name: string;
  /** The stand whose calls these are. */
  readonly stand: string;
  /** How ECPay answers there: `page` for the payer, `form` signed text, `sealed` a JSON envelope. */
  readonly shape?: 'page' | 'form' | 'sealed';
  /** Counts against the limit of queries. */
  readonly isQuery?: boolean;
  /** What can go wrong with it beside what can go wrong with every route. */
  readonly faults?: readonly FaultKind[];
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'GET POST';
  readonly path: RegExp;
  /** Set on the gateway's own routes: they are logged, limited, and may be told to fail. */
  readonly gateway?: Gateway;
  readonly answer: (call: Call) => Promise<Response> | Response;
}
