import type { Config } from './config.ts';
import type { Random } from './core/ids.ts';
import type { Clock } from './core/time.ts';
import type { GatewayHttp } from './gateways/http.ts';
import type { Practice } from './gateways/practice.ts';
import type { Gateways } from './gateways/registry.ts';
import type { Log } from './log.ts';
import type { Vault } from './security/vault.ts';
import type { Store } from './store/store.ts';

/** What the program is made of, wired once; every function takes the narrowest part it needs. */
export interface Deps {
  readonly config: Config;
  /** Origin that payers and gateways see. */
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Log;
  readonly store: Store;
  readonly vault: Vault;
  readonly gateways: Gateways;
  readonly http: GatewayHttp;
  /** The built-in simulator. */
  readonly practice: Practice;
  /** What drivers keep between calls. */
  readonly gatewayMemory: Map<string, unknown>;
  /** How far our clock is ahead of a gateway's, milliseconds; null while it is right. */
  readonly clockSkew: () => number | null;
  /** Names this process: what another one left half done may be taken over. */
  readonly processId: string;
  /** What people call it: host and port. */
  readonly nodeName: string;
  /** Work may have become due. */
  readonly wake: () => void;
  /** Figures for Prometheus; null: nothing is counted. */
  readonly readMetrics: (() => Promise<string>) | null;
  /** Address of the peer of a request, or null when there is no connection (tests). */
  readonly peerOf: (request: Request) => string | null;
}
