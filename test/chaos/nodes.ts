/**
 * `npm run chaos:nodes -- [--kills 20] [--database-kills 5] [--seconds 120]`: two nodes on one PostgreSQL, behind a
 * round-robin, under load; the nodes are killed in turn and the database now and then. What was acknowledged must be there
 * afterwards, once. The database is its own, and keeps what it commits.
 */
import { parseArgs } from 'node:util';
import { readNumber } from '../binary/support/places.ts';
import { poll, stopAll } from '../binary/support/process.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { type Crowd, deskUntilOver, lookUntilOver, newCrowd, refundUntilOver, settleSales } from './crowd.ts';
import { collectFromSimulator, type Ledger, newRecord, type World, workUntilOver } from './load.ts';
import { killDatabase, type Outage } from './outage.ts';
import { type Takeovers, watchTakeovers } from './takeover.ts';
import { SCENARIOS, signIn } from './twins.ts';
import { checkAtShop, checkInDatabase, checkThroughApi } from './verify.ts';

export interface NodesOptions {
  readonly kills: number;
  readonly databaseKills: number;
  /** About how long the load goes on. */
  readonly seconds: number;
  /** Between two things that a creator, a payer or a visitor does. */
  readonly pauseMs?: number;
  /** How many shops pay back; as many look around. */
  readonly refunders?: number;
  /** Whether what happens at the same moment is tried once more when all the killing is over. */
  readonly again?: boolean;
}

export interface NodesReport {
  readonly kills: number;
  readonly databaseKills: number;
  readonly created: number;
  readonly unanswered: number;
  readonly paid: number;
  readonly acknowledgements: number;
  readonly repeats: number;
  readonly sales: number;
  readonly refunds: number;
  readonly pages: number;
  readonly questions: number;
  readonly desk: number;
  readonly brokenCalls: number;
  readonly notifications: number;
  readonly doubles: number;
  /** What was being delivered when a node was killed, and the longest from a kill to its delivery. */
  readonly takeover: { readonly leases: number; readonly longestMs: number };
  readonly database: { readonly longestBackMs: number; readonly longestAnswerMs: number };
  readonly refusals: Readonly<Record<string, number>>;
  /** Empty when all is well. */
  readonly wrong: readonly string[];
}

/** What a node left has to be taken over by then. */
const TAKEN_OVER_MS = 30_000;
const TOLD_WITHIN_MS = 120_000;
const WORK_PER_LIFE = 8;
/** Orders of scenarios are looked at by their scenarios. */
const OF_LOAD = "merchant_order_no ~ '^[ACS][0-9]+-'";

/** Null when the machine has no PostgreSQL. */
export async function runNodes(options: NodesOptions): Promise<NodesReport | null> {
  const cluster = await openCluster();
  if (!cluster) return null;
  try {
    return await runAt(cluster, options);
  } finally {
    await stopAll();
    await cluster.stop();
  }
}

interface Run {
  readonly cluster: Cluster;
  readonly world: World;
  readonly record: Ledger;
  readonly crowd: Crowd;
  readonly takeovers: Takeovers;
  readonly outages: Outage[];
  readonly wrong: string[];
}

async function runAt(cluster: Cluster, options: NodesOptions): Promise<NodesReport> {
  let over = false;
  const world: World = {
    server: () => cluster.proxy.url,
    simulatorUrl: cluster.simulator.url,
    shopUrl: cluster.shop.url,
    headers: cluster.headers,
    isOver: () => over,
    pauseMs: options.pauseMs ?? 60,
  };
  const takeovers = watchTakeovers(cluster.at);
  const run: Run = { cluster, world, record: newRecord(), crowd: newCrowd(), takeovers, outages: [], wrong: [] };
  const work = await startWork(run, options.refunders ?? 3);
  await tryScenarios(run, 'BEFORE');
  await killAll(run, options);
  if (options.again ?? true) await tryScenarios(run, 'AFTER');
  over = true;
  await work.done;
  return conclude(run, options);
}

/** In a box, since whoever waits for the start does not wait for the end. */
async function startWork(
  { cluster, world, record, crowd }: Run,
  refunders: number,
): Promise<{ done: Promise<unknown> }> {
  const cookies = await signIn(cluster);
  const several = (work: (worker: number) => Promise<void>) => Array.from({ length: refunders }, (_, at) => work(at));
  const done = Promise.all([
    workUntilOver(world, record),
    ...several((worker) => refundUntilOver(world, record, crowd, worker)),
    ...several(() => lookUntilOver(world, record, crowd)),
    deskUntilOver(world, record, crowd, cookies),
  ]);
  return { done };
}

async function tryScenarios({ cluster, wrong }: Run, mark: string): Promise<void> {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const found = await scenario(cluster, mark).catch((error) => [`failed: ${error}`]);
    wrong.push(...found.map((text) => `${name} (${mark.toLowerCase()} the kills): ${text}`));
  }
}

/** The nodes in turn; the database now and then between them. */
async function killAll(run: Run, { kills, databaseKills, seconds }: NodesOptions): Promise<void> {
  const { cluster, record, takeovers, outages, wrong } = run;
  const lifeMs = (seconds * 1000) / (kills + databaseKills);
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = record.created.size;
    await Bun.sleep(lifeMs * (0.4 + 0.4 * Math.random()));
    await poll('work', () => (record.created.size >= before + WORK_PER_LIFE ? true : null), 60_000);
    const node = cluster.nodes[kill % cluster.nodes.length];
    const killedAt = Date.now();
    await node?.kill();
    await takeovers.note(killedAt);
    await Bun.sleep(lifeMs * 0.3 * Math.random());
    await node?.start();
    const isTime = Math.floor((kill * databaseKills) / kills) > Math.floor(((kill - 1) * databaseKills) / kills);
    if (!isTime) continue;
    await Bun.sleep(lifeMs * 0.5);
    const outage = await killDatabase(cluster);
    outages.push(outage);
    wrong.push(...outage.wrong);
  }
}

async function conclude(run: Run, { kills }: NodesOptions): Promise<NodesReport> {
  const { cluster, world, record, crowd, outages } = run;
  const { at, shop, nodes } = cluster;
  await collectFromSimulator(world, record);
  const sales = await settleSales(world, record, crowd);
  const undelivered = () => readNumber(at, "SELECT count(*) FROM outbox WHERE state <> 'delivered'");
  await poll('told', async () => ((await undelivered()) === 0 ? true : null), TOLD_WITHIN_MS).catch(() => {});
  const takeover = await run.takeovers.conclude();
  const throughApi = await checkThroughApi(world, record);
  const ended = await Promise.all(nodes.map((node) => node.server().process.kill('SIGTERM')));
  const own = new Set([...record.created.values()].map(({ paymentNo }) => paymentNo));
  const deliveries = shop.deliveries.filter(({ body }) => own.has((body as { payment_no: string }).payment_no));
  const atShop = checkAtShop(deliveries, record);
  const inDatabase = await checkInDatabase(at, record, OF_LOAD);
  return {
    kills,
    databaseKills: outages.length,
    created: record.created.size,
    unanswered: record.unanswered.size,
    paid: inDatabase.counts.paid,
    acknowledgements: record.acknowledgements,
    repeats: record.repeats,
    sales: crowd.sales.length,
    refunds: crowd.sales.reduce((sum, { refunds }) => sum + refunds.length, 0),
    pages: crowd.pages,
    questions: crowd.questions,
    desk: crowd.desk,
    brokenCalls: record.broken,
    notifications: shop.deliveries.length,
    doubles: atShop.doubles,
    takeover,
    database: {
      longestBackMs: Math.max(0, ...outages.map(({ backMs }) => backMs)),
      longestAnswerMs: Math.max(0, ...outages.map(({ answeredMs }) => answeredMs)),
    },
    refusals: Object.fromEntries(record.refusals),
    wrong: [
      ...run.wrong,
      ...crowd.wrong,
      ...sales,
      ...(takeover.longestMs > TAKEN_OVER_MS ? [`a lease was taken over after ${takeover.longestMs} ms`] : []),
      ...throughApi,
      ...atShop.wrong,
      ...inDatabase.wrong,
      ...listOdd(record),
      ...ended.flatMap(({ code }, index) => (code === 0 ? [] : [`node ${nodes[index]?.name} ended with ${code}`])),
    ],
  };
}

/** Refused for a while is what may happen to anybody here; an error of our own is not. */
function listOdd({ refusals }: Ledger): readonly string[] {
  const isOdd = (what: string) => / (?:500|40[0-8]|41\d|42[0-8]) /.test(`${what} `);
  return [...refusals].filter(([what]) => isOdd(what)).map(([what, count]) => `${count} × ${what}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      'database-kills': { type: 'string', default: '5' },
      seconds: { type: 'string', default: '120' },
      pause: { type: 'string', default: '60' },
    },
  });
  const options: NodesOptions = {
    kills: Number(values.kills),
    databaseKills: Number(values['database-kills']),
    seconds: Number(values.seconds),
    pauseMs: Number(values.pause),
  };
  const begun = Date.now();
  const report = await runNodes(options);
  if (!report) {
    console.error('there is no PostgreSQL on this machine: neither initdb in PATH nor in /usr/lib/postgresql');
    process.exitCode = 3;
    return;
  }
  console.log(JSON.stringify(report, null, 2));
  const seconds = Math.round((Date.now() - begun) / 1000);
  const { wrong, kills, databaseKills } = report;
  console.log(
    wrong.length === 0
      ? `${kills} kills of nodes and ${databaseKills} of the database in ${seconds} s: nothing acknowledged was lost, nothing happened twice`
      : `${wrong.length} things are wrong (${seconds} s)`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
