/**
 * `npm run bench:nodes -- [--payments 1000000] [--rounds 3] [--size 1500] [--share 0.25] [--json]`: callbacks, creates and
 * queries a second with one node and with two, on one PostgreSQL that keeps what it commits. Once each node is kept to a
 * part of a core, so that the nodes are what limits, and once not: then whatever the machine has too little of limits.
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { makeFolder } from '../binary/support/binary.ts';
import { createKey, type Server, serve } from '../binary/support/parties.ts';
import { openEmptyPostgres } from '../binary/support/places.ts';
import { poll, stopAll } from '../binary/support/process.ts';
import { makeOwnPostgres, type OwnPostgres, SAFE } from '../support/postgres.ts';
import { CALLBACK_PATH, callbackJob, paidBody } from './callbacks.ts';
import { type Cap, cap } from './cap.ts';
import type { LoadJob, LoadResult } from './load.ts';
import { fillMany, type Many } from './many.ts';
import { type Measure, type NodeCount, printNodes, type Taken } from './nodes-report.ts';
import { CREATE_PATH, ordersOf, withCredentials } from './requests.ts';
import { load, SERVER_ENV } from './servers.ts';
import { openShops, type Shops } from './shops.ts';
import { readSeconds, readTreeSeconds } from './tree.ts';

const USAGE =
  'npm run bench:nodes -- [--payments 1000000] [--rounds 3] [--size 1500] [--share 0.25] [--json]: the share is of a core';

interface Options {
  readonly payments: number;
  readonly rounds: number;
  /** Requests of each kind that one node without a limit gets in a round. */
  readonly size: number;
  readonly share: number;
  readonly json: boolean;
}

const IN_FLIGHT = 16;
/** What a database of its own would have been given. */
const TUNED = { shared_buffers: '1GB', max_wal_size: '4GB', checkpoint_timeout: '15min' };
const HEARD_MS = 120_000;

interface Stage {
  readonly postgres: OwnPostgres;
  readonly env: Readonly<Record<string, string>>;
  readonly apiKey: string;
  readonly shops: Shops;
  readonly many: Many;
  /** Payments that have been paid so far. */
  spent: number;
}

const say = (text: string) => console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}`);

async function setUp(options: Options, postgres: OwnPostgres, shops: Shops): Promise<Stage> {
  const { at } = await openEmptyPostgres(postgres.url);
  const key = randomBytes(32).toString('base64');
  const env = { ...SERVER_ENV, PAYCORE_DATABASE_URL: at, PAYCORE_MASTER_KEY: key };
  const { api_key } = await createKey(makeFolder('command'), 'bench', { env });
  // Both node counts, with a limit and without, and a round to warm up each time.
  const pending = 6 * options.size * (options.rounds + 1);
  const shop = shops.answers;
  const many = await fillMany({ at, env, project: 'bench', shop, paid: options.payments, pending, say });
  await postgres.stop();
  await postgres.start(SAFE);
  return { postgres, env, apiKey: api_key, shops, many, spent: 0 };
}

interface Running {
  readonly servers: readonly Server[];
  readonly caps: readonly Cap[];
}

async function startNodes({ env }: Stage, count: NodeCount, share: number | null): Promise<Running> {
  const servers = await Promise.all(Array.from({ length: count }, (_, at) => serve(makeFolder(`node-${at}`), env)));
  return { servers, caps: share === null ? [] : servers.map(({ process }) => cap(process.pid, share)) };
}

async function stopNodes({ servers, caps }: Running): Promise<void> {
  for (const one of caps) one.lift();
  await Promise.all(servers.map(({ process }) => process.kill('SIGTERM')));
}

type MakeJob = (stage: Stage, count: number, mark: string) => Omit<LoadJob, 'port' | 'inFlight'>;

const MEASURES: Readonly<Record<Measure, MakeJob>> = {
  callbacks(stage, count) {
    const payments = stage.many.pending.slice(stage.spent, stage.spent + count);
    if (payments.length < count) throw new Error('too few payments are pending');
    stage.spent += count;
    return callbackJob({ port: 0, path: CALLBACK_PATH, inFlight: 0 }, payments.map(paidBody));
  },
  creates: ({ apiKey, shops }, count, mark) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    requests: ordersOf(mark, shops.answers.url, count).map((one) => [
      CREATE_PATH,
      JSON.stringify(withCredentials(one)),
    ]),
    expect: { status: 201, body: '' },
  }),
  queries: ({ apiKey, many }, count) => ({
    method: 'GET',
    headers: { 'x-api-key': apiKey },
    requests: Array.from({ length: count }, (_, at) => [
      `/api/paycore/payments/${many.some[at % many.some.length] ?? ''}`,
      '',
    ]),
    expect: { status: 200, body: '' },
  }),
};
const KINDS = Object.keys(MEASURES) as readonly Measure[];

/** One turn of one kind: how fast, and what every party used of a core meanwhile. */
async function take(stage: Stage, { servers }: Running, kind: Measure, count: number, mark: string): Promise<Taken> {
  const { shops, postgres } = stage;
  const job = MEASURES[kind](stage, count, mark);
  const before = shops.answers.heard();
  const read = () => ({
    nodes: servers.map(({ process }) => readSeconds(process.pid)),
    postgres: readTreeSeconds(postgres.pid()),
    shop: readSeconds(process.pid),
  });
  const used = read();
  const result = await loadAll(job, servers);
  const now = read();
  const part = (later: number, earlier: number) => (later - earlier) / result.seconds;
  if (kind === 'callbacks') await poll('told', () => (shops.answers.heard() - before >= count ? true : null), HEARD_MS);
  return {
    rate: count / result.seconds,
    p99: result.p99,
    nodes: now.nodes.map((seconds, at) => part(seconds, used.nodes[at] ?? 0)),
    postgres: part(now.postgres, used.postgres),
    others: result.busy + part(now.shop, used.shop),
  };
}

function loadAll(job: Omit<LoadJob, 'port' | 'inFlight'>, servers: readonly Server[]): Promise<LoadResult> {
  const [port = 0, ...morePorts] = servers.map((server) => server.port);
  return load({ ...job, port, morePorts, inFlight: IN_FLIGHT * servers.length });
}

async function measure(stage: Stage, options: Options, share: number | null): Promise<readonly Taken[][][]> {
  const results = [1, 2].map(() => KINDS.map((): Taken[] => []));
  for (let round = 0; round < options.rounds; round += 1) {
    // Who comes first changes.
    for (const nodes of round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) {
      const name = `${share === null ? 'free' : 'capped'} ${nodes} ${round}`;
      const running = await startNodes(stage, nodes, share);
      for (const [at, kind] of KINDS.entries()) {
        const size = Math.round(options.size * nodes * (share ?? 1));
        // What has just started compiles what it runs.
        await take(stage, running, kind, Math.ceil(size / 3), `${name} warm`.replaceAll(' ', '-'));
        const taken = await take(stage, running, kind, size, name.replaceAll(' ', '-'));
        results[nodes - 1]?.[at]?.push(taken);
        say(`  ${name}: ${kind} ${taken.rate.toFixed(0)}/s`);
      }
      await stopNodes(running);
    }
  }
  return results;
}

async function run(options: Options): Promise<boolean> {
  const postgres = await makeOwnPostgres({ settings: TUNED });
  if (!postgres)
    throw new Error('there is no PostgreSQL on this machine: neither initdb in PATH nor in /usr/lib/postgresql');
  const shops = openShops();
  try {
    await postgres.start();
    say(`filling ${options.payments} payments`);
    const stage = await setUp(options, postgres, shops);
    const filled = performance.now() / 1000;
    say(`each node kept to ${options.share} of a core`);
    const capped = await measure(stage, options, options.share);
    say('without a limit');
    const free = await measure(stage, options, null);
    const probe = await startNodes(stage, 1, options.share);
    const how = probe.caps[0]?.how ?? '';
    await stopNodes(probe);
    const about = {
      ...options,
      how,
      bytes: stage.many.bytes,
      cores: cpus().length,
      filled,
      seconds: performance.now() / 1000,
    };
    return printNodes(KINDS, { capped, free }, about);
  } finally {
    await stopAll();
    shops.stop();
    await postgres.remove();
  }
}

function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { payments: text, rounds: text, size: text, share: text, json: { type: 'boolean', default: false } },
  });
  const number = (given: string | undefined, usual: number): number => {
    const value = Number((given ?? String(usual)).replaceAll('_', ''));
    if (!(value > 0)) throw new Error(`${given} is no number above 0\n${USAGE}`);
    return value;
  };
  return {
    payments: number(values.payments, 1_000_000),
    rounds: number(values.rounds, 3),
    size: number(values.size, 1500),
    share: number(values.share, 0.25),
    json: values.json,
  };
}

if (import.meta.main) process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1;
