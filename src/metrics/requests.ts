import type { Instruments } from './instruments.ts';
import { createRouteFinder, type Route } from './routes.ts';

type Handle = (request: Request) => Response | Promise<Response>;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
const CLASSES: readonly string[] = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'];

/** Counts what is answered, and how long it took. */
export function watchRequests(
  { requests, requestTime }: Pick<Instruments, 'requests' | 'requestTime'>,
  routes: readonly Route[],
  now: () => number,
): (handle: Handle) => Handle {
  const findRoute = createRouteFinder(routes);

  const note = (request: Request, status: number, began: number): void => {
    const route = findRoute(pathOf(request.url));
    const method = METHODS.has(request.method) ? request.method : 'other';
    requests.inc({ route, method, status: CLASSES[Math.trunc(status / 100)] ?? 'other' });
    requestTime.observe({ route }, (now() - began) / 1000);
  };

  return (handle) => (request) => {
    const began = now();
    const answer = handle(request);
    if (answer instanceof Promise) {
      const fail = () => note(request, 500, began);
      answer.then(({ status }) => note(request, status, began), fail);
    } else note(request, answer.status, began);
    return answer;
  };
}

/** Read when the request has been answered: by then its address is one of ours, whatever host it named. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const end = url.indexOf('?', start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
}
