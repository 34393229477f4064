import { listen } from '../../src/cli/listen.ts';
import { LIMITS, type LimitName, type LimitTable } from '../../src/http/limits.ts';
import type { TestApp } from './app.ts';

type Left = Partial<Record<LimitName, number>>;

export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** The same program on sockets of its own, with limits that a test can reach. */
export function openSockets(app: () => TestApp) {
  const listeners: ReturnType<typeof listen>[] = [];

  /** `left`: how many of each class there are, a minute and a day; the other classes are as generous as ever. */
  const open = (left: Left, rateLimit: boolean, perDay: Left = {}): number => {
    const changed = Object.entries(left).map(([name, perMinute]) => {
      const day = perDay[name as LimitName];
      return [name, { ...LIMITS[name as LimitName], perMinute, ...(day === undefined ? {} : { perDay: day }) }];
    });
    const table = { ...LIMITS, ...Object.fromEntries(changed) } as LimitTable;
    const config = { ...app().deps.config, rateLimit };
    const ports = { limits: table, peerOf: (request: Request) => listener.peerOf(request) };
    const opened = app().createTwin(ports, config).open();
    const fetch = async (request: Request) => (await opened).handle(request);
    const listener = listen({ host: '127.0.0.1', port: 0, fetch });
    listeners.push(listener);
    return listener.port;
  };

  return {
    open,
    serve(left: Left = {}, rateLimit = true, perDay: Left = {}): Ask {
      const port = open(left, rateLimit, perDay);
      return (path, init = {}) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
    },
    close: () => Promise.all(listeners.map((listener) => listener.stop())),
  };
}

export function post(headers: Readonly<Record<string, string>>, body: object = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Path and query of a new payment's page. */
export async function makePage(app: TestApp, route = 'ecpay/aio', more: object = {}) {
  const { json } = await app.create(route, more);
  const { pathname: path, search: query } = new URL(String(json.data.payment_url));
  return { path, query };
}
