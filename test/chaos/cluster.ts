import { randomBytes } from 'node:crypto';
import { makeFolder } from '../binary/support/binary.ts';
import { STAGE } from '../binary/support/ecpay.ts';
import { createKey, get, pointAt, post, type Server, Shop, serve, simulate } from '../binary/support/parties.ts';
import { openEmptyPostgres } from '../binary/support/places.ts';
import { poll, run } from '../binary/support/process.ts';
import { SIMULATED } from '../support/orders.ts';
import { makeOwnPostgres, type OwnPostgres, SAFE } from '../support/postgres.ts';
import { openProxy, type RoundRobin } from './proxy.ts';

/** Several nodes on one PostgreSQL that keeps what it commits, behind a proxy; a simulator and a shop beside them. */

export interface Node {
  readonly name: string;
  /** Stays the same over its lives. */
  readonly url: string;
  /** The process that lives at the moment. */
  server(): Server;
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
}

export interface Cluster {
  readonly postgres: OwnPostgres;
  /** Address of the nodes' database. */
  readonly at: string;
  readonly nodes: readonly Node[];
  readonly proxy: RoundRobin;
  readonly simulator: Server;
  readonly shop: Shop;
  readonly headers: Readonly<Record<string, string>>;
  /** What every node and every command is told. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export const OWNER = { email: 'owner@shop.example', password: 'correct horse battery' } as const;

const NAMES = ['A', 'B'] as const;
/** Some shops think for a while, so that a node that is killed has deliveries under way. */
const SLOW_SHARE = 0.25;
const SLOW_MS = 700;
const START_MS = 60_000;

/** Null when the machine has no PostgreSQL. */
export async function openCluster(): Promise<Cluster | null> {
  const postgres = await makeOwnPostgres({ settings: SAFE });
  if (!postgres) return null;
  const proxy = openProxy();
  const shop = new Shop(() => (Math.random() < SLOW_SHARE ? SLOW_MS : 0));
  const stop = async () => {
    shop.stop();
    proxy.stop();
    await postgres.remove();
  };
  try {
    await postgres.start();
    return await openAt(postgres, proxy, shop, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openAt(postgres: OwnPostgres, proxy: RoundRobin, shop: Shop, stop: Cluster['stop']): Promise<Cluster> {
  const { at } = await openEmptyPostgres(postgres.url);
  const simulator = await simulate();
  const env = {
    ...pointAt(simulator.url),
    PAYCORE_DATABASE_URL: at,
    PAYCORE_MASTER_KEY: randomBytes(32).toString('base64'),
    PAYCORE_PUBLIC_URL: proxy.url,
    PAYCORE_TRUSTED_PROXIES: '127.0.0.1',
    PAYCORE_RATE_LIMIT: 'off',
    PAYCORE_LOG_LEVEL: 'warn',
  };
  const { api_key } = await createKey(makeFolder('command'), 'shop', { env });
  await prepare(env, simulator, proxy);
  const nodes = await Promise.all(NAMES.map((name) => openNode(name, env)));
  proxy.lead(nodes.map(({ url }) => url));
  return { postgres, at, nodes, proxy, simulator, shop, env, headers: { 'x-api-key': api_key }, stop };
}

/** An owner, and the accounts that the payer's page takes money with. */
async function prepare(env: Readonly<Record<string, string>>, simulator: Server, proxy: RoundRobin): Promise<void> {
  const command = async (args: readonly string[], input: string) => {
    const { code, stderr } = await run(args, { env, input });
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  };
  await command(['admin', 'create', '--email', OWNER.email, '--name', 'Owner', '--password-stdin'], OWNER.password);
  const accounts = { ecpay: { ...STAGE, environment: 'stage' }, paypal: SIMULATED.paypal };
  for (const [gateway, account] of Object.entries(accounts))
    await command(['credentials', 'set', '--project', 'shop', '--gateway', gateway], JSON.stringify(account));
  const { secret_key, publishable_key, webhook_secret } = SIMULATED.stripe ?? {};
  const webhook_url = `${proxy.url}/api/paycore/webhooks/stripe`;
  const account = { secret_key, publishable_key, webhook_secret, webhook_url };
  await post(`${simulator.url}/simulator/stripe/accounts`, account);
}

async function openNode(name: string, env: Readonly<Record<string, string>>): Promise<Node> {
  const dataDir = makeFolder(`node-${name}`);
  let server = await serve(dataDir, env);
  const { url, port } = server;
  return {
    name,
    url,
    server: () => server,
    kill: async () => void (await server.process.kill('SIGKILL')),
    async start() {
      const again = { ...env, PAYCORE_PORT: String(port) };
      // As whoever supervises it does: one that found no database in time is started again.
      server = await poll(`node ${name} starts`, () => serve(dataDir, again).catch(() => null), START_MS);
      await poll('answers again', async () => ((await get(`${url}/healthz`)).status === 200 ? true : null));
    },
  };
}
