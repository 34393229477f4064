/**
 * `bun test/chaos/kill.ts [kills]`: the server is killed with SIGKILL again and again under load. What it acknowledged
 * must be there afterwards, once.
 */
import { makeFolder } from '../binary/support/binary.ts';
import { createKey, get, pointAt, type Server, Shop, serve, simulate } from '../binary/support/parties.ts';
import { poll, stopAll } from '../binary/support/process.ts';
import {
  collectFromSimulator,
  createUntilOver,
  type Ledger,
  type Method,
  newRecord,
  payUntilOver,
  type World,
} from './load.ts';
import { checkAtShop, checkInDatabase, checkThroughApi } from './verify.ts';

export interface Report {
  readonly kills: number;
  readonly created: number;
  readonly unanswered: number;
  readonly paid: number;
  readonly acknowledgements: number;
  readonly repeats: number;
  readonly brokenCalls: number;
  readonly notifications: number;
  /** Notifications that came more than once, which at-least-once allows. */
  readonly doubles: number;
  readonly restartMs: { readonly median: number; readonly worst: number };
  readonly refusals: Readonly<Record<string, number>>;
  /** Empty when all is well. */
  readonly wrong: readonly string[];
}

const CREATORS: readonly Method[] = ['cvs', 'aio/credit', 'cvs', 'aio/credit', 'cvs', 'aio/credit'];
const PAYERS = 6;

export interface ChaosOptions {
  readonly kills: number;
  /** How long the server lives between two kills, at least and at most. */
  readonly lifeMs?: readonly [number, number];
}

export async function runChaos({ kills, lifeMs = [250, 1200] }: ChaosOptions): Promise<Report> {
  const dataDir = makeFolder('chaos');
  const shop = new Shop();
  const simulator = await simulate();
  const key = await createKey(dataDir);
  const env: Record<string, string> = {
    ...pointAt(simulator.url),
    PAYCORE_RATE_LIMIT: 'off',
    PAYCORE_LOG_LEVEL: 'warn',
  };
  let server = await serve(dataDir, env);
  // The gateway knows the address by now, so the next ones must have the same.
  env.PAYCORE_PORT = String(server.port);
  const { url } = server;
  let over = false;
  const world: World = {
    server: () => url,
    simulatorUrl: simulator.url,
    shopUrl: shop.url,
    headers: { 'x-api-key': key.api_key },
    isOver: () => over,
  };
  const record = newRecord();
  const work = Promise.all([
    ...CREATORS.map((method, worker) => createUntilOver(world, record, worker, method)),
    ...Array.from({ length: PAYERS }, (_, payer) =>
      payUntilOver(world, record, (payment) => hash(payment.order) % PAYERS === payer),
    ),
  ]);
  const restarts: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await Bun.sleep(lifeMs[0] + Math.random() * (lifeMs[1] - lifeMs[0]));
    const gone = Date.now();
    await server.process.kill('SIGKILL');
    server = await restart(dataDir, env);
    restarts.push(Date.now() - gone);
  }
  await Bun.sleep(lifeMs[0]);
  over = true;
  await work;
  await collectFromSimulator(world, record);
  const report = await conclude(world, record, server, { dataDir, shop, restarts });
  await simulator.process.kill('SIGTERM');
  shop.stop();
  return report;
}

async function restart(dataDir: string, env: Record<string, string>): Promise<Server> {
  const server = await serve(dataDir, env);
  await poll('answers again', async () => ((await get(`${server.url}/healthz`)).status === 200 ? true : null));
  return server;
}

function hash(order: string): number {
  return [...order].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

interface Rest {
  readonly dataDir: string;
  readonly shop: Shop;
  readonly restarts: readonly number[];
}

async function conclude(world: World, record: Ledger, server: Server, rest: Rest): Promise<Report> {
  const heard = () => new Set(rest.shop.deliveries.map((one) => one.webhookId)).size >= record.paid.size;
  await poll('notifications', () => (heard() ? true : null), 30_000).catch(() => {});
  const throughApi = await checkThroughApi(world, record);
  const { code } = await server.process.kill('SIGTERM');
  const atShop = checkAtShop(rest.shop.deliveries, record);
  const { wrong, counts } = checkInDatabase(rest.dataDir, record);
  const sorted = [...rest.restarts].sort((a, b) => a - b);
  return {
    kills: rest.restarts.length,
    created: record.created.size,
    unanswered: record.unanswered.size,
    paid: counts.paid,
    acknowledgements: record.acknowledgements,
    repeats: record.repeats,
    brokenCalls: record.broken,
    notifications: rest.shop.deliveries.length,
    doubles: atShop.doubles,
    restartMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 },
    refusals: Object.fromEntries(record.refusals),
    wrong: [...throughApi, ...atShop.wrong, ...wrong, ...(code === 0 ? [] : [`the last server ended with ${code}`])],
  };
}

if (import.meta.main) {
  const kills = Number(process.argv[2] ?? 15);
  const begun = Date.now();
  try {
    const report = await runChaos({ kills });
    console.log(JSON.stringify(report, null, 2));
    console.log(
      report.wrong.length === 0
        ? `${kills} kills in ${Math.round((Date.now() - begun) / 1000)} s: nothing acknowledged was lost, nothing happened twice`
        : `${report.wrong.length} things are wrong`,
    );
    process.exitCode = report.wrong.length === 0 ? 0 : 1;
  } finally {
    await stopAll();
  }
}
