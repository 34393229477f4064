import { connect, createServer, type Socket } from 'node:net';
import { type Listener, type ListenOptions, listen } from './listen.ts';

/**
 * The socket with TLS. Bun takes a certificate only when a server starts, and a server that stops cuts the connections that
 * are idle or still shaking hands. So what listens outside knows nothing of TLS and stays for good: it passes bytes on to a
 * server on a port of the loopback, and a renewed certificate is a new server for new connections. Those that are open keep
 * the old one until they end.
 */
export interface TlsListener extends Listener {
  /** New connections get this certificate. */
  renew(tls: Tls): void;
  /** Where the server behind listens; it refuses whoever comes to it directly. */
  readonly innerPort: number;
}

interface Tls {
  readonly cert: string;
  readonly key: string;
}

interface Inner {
  readonly listener: Listener;
  connections: number;
}

const LOOPBACK = '127.0.0.1';

/** Throws what the system says; EADDRINUSE when the port is taken. */
export async function listenTls(options: ListenOptions & { readonly tls: Tls }): Promise<TlsListener> {
  const servers = createServers(options);
  const open = new Set<Promise<void>>();
  const front = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const { remoteAddress: address, remotePort } = client;
    // Gone before it was here.
    if (address === undefined || remotePort === undefined) return void client.destroy();
    const { port, release } = servers.take();
    const passed = passOn(client, { address, port: remotePort }, port, servers.callers).then(() => {
      open.delete(passed);
      release();
    });
    open.add(passed);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      front.once('error', reject).listen({ host: options.host, port: options.port, exclusive: true }, resolve);
    });
  } catch (error) {
    await servers.stop();
    throw error;
  }
  const address = front.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    get innerPort() {
      return servers.port();
    },
    endOf: servers.callerOf,
    peerOf: (request) => servers.callerOf(request)?.address ?? null,
    renew: servers.renew,
    async stop() {
      front.close();
      await servers.stop();
      // The last bytes are still on their way; who never said a word is not waited for.
      await Promise.race([Promise.all(open), Bun.sleep(FLUSH_MS)]);
    },
  };
}

interface Caller {
  readonly address: string;
  readonly port: number;
}

/** The servers behind: one for new connections, and those of earlier certificates that still have some. */
function createServers({ fetch, tls }: ListenOptions & { readonly tls: Tls }) {
  /** Who called, by the port from which the call is passed on. */
  const callers = new Map<number, Caller>();
  const known = new WeakMap<Request, Caller>();

  const start = ({ cert, key }: Tls): Inner => {
    const listener = listen({
      ...{ host: LOOPBACK, port: 0, tls: { cert, key } },
      fetch(request) {
        const caller = callers.get(listener.endOf(request)?.port ?? 0);
        // Else whoever is on this machine would pass for it, which may be a trusted proxy.
        if (!caller) return new Response(null, { status: 403 });
        known.set(request, caller);
        return fetch(request);
      },
    });
    return { listener, connections: 0 };
  };

  let current = start(tls);
  const serving = new Set([current]);
  const endUnused = (inner: Inner): void => {
    if (inner === current || inner.connections > 0 || !serving.delete(inner)) return;
    void inner.listener.stop();
  };

  return {
    callers,
    callerOf: (request: Request) => known.get(request) ?? null,
    port: () => current.listener.port,
    /** For one connection, to be released when that has ended. */
    take() {
      const inner = current;
      inner.connections += 1;
      const release = (): void => {
        inner.connections -= 1;
        endUnused(inner);
      };
      return { port: inner.listener.port, release };
    },
    renew(renewed: Tls): void {
      const before = current;
      current = start(renewed);
      serving.add(current);
      endUnused(before);
    },
    stop: () => Promise.all([...serving].map(({ listener }) => listener.stop())),
  };
}

const FLUSH_MS = 1000;
/** A little longer than the server behind waits, which knows of no connection before hands are shaken. */
const SILENCE_MS = 150_000;
/** How long a caller may hold a connection that has ended on our side. */
const LINGER_MS = 10_000;

/** Bytes both ways. Resolves when both sides are through: the caller has all that was for him, or is gone. */
function passOn(client: Socket, caller: Caller, port: number, callers: Map<number, Caller>): Promise<void> {
  const inner = connect({ host: LOOPBACK, port, allowHalfOpen: true, noDelay: true });
  let from = 0;
  inner.once('connect', () => {
    from = inner.localPort ?? 0;
    callers.set(from, caller);
  });
  client.setTimeout(SILENCE_MS, () => client.destroy());
  client.pipe(inner).pipe(client);
  // What went wrong on one side is the end of the other; who called tries again.
  client.on('error', () => inner.destroy()).once('close', () => inner.destroy());
  inner.on('error', () => inner.destroy());
  return new Promise((resolve) => {
    inner.once('close', () => {
      callers.delete(from);
      if (client.destroyed || client.writableFinished) return resolve();
      client.once('finish', resolve).once('close', resolve);
      client.setTimeout(LINGER_MS, () => client.destroy());
      client.end();
    });
  });
}
