/** One request a stand-in received. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that keeps what it receives; `answer` may be set, null hands the request on. */
export interface StandIn {
  readonly url: string;
  readonly received: Received[];
  answer: ((request: Received) => Response | null | Promise<Response | null>) | null;
  /** The clock that it tells in its answers, unless one brings a date of its own. */
  now: () => number;
  stop(): Promise<void>;
}

export type Fetch = (request: Request) => Response | Promise<Response>;

export function startStandIn(
  fallback: Fetch = () => new Response(null, { status: 204 }),
  now: () => number = Date.now,
): StandIn {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 120,
    fetch: async (request) => {
      const body = await request.clone().text();
      const seen = { path: new URL(request.url).pathname, headers: Object.fromEntries(request.headers), body };
      standIn.received.push(seen);
      const response = (await standIn.answer?.(seen)) ?? (await fallback(request));
      if (!response.headers.has('date')) response.headers.set('date', new Date(standIn.now()).toUTCString());
      return response;
    },
  });
  const standIn: StandIn = {
    url: `http://127.0.0.1:${server.port}`,
    received: [],
    answer: null,
    now,
    stop: () => server.stop(true),
  };
  return standIn;
}
