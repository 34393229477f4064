import { change } from '../binary/support/places.ts';
import { poll, stopAll } from '../binary/support/process.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { deskUntilOver, lookUntilOver, newCrowd, refundUntilOver } from './crowd.ts';
import { newRecord, type World, workUntilOver } from './load.ts';
import { conclude, type NodesReport, type Run } from './nodes-report.ts';
import { killDatabase } from './outage.ts';
import { watchTakeovers } from './takeover.ts';
import { SCENARIOS, signIn } from './twins.ts';

/** Two nodes under load, killed in turn, and their database with them. */

type Mark = 'before' | 'after';

export interface NodesOptions {
  readonly kills: number;
  readonly databaseKills: number;
  /** About how long the load goes on. */
  readonly seconds: number;
  /** Between two things that a creator, a payer or a visitor does. */
  readonly pauseMs?: number;
  /** How many shops pay back in parts. */
  readonly refunders?: number;
  /** When it is tried what comes many times at the same moment: before anything is killed, and after. */
  readonly scenarios?: readonly Mark[];
  /** What a killed node was delivering is due when the killing is over; else when it is known to be dead. */
  readonly endsLeases?: boolean;
  /** Told what is being done. */
  readonly say?: (text: string) => void;
}

/** Payments that are made at least between two kills: on a busy machine a node would die without having lived. */
const WORK_PER_LIFE = 8;
const VISITORS = 3;
const SILENT = (): void => {};
const END_LEASES = 'UPDATE outbox SET leased_until = 0 WHERE leased_by IS NOT NULL';

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
  const { scenarios = ['before', 'after'], say = SILENT } = options;
  if (scenarios.includes('before')) await tryScenarios(run, 'before', say);
  await killAll(run, options);
  if (options.endsLeases) await change(cluster.at, END_LEASES);
  if (scenarios.includes('after')) await tryScenarios(run, 'after', say);
  say('the load ends');
  over = true;
  await work.done;
  say('what is under way is settled and told');
  return conclude(run, options.kills);
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
    ...Array.from({ length: VISITORS }, () => lookUntilOver(world, record, crowd)),
    deskUntilOver(world, record, crowd, cookies),
  ]);
  return { done };
}

async function tryScenarios({ cluster, wrong }: Run, mark: Mark, say: (text: string) => void): Promise<void> {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    say(name);
    const found = await scenario(cluster, mark).catch((error) => [`failed: ${error}`]);
    wrong.push(...found.map((text) => `${name} (${mark} the kills): ${text}`));
  }
}

/** The nodes in turn; the database now and then between them. */
async function killAll(run: Run, { kills, databaseKills, seconds, say = SILENT }: NodesOptions): Promise<void> {
  const { cluster, record, takeovers, outages, wrong } = run;
  const lifeMs = (seconds * 1000) / (kills + databaseKills);
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = record.created.size;
    await Bun.sleep(lifeMs * (0.4 + 0.4 * Math.random()));
    await poll('work', () => (record.created.size >= before + WORK_PER_LIFE ? true : null), 60_000);
    const node = cluster.nodes[kill % cluster.nodes.length];
    say(`kill ${kill} of ${kills}: node ${node?.name}`);
    const killedAt = Date.now();
    await node?.kill();
    await takeovers.note(killedAt);
    await Bun.sleep(lifeMs * 0.3 * Math.random());
    await node?.start();
    const isTime = Math.floor((kill * databaseKills) / kills) > Math.floor(((kill - 1) * databaseKills) / kills);
    if (!isTime) continue;
    await Bun.sleep(lifeMs * 0.5);
    say('the database is killed');
    const outage = await killDatabase(cluster);
    say(`all nodes were ready ${outage.backMs} ms after it was started`);
    outages.push(outage);
    wrong.push(...outage.wrong);
  }
}
