import { createServer, type Server, Socket } from 'node:net';

/** A way to a server that a test can cut, hold up and open again. */
export interface TcpProxy extends AsyncDisposable {
  /** The address given, by way of the proxy. */
  readonly url: string;
  /** Connections under way. */
  count(): number;
  /** Takes nothing further, either way, and says nothing: a network that swallows everything. */
  swallow(): void;
  /** Ends what there is, and takes no new connection. */
  refuse(): Promise<void>;
  /** Ends what there is; new connections are taken. */
  cut(): void;
  /** As at first. What was swallowed is lost for good: its connections stay silent. */
  restore(): Promise<void>;
  /** Goes on to another server from now on. */
  leadTo(url: string): void;
  /** Cuts every connection in the moment in which a client sends a text. */
  cutAt(text: string | null): void;
}

type Mode = 'open' | 'swallow';

export async function startTcpProxy(to: string): Promise<TcpProxy> {
  let target = new URL(to);
  let mode: Mode = 'open';
  let deadly: string | null = null;
  const pairs = new Set<() => void>();
  const server = createServer((near) => {
    const far = new Socket();
    const isMute = { value: mode === 'swallow' };
    const end = () => {
      pairs.delete(end);
      near.destroy();
      far.destroy();
    };
    pairs.add(end);
    const pass = (from: Socket, into: Socket) =>
      from
        .on('data', (bytes) => {
          if (mode === 'swallow') isMute.value = true;
          if (isMute.value) return;
          if (deadly !== null && from === near && bytes.includes(deadly)) {
            into.write(bytes, end);
            return;
          }
          into.write(bytes);
        })
        .on('error', () => {})
        .on('close', () => isMute.value || end());
    pass(near, far);
    pass(far, near);
    far.connect(Number(target.port), target.hostname);
  });
  const port = await listen(server, 0);
  const url = new URL(to);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  const cut = () => {
    for (const end of [...pairs]) end();
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    url: url.href,
    count: () => pairs.size,
    swallow() {
      mode = 'swallow';
    },
    refuse: close,
    cut,
    async restore() {
      mode = 'open';
      deadly = null;
      if (!server.listening) await listen(server, port);
    },
    leadTo(other) {
      target = new URL(other);
    },
    cutAt(text) {
      deadly = text;
    },
    [Symbol.asyncDispose]: () => (server.listening ? close() : Promise.resolve(cut())),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
