import type { Clock } from '../core/time.ts';
import type { Log } from '../log.ts';
import type { GatewayHttp, GatewayResponse } from './http.ts';

/**
 * Watches how far our clock is from the gateways': they refuse what is stamped minutes off, and nobody finds that out
 * from the refusal. The `Date` header is accurate to a second and may be a cache's, hence the wide margin.
 */
const TOLERANCE_MS = 60_000;

export interface ClockWatch {
  readonly http: GatewayHttp;
  /**
   * How far ahead of the last gateway that told its time we are, milliseconds; null while it is within a minute or unknown.
   * What is known is this process's own, and gone with it.
   */
  skewMs(): number | null;
}

export function watchClock(http: GatewayHttp, deps: { readonly clock: Clock; readonly log: Log }): ClockWatch {
  const { clock, log } = deps;
  /** What was seen last: by how much we were ahead, and where our two clocks stood then. */
  let seen: { readonly skew: number | null; readonly offset: number } | null = null;
  const readOffset = () => clock.now() - clock.elapsed();

  const observe = (response: GatewayResponse): GatewayResponse => {
    if (response.date === null) return response;
    const ahead = clock.now() - response.date;
    const isWarned = seen?.skew != null;
    const isOff = Math.abs(ahead) > TOLERANCE_MS + response.elapsedMs;
    seen = { skew: isOff ? ahead : null, offset: readOffset() };
    if (isOff && !isWarned) {
      log.warn('this machine’s clock differs from the gateway’s; set it right (NTP), or calls will be refused', {
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
    skewMs() {
      if (!seen) return null;
      // Whoever sets our clock moves it against the gateways' by as much.
      const skew = (seen.skew ?? 0) + readOffset() - seen.offset;
      return Math.abs(skew) > TOLERANCE_MS ? skew : null;
    },
  };
}

/** The same calls, and what the gateway's clock said with the last answer; null: nothing. */
export function noteDates(http: GatewayHttp): { readonly http: GatewayHttp; newest(): number | null } {
  let newest: number | null = null;
  const note = (response: GatewayResponse): GatewayResponse => {
    newest = response.date ?? newest;
    return response;
  };
  return {
    http: {
      get: async (url, options) => note(await http.get(url, options)),
      post: async (url, options) => note(await http.post(url, options)),
    },
    newest: () => newest,
  };
}
