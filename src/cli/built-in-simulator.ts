import { join } from 'node:path';
import type { Config } from '../config.ts';
import { MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Practice, PracticeState } from '../gateways/practice.ts';
import type { Log } from '../log.ts';
import { practiceAccount } from '../payments/projects/practice.ts';
import { createRateLimiter } from '../security/ratelimit.ts';
import type { Simulator } from '../simulator/index.ts';
import { type Bound, bind, PortTaken } from './bind.ts';
import { CommandFailure } from './failure.ts';

export interface BuiltInSimulator extends Practice {
  stop(): Promise<void>;
}

interface Parts extends Pick<Deps, 'store' | 'vault'> {
  readonly config: Config;
  /** PayCore's own, the only one that the simulator may tell anything. */
  readonly publicUrl: string;
  readonly log: Log;
  readonly now: () => number;
  /** PayCore itself. */
  readonly handle: (request: Request) => Promise<Response> | Response;
}

interface Running {
  readonly origin: string;
  readonly simulator: Simulator;
  readonly stop: () => Promise<void>;
}

const USUAL_PORT = 9090;
const VARIABLE = 'PAYCORE_SIMULATOR_PORT';
/** Of one address; a page of the simulator takes three. */
const REQUESTS = { limit: 300, windowMs: MINUTE };

/** Where the simulator is told of an account, for stands that do not take the first one that comes. */
const INTRODUCED_AT: Readonly<Record<string, string>> = {
  ecpay: '/simulator/accounts',
  smilepay: '/simulator/smilepay/merchants',
  stripe: '/simulator/stripe/accounts',
  plus: '/simulator/plus/accounts',
};

/**
 * The simulator that `serve` runs while a project practises, on a port of its own. Payers' browsers get no more of it than
 * the pages on which one pays; PayCore's calls to it and its callbacks do not leave this process, and it calls nobody else.
 */
export function createBuiltInSimulator(parts: Parts): BuiltInSimulator {
  const { store, log } = parts;
  let running: Running | null = null;
  let told = '';
  let last: Promise<PracticeState> = Promise.resolve({ state: 'off' });

  const open = async (): Promise<PracticeState> => {
    try {
      running = await start(parts);
      log.info('the simulator runs, for test payments of projects that practise', { origin: running.origin });
      told = '';
      return { state: 'on', origin: running.origin };
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      if (told !== error.message) log.warn('the simulator cannot run', { problem: error.message });
      told = error.message;
      return { state: 'failed', reason: error instanceof Unreachable ? 'https' : 'port', problem: error.message };
    }
  };
  const close = async (): Promise<PracticeState> => {
    const before = running;
    running = null;
    if (before) {
      await before.stop();
      log.info('the simulator has stopped: no project practises');
    }
    return { state: 'off' };
  };
  const settleOnce = async (): Promise<PracticeState> => {
    if (!(await store.hasPractice())) return close();
    return running ? { state: 'on', origin: running.origin } : open();
  };

  return {
    origin: () => running?.origin ?? null,
    answer: async (request) => running?.simulator.fetch(request) ?? new Response(null, { status: 503 }),
    settle() {
      last = last.then(settleOnce, settleOnce);
      return last;
    },
    async stop() {
      await last.catch(() => undefined);
      await running?.stop();
      running = null;
    },
  };
}

async function start(parts: Parts): Promise<Running> {
  const { config, log, now } = parts;
  requireReachable(parts);
  const { createSimulator, forPayers } = await import('../simulator/index.ts');
  const simulator = createSimulator({
    now,
    accounts: [],
    isPublic: true,
    home: () => ({ payments: parts.publicUrl }),
    dataFile: join(config.dataDir, 'simulator.jsonl'),
    fetch: callHome(parts),
  });
  const limiter = createRateLimiter({ ...REQUESTS, now });
  let answer: ((request: Request) => Promise<Response>) | null = null;
  const serve = (request: Request): Promise<Response> | Response => {
    const peer = bound?.listener.peerOf(request) ?? 'unknown';
    if (config.rateLimit && !limiter.take(peer).allowed) return new Response('Too many requests', { status: 429 });
    return answer?.(request) ?? new Response(null, { status: 503 });
  };
  let bound: Bound | null = null;
  try {
    bound = await bindAnywhere(config, serve);
  } catch (error) {
    simulator.stop();
    throw error;
  }
  const { listener, watch } = bound;
  const certificate = watch?.({ log, now });
  const origin = originOf(parts, listener.port);
  await introduceAccounts(parts, simulator, origin);
  answer = forPayers(simulator.fetch, origin);
  return {
    origin,
    simulator,
    async stop() {
      certificate?.stop();
      simulator.stop();
      await listener.stop();
    },
  };
}

class Unreachable extends CommandFailure {}

/** A page over https can lead to another port of the same host only over https too, and this one speaks http. */
function requireReachable({ config, publicUrl }: Parts): void {
  if (config.simulatorUrl !== null || config.tls !== null || !publicUrl.startsWith('https:')) return;
  const port = config.simulatorPort ?? USUAL_PORT;
  throw new Unreachable(
    `Payers reach PayCore by https, through your proxy: let another address of it lead to port ${port}, and set ` +
      `PAYCORE_SIMULATOR_URL to that, e.g. PAYCORE_SIMULATOR_URL=https://practice.example.com.`,
  );
}

/** The port that was asked for; without that the usual one, or any. */
async function bindAnywhere(config: Config, serve: (request: Request) => Promise<Response> | Response): Promise<Bound> {
  const port = config.simulatorPort ?? USUAL_PORT;
  try {
    return await bind(config, port, serve, VARIABLE);
  } catch (error) {
    if (config.simulatorPort !== null || !(error instanceof PortTaken)) throw error;
    return bind(config, 0, serve, VARIABLE);
  }
}

function originOf({ config, publicUrl }: Parts, port: number): string {
  if (config.simulatorUrl !== null) return config.simulatorUrl;
  const url = new URL(publicUrl);
  url.port = String(port);
  return url.origin;
}

async function introduceAccounts(parts: Parts, simulator: Simulator, origin: string): Promise<void> {
  for (const [gateway, path] of Object.entries(INTRODUCED_AT)) {
    const webhook_url = `${parts.publicUrl}/api/paycore/webhooks/${gateway}`;
    const body = JSON.stringify({ ...practiceAccount(parts, gateway), webhook_url });
    const headers = { 'content-type': 'application/json' };
    const response = await simulator.fetch(new Request(origin + path, { method: 'POST', headers, body }));
    if (!response.ok) throw new Error(`the simulator refused its account of ${gateway}: ${await response.text()}`);
  }
}

/** Callbacks go to PayCore without the network; whatever other address an order names is not called. */
function callHome({ publicUrl, handle }: Parts): typeof fetch {
  const send = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { origin, pathname } = new URL(String(input));
    if (origin === publicUrl && pathname.startsWith('/api/paycore/webhooks/')) {
      return handle(new Request(String(input), init));
    }
    throw new Error('the simulator tells PayCore only');
  };
  return Object.assign(send, { preconnect: () => undefined });
}
