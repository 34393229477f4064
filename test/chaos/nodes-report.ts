import { text } from '../binary/support/json.ts';
import { readNumber } from '../binary/support/places.ts';
import { poll } from '../binary/support/process.ts';
import type { Cluster } from './cluster.ts';
import { type Crowd, settleSales } from './crowd.ts';
import { collectFromSimulator, type Ledger, type World } from './load.ts';
import type { Outage } from './outage.ts';
import type { Takeovers } from './takeover.ts';
import { checkAtShop, checkInDatabase, checkThroughApi } from './verify.ts';

/** What came of a run over several nodes. */

/** All of one run. */
export interface Run {
  readonly cluster: Cluster;
  readonly world: World;
  readonly record: Ledger;
  readonly crowd: Crowd;
  readonly takeovers: Takeovers;
  readonly outages: Outage[];
  readonly wrong: string[];
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
/** Of so many kills under load some come while a notification is on its way. */
const SURELY_LEASED = 10;
const TOLD_WITHIN_MS = 120_000;
/** Orders of scenarios are looked at by their scenarios. */
const OF_LOAD = "merchant_order_no ~ '^[ACS][0-9]+-'";

/** Waits until all is settled and told, ends the nodes, and looks through everything. */
export async function conclude(run: Run, kills: number): Promise<NodesReport> {
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
  const deliveries = shop.deliveries.filter(({ body }) => own.has(text(body, 'payment_no')));
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
      ...(kills >= SURELY_LEASED && takeover.leases === 0 ? ['no killed node had anything leased'] : []),
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
