/**
 * `bun test/chaos/kill.ts [kills] [--engine sqlite|postgres]`: the server is killed with SIGKILL again and again under
 * load. What it acknowledged must be there afterwards, once. PostgreSQL is the server of PAYCORE_TEST_DATABASE_URL.
 */
import { parseArgs } from 'node:util';
import { makeFolder } from '../binary/support/binary.ts';
import { createKey, get, pointAt, type Server, Shop, serve, simulate } from '../binary/support/parties.ts';
import { change, openPlace, type Place, readNumber } from '../binary/support/places.ts';
import { poll, stopAll } from '../binary/support/process.ts';
import { ENGINES, type EngineName } from '../support/engines.ts';
import { collectFromSimulator, type Ledger, newRecord, type World, workUntilOver } from './load.ts';
import { checkAtShop, checkInDatabase, checkThroughApi } from './verify.ts';

export interface Report {
  readonly engine: EngineName;
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

/** Payments that a server makes at least before it is killed: on a busy machine it would die without having lived. */
const WORK_PER_LIFE = 8;

export interface ChaosOptions {
  readonly kills: number;
  readonly engine?: EngineName;
  /** How long the server lives between two kills, at least and at most. */
  readonly lifeMs?: readonly [number, number];
  /** Notifications that a killed server had taken are due at once; else PostgreSQL lets them wait for a minute. */
  readonly endsLeases?: boolean;
}

export async function runChaos(options: ChaosOptions): Promise<Report> {
  const dataDir = makeFolder('chaos');
  const place = await openPlace(options.engine ?? 'sqlite', dataDir);
  const shop = new Shop();
  try {
    return await runAt(place, dataDir, shop, options);
  } finally {
    shop.stop();
    await place.drop();
  }
}

async function runAt(place: Place, dataDir: string, shop: Shop, options: ChaosOptions): Promise<Report> {
  const { lifeMs = [250, 1200] } = options;
  const simulator = await simulate();
  const key = await createKey(dataDir, 'shop', { env: place.env });
  const env: Record<string, string> = {
    ...pointAt(simulator.url),
    ...place.env,
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
  const work = workUntilOver(world, record);
  const restarts: number[] = [];
  for (let kill = 1; kill <= options.kills; kill += 1) {
    const before = record.created.size;
    await Bun.sleep(lifeMs[0] + Math.random() * (lifeMs[1] - lifeMs[0]));
    await poll('work', () => (record.created.size >= before + WORK_PER_LIFE ? true : null), 30_000);
    const gone = Date.now();
    await server.process.kill('SIGKILL');
    if (kill === options.kills && options.endsLeases) await change(place.at, END_LEASES);
    server = await restart(dataDir, env);
    restarts.push(Date.now() - gone);
  }
  await Bun.sleep(lifeMs[0]);
  over = true;
  await work;
  await collectFromSimulator(world, record);
  const report = await conclude(world, record, server, { place, shop, restarts });
  await simulator.process.kill('SIGTERM');
  return report;
}

/** As a minute later; no server is there whose they could be. */
const END_LEASES = 'UPDATE outbox SET leased_until = 0 WHERE leased_by IS NOT NULL';

async function restart(dataDir: string, env: Record<string, string>): Promise<Server> {
  const server = await serve(dataDir, env);
  await poll('answers again', async () => ((await get(`${server.url}/healthz`)).status === 200 ? true : null));
  return server;
}

interface Rest {
  readonly place: Place;
  readonly shop: Shop;
  readonly restarts: readonly number[];
}

/** On PostgreSQL another server may be alive, so what a killed one had taken is free when its minute is over. */
const TOLD_WITHIN_MS: Readonly<Record<EngineName, number>> = { sqlite: 30_000, postgres: 100_000 };

async function conclude(world: World, record: Ledger, server: Server, rest: Rest): Promise<Report> {
  const undelivered = () => readNumber(rest.place.at, "SELECT count(*) FROM outbox WHERE state <> 'delivered'");
  const heard = () => new Set(rest.shop.deliveries.map((one) => one.webhookId)).size >= record.paid.size;
  const isTold = async () => (heard() && (await undelivered()) === 0 ? true : null);
  await poll('notifications', isTold, TOLD_WITHIN_MS[rest.place.engine]).catch(() => {});
  const throughApi = await checkThroughApi(world, record);
  const { code } = await server.process.kill('SIGTERM');
  const atShop = checkAtShop(rest.shop.deliveries, record);
  const { wrong, counts } = await checkInDatabase(rest.place.at, record);
  const sorted = [...rest.restarts].sort((a, b) => a - b);
  return {
    engine: rest.place.engine,
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

async function main(): Promise<void> {
  const options = { engine: { type: 'string', default: 'sqlite' } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const kills = Number(positionals[0] ?? 15);
  const engine = ENGINES.find((name) => name === values.engine);
  if (!engine) {
    console.error(`--engine takes ${ENGINES.join(' or ')} here; postgres needs PAYCORE_TEST_DATABASE_URL`);
    process.exitCode = 2;
    return;
  }
  const begun = Date.now();
  try {
    const report = await runChaos({ kills, engine });
    console.log(JSON.stringify(report, null, 2));
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(
      report.wrong.length === 0
        ? `${kills} kills on ${engine} in ${seconds} s: nothing acknowledged was lost, nothing happened twice`
        : `${report.wrong.length} things are wrong`,
    );
    process.exitCode = report.wrong.length === 0 ? 0 : 1;
  } finally {
    await stopAll();
  }
}

if (import.meta.main) await main();
