import ipaddr from 'ipaddr.js';

/** The socket. Everything behind `fetch` is web-standard code. */
export interface Listener {
  readonly port: number;
  /** Address of the peer of a request, null when it is gone already. */
  peerOf(request: Request): string | null;
  /** The same with its port, which tells one connection from another. */
  endOf(request: Request): { readonly address: string; readonly port: number } | null;
  /** Stops accepting and waits for what is under way. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly fetch: (request: Request) => Promise<Response> | Response;
}

/**
 * Bun answers a body over its own limit with an empty 413; set far above ours, ours answers in the API's shape. A call
 * may wait 40 s for a gateway, so an idle connection lives longer than that.
 */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const IDLE_SECONDS = 120;

/** `0.0.0.0`, `::` and their other spellings: every address of the machine. */
export function isEveryAddress(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'unspecified';
}

/** Where a browser on this machine finds what listens there. */
export function urlOf(host: string, port: number, isTls = false): string {
  return `${isTls ? 'https' : 'http'}://${hostOf(host)}:${port}`;
}

function hostOf(host: string): string {
  const isIpv6 = host.includes(':');
  // Nobody can open "every address". A name covers both families, and an IPv4 socket has only one.
  if (isEveryAddress(host)) return isIpv6 ? 'localhost' : '127.0.0.1';
  return isIpv6 ? `[${host}]` : host;
}

/** Throws what Bun throws; EADDRINUSE when the port is taken. */
export function listen(options: ListenOptions): Listener {
  const server = Bun.serve({
    hostname: options.host,
    port: options.port,
    maxRequestBodySize: MAX_BODY_BYTES,
    idleTimeout: IDLE_SECONDS,
    development: false,
    // Without `development` Bun shares the port: a second server would start and take half of the connections.
    reusePort: false,
    ...(options.tls ? { tls: options.tls } : {}),
    fetch: options.fetch,
  });
  return {
    port: server.port ?? options.port,
    endOf: (request) => server.requestIP(request),
    peerOf: (request) => server.requestIP(request)?.address ?? null,
    stop: () => server.stop(),
  };
}
