/**
 * What stands before several nodes: each request goes to the next one in turn, and to another when that one takes no
 * connection. What was sent once is never sent again: nobody knows what became of it.
 */
export interface RoundRobin {
  readonly url: string;
  /** Where the nodes are, from now on. */
  lead(urls: readonly string[]): void;
  /** Requests that a node took and did not answer. */
  broken(): number;
  stop(): void;
}

/** The answer in place of one that a node did not give any more. */
export const BROKEN = 'the node went away before it answered';
const NOBODY = 'no node takes connections';

/** Headers of one connection, not of what is told over it. */
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];

export function openProxy(): RoundRobin {
  let urls: readonly string[] = [];
  let turn = 0;
  let broken = 0;

  const send = async (request: Request, body: ArrayBuffer | null, address: string): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set('x-forwarded-for', address);
    headers.set('connection', 'close');
    turn += 1;
    const first = turn;
    for (let tried = 0; tried < urls.length; tried += 1) {
      const node = urls[(first + tried) % urls.length] ?? '';
      try {
        return await pass(`${node}${pathname}${search}`, { method: request.method, headers, body });
      } catch (error) {
        if (isRefused(error)) continue;
        broken += 1;
        return new Response(BROKEN, { status: 502 });
      }
    }
    return new Response(NOBODY, { status: 503 });
  };

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 120,
    async fetch(request, self): Promise<Response> {
      const body = request.body === null ? null : await request.arrayBuffer();
      return send(request, body, self.requestIP(request)?.address ?? '127.0.0.1');
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    lead: (nodes) => {
      urls = nodes;
    },
    broken: () => broken,
    stop: () => void server.stop(true),
  };
}

type Passed = Pick<RequestInit, 'method' | 'headers' | 'body'>;

/** Over a connection of its own: on a kept one that has just closed, the client itself would send once more. */
async function pass(url: string, init: Passed): Promise<Response> {
  const response = await fetch(url, {
    ...init,
    redirect: 'manual',
    keepalive: false,
    decompress: false,
    signal: AbortSignal.timeout(90_000),
  });
  const body = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  for (const name of OF_CONNECTION) headers.delete(name);
  const isEmpty = body.byteLength === 0;
  return new Response(isEmpty ? null : body, { status: response.status, headers });
}

const isRefused = (error: unknown): boolean =>
  ['ConnectionRefused', 'ECONNREFUSED'].includes(String((error as { code?: unknown }).code));
