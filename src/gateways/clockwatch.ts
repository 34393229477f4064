import type { Log } from '../log.ts';
import type { GatewayHttp, GatewayResponse } from './http.ts';

/**
 * Watches how far our clock is from the gateways': they refuse what is stamped minutes off, and nobody finds that out
 * from the refusal. The `Date` header is accurate to a second and may be a cache's, hence the wide margin.
 */
const TOLERANCE_MS = 60_000;

export interface ClockWatch {
  readonly http: GatewayHttp;
  /** How far ahead of the last gateway we are, milliseconds; null while it is within a minute or unknown. */
  skewMs(): number | null;
}

export function watchClock(http: GatewayHttp, deps: { readonly now: () => number; readonly log: Log }): ClockWatch {
  let skew: number | null = null;

  const observe = (response: GatewayResponse): GatewayResponse => {
    if (response.date === null) return response;
    const ahead = deps.now() - response.date;
    const before = skew;
    skew = Math.abs(ahead) > TOLERANCE_MS + response.elapsedMs ? ahead : null;
    if (skew !== null && before === null) {
      deps.log.warn('this machine’s clock differs from the gateway’s; set it right (NTP), or calls will be refused', {
        seconds_ahead: Math.round(ahead / 1000),
      });
    }
    return response;
  };

  return {
    http: {
      get: async (url, options) => observe(await http.get(url, options)),
      post: async (url, options) => observe(await http.post(url, options)),
    },
    skewMs: () => skew,
  };
}
