import ipaddr from 'ipaddr.js';
import type { Deps } from '../deps.ts';
import { isInRanges } from '../security/addresses.ts';

/**
 * The client's address. `X-Forwarded-For` counts only from a trusted proxy, and then only as far back as the proxies are
 * trusted: everything before that, the client may have written itself.
 */
export function createAddressReader(deps: Pick<Deps, 'config' | 'log' | 'peerOf'>): (request: Request) => string {
  let warned = false;
  return (request) => {
    const peer = deps.peerOf(request);
    if (peer === null) return 'unknown';
    const forwarded = request.headers.get('x-forwarded-for');
    if (forwarded === null) return peer;
    if (!isInRanges(peer, deps.config.trustedProxies)) {
      if (!warned) {
        deps.log.warn(
          'a forwarding header came from an untrusted address; set PAYCORE_TRUSTED_PROXIES if that is your proxy',
          { address: peer },
        );
      }
      warned = true;
      return peer;
    }
    return findClient(forwarded, peer, deps.config.trustedProxies);
  };
}

function findClient(forwarded: string, peer: string, trusted: readonly string[]): string {
  const hops = forwarded
    .split(',')
    .map((hop) => hop.trim().replace(PORT, '$1$2'))
    .filter((hop) => hop !== '')
    .slice(-20)
    .reverse();
  const client = hops.find((hop) => !isInRanges(hop, trusted));
  // A proxy that writes no address passes on what somebody made up.
  return client !== undefined && ipaddr.isValid(client) ? client : peer;
}

/** Some proxies write the client's port behind its address: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
const PORT = /^(?:\[(.*)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/;

/** The query of a request's address, as it came. */
export function queryOf(request: Request): URLSearchParams {
  return new URL(request.url).searchParams;
}
