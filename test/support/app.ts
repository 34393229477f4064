import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendParts } from '../../src/alerts/send.ts';
import { type Listener, listen } from '../../src/cli/listen.ts';
import type { Config } from '../../src/config.ts';
import type { Random } from '../../src/core/ids.ts';
import type { Gateway } from '../../src/gateways/gateway.ts';
import { createGatewayHttp, type GatewayHttp } from '../../src/gateways/http.ts';
import type { Job } from '../../src/jobs/job.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics/index.ts';
import type { Lookup } from '../../src/notify/target.ts';
import { createKey } from '../../src/payments/projects/keys.ts';
import { createProgram, loadConfig, type Ports, type Program } from '../../src/program.ts';
import { createVault } from '../../src/security/vault.ts';
import { createSimulator } from '../../src/simulator/index.ts';
import { createClock, seedRandom, setTurnTimer, type TestClock } from './clock.ts';
import {
  dropPlace,
  type EngineName,
  makePlace,
  openDatabaseAt,
  readBytes,
  type TestDatabase,
  USUAL_ENGINE,
} from './engines.ts';
import { createReader } from './reader.ts';
import { createTestStore } from './shared-pace.ts';
import { type Fetch, type StandIn, startStandIn } from './standin.ts';
import { createTamper } from './tamper.ts';
import { setTrap } from './trap.ts';

export { createClock, START, seedRandom, type TestClock } from './clock.ts';
export { type Received, type StandIn, startStandIn } from './standin.ts';
export type { Delivery } from './trap.ts';

export interface AppOptions {
  /** PAYCORE_… variables besides those a test needs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly seed?: number;
  /** What the clock says at first, milliseconds since the epoch. */
  readonly start?: number;
  /** Longest wait for a gateway, instead of the driver's own. */
  readonly gatewayTimeoutMs?: number;
  readonly lookup?: Lookup;
  /** How alerts are sent. */
  readonly alerts?: Partial<SendParts>;
  /** Drivers, when they are others than the program's own. */
  readonly gateways?: readonly Gateway[];
  /** Where the data is, when not where tests usually have it. */
  readonly engine?: EngineName;
  /** How long what waits for others sleeps; without it, not at all: time is the test's. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** By whose clock nodes agree, when not by the test's: then turns to ask about an account are given out by it too. */
  readonly databaseClock?: 'server';
}

/** The simulator stands in for all of these, unless a test's own variables say otherwise ('' = the gateway itself). */
const ORIGINS = 'ECPAY_PAYMENT ECPAY_ECPAYMENT ECPAY_ECPG SMILEPAY PAYPAL STRIPE STRIPE_JS PLUS'.split(' ');

/** More than the notifications of any test. */
const MAX_ROUNDS = 200;
export const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

/** What one process of PayCore holds; a restart makes a new one over the same folder. */
interface Instance {
  readonly program: Program;
  /** What the program was given. */
  readonly ports: Ports;
  readonly database: TestDatabase;
  readonly listener: Listener;
}

interface World {
  readonly folder: string;
  /** Of the database. */
  readonly place: string;
  readonly clock: TestClock;
  readonly random: Random;
  readonly gateway: StandIn;
  readonly shop: StandIn;
  readonly log: string[];
  readonly options: AppOptions;
}

/** PayCore on a real socket and a database file, with a simulated gateway and a shop; time and chance are the test's. */
export async function startApp(options: AppOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'paycore-test-'));
  const clock = createClock(options.start);
  const random = seedRandom(options.seed ?? 1);
  const trap = setTrap();
  const simulator = createSimulator({
    now: clock.now,
    random: seedRandom(99),
    retrySeconds: 3600,
    fetch: trap.fetch,
  });
  // The gateways' clock is right, until a test sets its own.
  const gateway = startStandIn(simulator.fetch, clock.now);
  const shop = startStandIn();
  const place = await makePlace(options.engine ?? USUAL_ENGINE, folder);
  const world: World = { folder, place, clock, random, gateway, shop, log: [], options };
  let instance = await open(world);
  const keys = {
    test: await createKey(instance.program.deps, 'shop', 'test'),
    live: await createKey(instance.program.deps, 'shop', 'live'),
    other: await createKey(instance.program.deps, 'other shop', 'test'),
  };

  const isDue = async (job: Job) => ((await job.nextDue()) ?? Number.POSITIVE_INFINITY) <= clock.now();
  const runWhileDue = async (job: Job & { settled(): Promise<void> }) => {
    while (await isDue(job)) {
      await job.run();
      await job.settled();
    }
  };
  const left: TestDatabase[] = [];
  const app = {
    clock,
    gateway,
    shop,
    keys,
    log: world.log,
    folder,
    /** A SQLite file, or the address of a PostgreSQL database. */
    place,
    databaseClock: options.databaseClock,
    get program() {
      return instance.program;
    },
    get deps() {
      return instance.program.deps;
    },
    /** Another program over the same data, in the same process, with some of its ports changed. */
    createTwin(ports: Partial<Ports>, config?: Config): Program {
      const { deps } = instance.program;
      return createProgram(config ?? deps.config, { ...instance.ports, processId: deps.processId, ...ports });
    },
    get url() {
      return instance.program.deps.publicUrl;
    },
    /** What stands in the tables. */
    rows: createReader(
      () => instance.database.engine,
      () => readBytes(instance.database),
    ),
    tamper: createTamper(() => instance.database),
    get engine() {
      return instance.database.engine;
    },
    /** The connection PayCore itself writes with, for tests about SQLite. */
    get database() {
      if (!instance.database.writer) throw new Error('this test is about SQLite');
      return instance.database.writer;
    },
    /** Does all that is due, job by job, as the scheduler does when its time has come. */
    work: () => instance.program.scheduler.tick(),
    /** Sends what is due and waits until every try has been written down. */
    async deliver(): Promise<void> {
      let rounds = 0;
      do {
        await app.startDeliveries();
        await instance.program.jobs.notifications.settled();
        if (++rounds > MAX_ROUNDS) throw new Error('notifications stay due for ever');
      } while (await isDue(instance.program.jobs.notifications));
    },
    /** Looks at every attempt that is due, until none is: what the scheduler does as time goes by. */
    check: () => runWhileDue(instance.program.jobs.syncs),
    /** Ends payments whose payer did not choose in time. */
    close: () => instance.program.jobs.closing.run(),
    /** Asks about every refund that is due, until none is. */
    refunds: () => runWhileDue(instance.program.jobs.refunds),
    /** Sends the alerts that are due, until none is. */
    tell: () => runWhileDue(instance.program.jobs.alerts),
    /** Starts what is due and does not wait for the answers. */
    startDeliveries: () => instance.program.scheduler.tick(['notifications', 'prune']),
    /** Another process over the same data, as after a crash: leases and half-done work are its to find. */
    async restart(): Promise<void> {
      // What was under way hangs on for ever, as it would in a process that is gone.
      void instance.listener.stop();
      left.push(instance.database);
      instance = await open(world);
    },
    async stop(): Promise<void> {
      simulator.stop();
      await Promise.all([gateway.stop(), shop.stop()]);
      await instance.listener.stop();
      instance.ports.metrics?.stop();
      await instance.program.jobs.notifications.settled();
      for (const { engine } of [...left, instance.database]) await engine.close();
      await dropPlace(place);
      rmSync(folder, { recursive: true, force: true });
    },
    async request(path: string, init: RequestInit = {}): Promise<Response> {
      return fetch(instance.program.deps.publicUrl + path, { redirect: 'manual', ...init });
    },
    /** A JSON call of the API, with the project's test key unless told otherwise. */
    async call(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
      const init: RequestInit = { headers: { 'x-api-key': keys.test.api_key, ...headers } };
      if (body !== undefined) {
        init.method = 'POST';
        init.body = typeof body === 'string' ? body : JSON.stringify(body);
        init.headers = { 'content-type': 'application/json', ...init.headers };
      }
      const response = await app.request(path, init);
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    },
    create: (path: string, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
      app.call(`/api/paycore/pay/${path}`, { ...exampleOrder(app.shop.url), ...body }, headers),
    async find(paymentNo: string): Promise<Record<string, unknown>> {
      return (await app.call(`/api/paycore/payments/${paymentNo}`)).json.data;
    },
    async callback(
      body: BodyInit,
      type: string,
      gatewayId = 'ecpay',
      { headers = {}, query = '' }: CallbackParts = {},
    ): Promise<CallbackReply> {
      const init = { method: 'POST', headers: { 'content-type': type, ...headers }, body };
      const response = await app.request(`/api/paycore/webhooks/${gatewayId}${query && `?${query}`}`, init);
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    },
    /** Keeps callbacks of the simulator from PayCore and gives them to the test; see `Trap`. */
    catchCallbacks: trap.catch,
    /** A program's call to the simulator, e.g. `pay`. */
    async simulate(orderNo: string, action: string, body: object = {}): Promise<Record<string, unknown>> {
      const response = await fetch(`${gateway.url}/simulator/orders/${orderNo}/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.json() as Promise<Record<string, unknown>>;
    },
  };
  return app;
}

export type TestApp = Awaited<ReturnType<typeof startApp>>;

export interface CallbackParts {
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the address, as it stands there, without `?`. */
  readonly query?: string;
}

export interface CallbackReply {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

interface ApiBody {
  readonly success?: boolean;
  readonly message?: string;
  readonly data: Record<string, unknown>;
  readonly error: {
    readonly error_code: string;
    readonly fields?: Readonly<Record<string, readonly string[]>>;
    readonly payment_no?: string;
    readonly refund_no?: string;
    readonly gateway?: { readonly code: string; readonly message: string };
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: ApiBody;
}

function parse(text: string): ApiBody {
  try {
    return JSON.parse(text);
  } catch {
    return { data: {}, error: { error_code: `not JSON: ${text.slice(0, 80)}` } };
  }
}

/** ECPay's published stage merchant; the simulator knows it. */
export const STAGE = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' } as const;

let orders = 0;

/** A sound create request under an order number of its own. */
export function exampleOrder(shopUrl: string) {
  orders += 1;
  return {
    merchant_order_no: `ORDER-${String(orders).padStart(6, '0')}`,
    amount: 980,
    item_name: '手沖咖啡豆',
    payok_url: `${shopUrl}/payok`,
    success_url: 'https://merchant.example/thanks?cart=7',
    gateway_credentials: { ...STAGE, environment: 'stage' } as Record<string, unknown>,
  };
}

async function open(world: World): Promise<Instance> {
  const { folder, place, clock, random, gateway, options } = world;
  const { gateways, lookup, alerts } = options;
  const config = loadConfig(
    {
      PAYCORE_DATA_DIR: folder,
      PAYCORE_MASTER_KEY: MASTER_KEY,
      PAYCORE_NOTIFY_ALLOW: '127.0.0.1',
      ...Object.fromEntries(ORIGINS.map((name) => [`PAYCORE_${name}_URL`, gateway.url])),
      ...options.env,
    },
    gateways,
  );
  const database = await openDatabaseAt(place, options.databaseClock);
  let handle: Fetch = () => new Response(null, { status: 503 });
  const listener = listen({ host: '127.0.0.1', port: 0, fetch: (request) => handle(request) });
  const log = createLog({ level: 'debug', now: clock.now, write: (line) => world.log.push(line) });
  const metrics = config.metricsToken === null ? null : createMetrics();
  const ports: Ports = {
    ...(metrics ? { metrics } : {}),
    store: createTestStore(metrics?.watchEngine(database.engine) ?? database.engine, random, options.databaseClock),
    vault: createVault(config.masterKey ?? new Uint8Array(32), random),
    clock,
    random,
    // Time is the test's: what waits for its turn gets it at once.
    sleep: options.sleep ?? (async () => {}),
    log,
    publicUrl: `http://127.0.0.1:${listener.port}`,
    peerOf: listener.peerOf,
    http: limitTime(createGatewayHttp({ log, setTimer: setTurnTimer }), options.gatewayTimeoutMs),
    ...(gateways ? { gateways } : {}),
    ...(lookup ? { lookup } : {}),
    ...(alerts ? { alerts } : {}),
  };
  const program = createProgram(config, ports);
  handle = (await program.open()).handle;
  return { program, ports, database, listener };
}

function limitTime(http: GatewayHttp, ms: number | undefined): GatewayHttp {
  if (ms === undefined) return http;
  return {
    get: (url, options) => http.get(url, { ...options, timeoutMs: ms }),
    post: (url, options) => http.post(url, { ...options, timeoutMs: ms }),
  };
}
