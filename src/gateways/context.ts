import type { Environment } from '../core/payment.ts';
import type { GatewayHttp } from './http.ts';

export type Secrets = Readonly<Record<string, string>>;

/** What a driver is given beside what it is asked. */
export interface GatewayContext {
  readonly http: GatewayHttp;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Origin of one of the gateway's services, overrides applied. */
  originOf(service: string, environment: Environment): string;
  /** What a driver keeps between calls, e.g. access tokens; gone after a restart. Keys start with the gateway's id. */
  readonly memory: Map<string, unknown>;
  /** What the operator chose, by the names of the driver's `settings`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names and proves this attempt in an address that the gateway is given. */
  readonly callbackToken: string;
  /** Addresses of ours that the gateway is given. */
  readonly urls: {
    readonly callback: string;
    readonly page: string;
    readonly browserReturn: string;
  };
}
