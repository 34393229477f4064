import { randomBytes } from 'node:crypto';
import { assetRoutes } from './assets.ts';
import { consoleRoutes } from './console.ts';
import { faultConsole } from './fault-console.ts';
import { Faults } from './faults.ts';
import { passGate } from './gate.ts';
import { ActionError, answerJson, answerPage, contentTypeOf, readBody } from './http.ts';
import { limitConsole } from './limit-console.ts';
import { Limiter, standardLimit } from './limiter.ts';
import { type Simulator, type SimulatorOptions, stageAccounts } from './options.ts';
import { messagePage } from './pages/layout.tsx';
import { createPause } from './pause.ts';
import { requestConsole } from './request-console.ts';
import { RequestLog } from './request-log.ts';
import { Sender } from './sender.ts';
import { Shelves } from './shelves.ts';
import { findStand, stands } from './stands.ts';
import type { Route, World } from './world.ts';

const standards = { ...standardLimit, retrySeconds: 5 };
const routes: readonly Route[] = [
  ...stands.flatMap((stand) => stand.routes),
  ...assetRoutes,
  ...faultConsole,
  ...limitConsole,
  ...requestConsole,
  ...consoleRoutes,
];

/** A timer that does not keep a finished program alive. */
function setQuietTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  timer.unref?.();
  return () => clearTimeout(timer);
}

function openWorld(options: SimulatorOptions, stopped: AbortSignal): World {
  const { now = Date.now, log = () => {}, abort = () => {}, setTimer = setQuietTimer } = options;
  const { random = (bytes) => new Uint8Array(randomBytes(bytes)), accounts = stageAccounts } = options;
  const { queriesPerMinute, restSeconds, retrySeconds } = { ...standards, ...options };
  const shelves = new Shelves(options.dataFile);
  const sending = { now, shelves, log, setTimer, fetch: options.fetch ?? fetch, retryMs: retrySeconds * 1000 };
  return {
    now,
    random,
    accounts,
    faults: new Faults(),
    limiter: new Limiter({ queriesPerMinute, restSeconds }),
    requests: new RequestLog(),
    pause: createPause(setTimer, stopped),
    shelves,
    sender: new Sender(sending),
    abort,
    log,
    isPublic: options.isPublic ?? false,
    home: options.home ?? (() => ({})),
  };
}

async function dispatch(request: Request, world: World): Promise<Response> {
  // Its own origin is where it sends payers, so a Host that is none cannot be passed over.
  if (!URL.canParse(request.url)) throw new ActionError(400, 'HOST_INVALID', 'The Host header must name this host.');
  const url = new URL(request.url);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const matches = routes.flatMap((route) => {
    const found = route.path.exec(url.pathname);
    return found ? [{ route, params: found.slice(1) }] : [];
  });
  if (matches.length === 0) throw new ActionError(404, 'NOT_FOUND', `No ${url.pathname} here.`);
  const match = matches.find(({ route }) => route.method.split(' ').includes(method));
  if (!match) throw new ActionError(405, 'METHOD_NOT_ALLOWED', `${request.method} is not possible here.`);
  // Before the body: Bun forgets the type it derived from a URLSearchParams body once that is read.
  const contentType = contentTypeOf(request);
  const body = method === 'POST' ? await readBody(request) : '';
  const call = { request, url, contentType, body, params: match.params, world };
  return match.route.gateway ? passGate(call, match.route, match.route.gateway) : match.route.answer(call);
}

/** A browser is told in a page, a program in JSON. */
function answerFailure(request: Request, error: unknown, world: World): Response {
  const known = error instanceof ActionError ? error : null;
  if (!known) world.log({ event: 'simulator.error', message: error instanceof Error ? error.message : String(error) });
  const { status, code, message } = known ?? { status: 500, code: 'INTERNAL', message: 'The simulator failed.' };
  const isBrowser = (request.headers.get('accept') ?? '').includes('text/html');
  return isBrowser
    ? answerPage(messagePage('That did not work', message), status)
    : answerJson({ error: { code, message } }, status);
}

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const stopped = new AbortController();
  const world = openWorld(options, stopped.signal);
  world.sender.resume((saved) => findStand(saved.stand).restore?.(world, saved) ?? null);
  return {
    fetch: async (request) => {
      try {
        return await dispatch(request, world);
      } catch (error) {
        return answerFailure(request, error, world);
      }
    },
    stop: () => {
      stopped.abort();
      world.sender.stop();
    },
  };
}
