import { SECOND } from '../core/time.ts';
import { VERSION } from '../core/version.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { GatewayHttp } from '../gateways/http.ts';
import type { Services } from '../payments/index.ts';
import type { Engine } from '../store/engines/engine.ts';
import type { Store } from '../store/store.ts';
import { watchCallbacks, watchGatewayHttp } from './gateways.ts';
import { createInstruments } from './instruments.ts';
import { watchLoop } from './loop.ts';
import { createReadings, type Sources } from './readings.ts';
import { watchRequests } from './requests.ts';
import type { Route } from './routes.ts';
import { watchEngine, watchStore } from './store.ts';

type Handle = (request: Request) => Response | Promise<Response>;

/**
 * Figures about one program for Prometheus. They are taken where the program is wired, around its ports: no use case knows
 * that it is counted, and a program without them is the program without a word of this.
 */
export interface Metrics {
  watchEngine(engine: Engine): Engine;
  watchStore(store: Store): Store;
  watchHttp(http: GatewayHttp, gateways: readonly Pick<Gateway, 'id'>[]): GatewayHttp;
  watchCallbacks(receive: Services['receiveCallback']): Services['receiveCallback'];
  watchRequests(handle: Handle, routes: readonly Route[]): Handle;
  /** Where to look for what is not counted as it happens. */
  begin(sources: Sources): void;
  /** Everything as Prometheus takes it. */
  read(): Promise<string>;
  stop(): void;
}

export function createMetrics(now: () => number = () => performance.now()): Metrics {
  const { registry, instruments } = createInstruments();
  let refresh = async (): Promise<void> => {};
  let endLoop = () => {};
  instruments.startTime.set(Date.now() / SECOND - process.uptime());
  return {
    watchEngine(engine) {
      instruments.info.set({ version: VERSION, engine: engine.name }, 1);
      return watchEngine(instruments, engine, now);
    },
    watchStore: (store) => watchStore(instruments, store),
    watchHttp: (http, gateways) => watchGatewayHttp(instruments, http, gateways, now),
    watchCallbacks: (receive) => watchCallbacks(instruments, receive),
    watchRequests: (handle, routes) => watchRequests(instruments, routes, now)(handle),
    begin(sources) {
      refresh = createReadings(instruments, sources);
      endLoop = watchLoop(instruments, now);
    },
    async read() {
      await refresh();
      return registry.metrics();
    },
    stop: () => endLoop(),
  };
}
