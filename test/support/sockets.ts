import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server of bare sockets, for answers that are none. */
export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Each chunk that arrived, which for small requests is one request. */
  readonly requests: string[];
  connections: number;
  close(): void;
}

export async function listenRaw(
  answer: (socket: Socket, text: string, raw: RawServer) => void = () => {},
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    raw.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      raw.requests.push(String(chunk));
      answer(socket, String(chunk), raw);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const raw: RawServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    connections: 0,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return raw;
}

/** Writes so, and then a letter every now and then for as long as somebody reads. */
export function trickle(socket: Socket, start: string, more = 'a', everyMs = 20): void {
  socket.write(start);
  const timer = setInterval(() => socket.write(more), everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** Runs it with HTTP_PROXY set. */
export async function withProxy(url: string, run: () => Promise<void>): Promise<void> {
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = url;
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
  }
}
