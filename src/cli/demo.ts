import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAsset } from '../assets.ts';
import type { Config } from '../config.ts';
import { drawText, makeId } from '../core/ids.ts';
import { deskLocaleOf } from '../core/locale.ts';
import { ACCOUNTS, INTRODUCED_AT } from '../demo/accounts.ts';
import { type Buy, createShop } from '../demo/shop.ts';
import { listWays, type Way } from '../demo/ways.ts';
import type { Deps } from '../deps.ts';
import { readCredentials, storeCredential } from '../payments/projects/credentials.ts';
import { type CreatedKey, createKey } from '../payments/projects/keys.ts';
import { createFirstOwner } from '../people/people.ts';
import { makeSignInLink, SIGN_IN_PATH } from '../people/sign-in-link.ts';
import { findOriginVariables, loadConfig } from '../program.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { makeDataFolder } from './data-folder.ts';
import { findMoved, keepPorts, type Moved, openOn, planPorts } from './demo-ports.ts';
import { type Listener, listen } from './listen.ts';
import { type RunningServer, startServer } from './server.ts';
import { waitForSignal } from './signal.ts';
import { type RunningSimulator, startSimulator } from './simulator.ts';
import { openProgram } from './system.ts';

export const usage = `paycore demo [--port 8080] [--shop-port 8081] [--simulator-port 9090] [--json]
    PayCore, simulator and a small shop, ready to try; no real money. A usual port that is taken: the next free one`;

const LOOPBACK = '127.0.0.1';
const text = { type: 'string' } as const;
const OPTIONS = {
  port: text,
  'shop-port': text,
  'simulator-port': text,
  json: { type: 'boolean', default: false },
} as const;

type Ports = ReturnType<typeof planPorts>;

interface Demo {
  readonly server: RunningServer;
  readonly simulator: RunningSimulator;
  readonly shop: { readonly url: string; readonly listener: Listener };
  readonly key: CreatedKey;
  readonly ways: readonly Way[];
  readonly moved: readonly Moved[];
}

/**
 * The data directory is thrown away at the end, unless PAYCORE_DATA_DIR names one: then the next demo goes on where this
 * one stopped, on the same ports.
 */
export async function run(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const ended = waitForSignal();
  const kept = process.env.PAYCORE_DATA_DIR;
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'paycore-demo-'));
  makeDataFolder(folder);
  const demo = await start(folder, planPorts(values, process.env, folder));
  const payments = await makePayments(demo);
  const facts = describe(demo, payments, await enter(demo.server.deps));
  if (values.json) print(JSON.stringify(facts));
  else printGuide(facts, folder, kept === undefined, print);
  await ended;
  await demo.server.stop();
  await Promise.all([demo.simulator.stop(), demo.shop.listener.stop()]);
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

async function start(folder: string, plans: Ports): Promise<Demo> {
  const home: { payments?: string; shop?: string } = {};
  const simulator = await openOn(plans.simulator, (port) =>
    startSimulator({ host: LOOPBACK, port, dataFile: join(folder, 'simulator.jsonl'), home: () => home }),
  );
  const { key, ways } = await prepareProject(demoConfig(folder, simulator.url, 0));
  const [css, script] = await Promise.all([readAsset('assets/shop.css'), readAsset('assets/shop.js')]);
  let buy: Buy = async () => ({ problem: 'PayCore has not started yet.' });
  const shop = createShop({
    secret: key.notification_secret,
    now: Date.now,
    files: { '/shop.css': css, '/shop.js': script },
    ways,
    buy: (way) => buy(way),
  });
  const listener = await openOn(plans.shop, (port) => listen({ host: LOOPBACK, port, fetch: shop.fetch }));
  const server = await openOn(plans.server, (port) =>
    startServer(demoConfig(folder, simulator.url, port), { echo: false, standIn: simulator.url }),
  );
  const ports = { server: server.port, simulator: simulator.port, shop: listener.port };
  keepPorts(folder, ports);
  const shopUrl = `http://${LOOPBACK}:${listener.port}`;
  Object.assign(home, { payments: new URL(server.publicUrl).origin, shop: shopUrl });
  const moved = findMoved(plans, ports);
  const demo = { server, simulator, key, ways, moved, shop: { url: shopUrl, listener } };
  await introduceAccounts(demo);
  buy = async (way) => {
    const { data, message } = await create(demo, way);
    return data ?? { problem: message };
  };
  return demo;
}

/** Some gateways are told in their dashboards where their events go; the simulator is told here. */
async function introduceAccounts({ server, simulator }: Demo): Promise<void> {
  for (const [gateway, path] of Object.entries(INTRODUCED_AT)) {
    const webhook_url = `http://${LOOPBACK}:${server.port}/api/paycore/webhooks/${gateway}`;
    await fetch(simulator.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ACCOUNTS[gateway], webhook_url }),
    });
  }
}

/** The environment of the user counts; only what a demo needs is added. */
function demoConfig(folder: string, simulatorUrl: string, port: number): Config {
  const allowed = [process.env.PAYCORE_NOTIFY_ALLOW, LOOPBACK, 'localhost'].filter(Boolean).join(',');
  const simulated = findOriginVariables().map((name) => [name, simulatorUrl]);
  return loadConfig({
    ...Object.fromEntries(simulated),
    ...process.env,
    PAYCORE_DATA_DIR: folder,
    PAYCORE_PORT: String(port),
    PAYCORE_NOTIFY_ALLOW: allowed,
  });
}

/** A project with a test key and an account at every gateway, so that calls need to bring none. */
async function prepareProject(config: Config): Promise<Pick<Demo, 'key' | 'ways'>> {
  const { deps } = await openProgram(config);
  try {
    const key = await createKey(deps, 'PayCore Demo', 'test');
    const project = await deps.store.ensureProject(key.project, new Uint8Array(), Date.now());
    for (const gateway of deps.gateways.list) {
      const given = ACCOUNTS[gateway.id];
      if (!given) continue;
      const { secrets, environment } = readCredentials(deps, gateway, 'test', given);
      const id = await storeCredential(deps, project.id, gateway, secrets, environment);
      await deps.store.makeCurrentCredential(id);
    }
    return { key, ways: listWays(deps.gateways) };
  } finally {
    await deps.store.close();
  }
}

interface MadePayment {
  readonly gateway: string;
  readonly method: string;
  readonly payment_no: string;
  readonly merchant_order_no: string;
  readonly payment_url: string;
}

async function makePayments(demo: Demo): Promise<readonly ShownPayment[]> {
  const made: ShownPayment[] = [];
  for (const way of demo.ways.filter(({ isNumber }) => isNumber)) {
    const answer = await create(demo, way);
    if (!answer.data) throw new Error(`the demo payment by ${way.route} was refused: ${answer.message}`);
    const { gateway, method, payment_no, payment_url } = answer.data;
    made.push({ gateway, method, payment_no, payment_url });
  }
  return made;
}

type ShownPayment = Omit<MadePayment, 'merchant_order_no'>;

interface ApiAnswer {
  readonly data?: MadePayment;
  readonly message: string;
}

async function create(demo: Demo, way: Way): Promise<ApiAnswer> {
  const prefix = `DEMO-${way.route.replaceAll('/', '-').toUpperCase()}`;
  const { amount, currency } = way;
  const response = await fetch(`http://${LOOPBACK}:${demo.server.port}/api/paycore/${way.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': demo.key.api_key },
    body: JSON.stringify({
      ...exampleOrder(demo, prefix),
      cancel_url: `${demo.shop.url}/`,
      amount,
      currency,
      buyer_email: 'payer@example.com',
      buyer_name: '王小明',
    }),
  });
  return (await response.json()) as ApiAnswer;
}

function exampleOrder({ shop }: Demo, prefix: string) {
  return {
    merchant_order_no: `${prefix}-${drawText(randomBytes, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 6)}`,
    amount: 980,
    item_name: '手沖咖啡豆 半磅',
    success_url: `${shop.url}/thanks`,
    payok_url: `${shop.url}/payok`,
  };
}

/** Where whoever tries the demo is signed in as its owner. The password is known to nobody. */
async function enter(deps: Deps): Promise<string> {
  const locale = deskLocaleOf(deps.config.locale);
  const owner = { email: 'owner@paycore.example', name: 'PayCore Demo', password: makeId('demo', randomBytes), locale };
  const person = (await createFirstOwner(deps, owner)) ?? (await findOwner(deps));
  return `${SIGN_IN_PATH}?token=${await makeSignInLink(deps, person)}`;
}

async function findOwner({ store }: Deps): Promise<PersonRow> {
  const owner = (await store.listPeople()).find(({ role, disabledAt }) => role === 'owner' && disabledAt === null);
  if (!owner) throw new Error('there is nobody who owns the data of this demo');
  return owner;
}

type Facts = ReturnType<typeof describe>;

function describe(demo: Demo, payments: readonly ShownPayment[], adminPath: string) {
  const { publicUrl } = demo.server;
  const body = JSON.stringify(exampleOrder(demo, 'ORDER'));
  return {
    public_url: publicUrl,
    admin_url: publicUrl + adminPath,
    swagger_url: `${publicUrl}/swagger`,
    simulator_url: `${demo.simulator.url}/simulator`,
    shop_url: demo.shop.url,
    api_key: demo.key.api_key,
    notification_secret: demo.key.notification_secret,
    curl: `curl -X POST ${publicUrl}/api/paycore/pay/ecpay/cvs -H 'X-API-KEY: ${demo.key.api_key}' -H 'Content-Type: application/json' -d '${body}'`,
    payments,
    /** Usual ports that were taken, and what is listened on instead. */
    moved: demo.moved,
  };
}

function printGuide(facts: Facts, folder: string, throwaway: boolean, print: (line: string) => void): void {
  print('PayCore demo: everything runs on this machine, and no money is real.\n');
  print('Buy something in the shop, and see its notifications arrive');
  print(`  shop       ${facts.shop_url}\n`);
  print('Pay for it in the simulator, which stands in for the gateways');
  print(`  simulator  ${facts.simulator_url}\n`);
  print('See every payment in the admin desk; this link signs you in as long as the demo runs');
  print(`  admin      ${facts.admin_url}\n`);
  print('Payment pages that are waiting already');
  for (const { gateway, method, payment_url } of facts.payments) {
    print(`  ${`${gateway} ${method}`.padEnd(18)}${payment_url}`);
  }
  print('\nCall the API yourself');
  print(`  Swagger    ${facts.swagger_url}`);
  print(`  API key    ${facts.api_key}`);
  print(`  secret     ${facts.notification_secret} (signs the notifications)\n`);
  print(facts.curl);
  if (facts.moved.length > 0) print('');
  for (const { service, wanted, port } of facts.moved) {
    print(`Port ${wanted} is taken, so the ${service} listens on ${port}.`);
  }
  print(`\nData: ${folder}${throwaway ? ' (thrown away at the end)' : ''}. Stop with Ctrl-C.`);
}
