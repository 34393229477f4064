import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAsset } from '../assets.ts';
import { type Config, readConfig } from '../config.ts';
import { drawText } from '../core/ids.ts';
import { createShop } from '../demo/shop.tsx';
import { findGateway } from '../gateways/index.ts';
import { storeCredential } from '../payments/secrets.ts';
import { type CreatedKey, createKey } from './key.ts';
import { type Listener, listen } from './listen.ts';
import { makeDataFolder, openData } from './open.ts';
import { type RunningServer, startServer } from './server.ts';
import { waitForSignal } from './signal.ts';
import { type RunningSimulator, startSimulator } from './simulator.ts';

export const usage = 'paycore demo [--json]        PayCore, simulator and a small shop, ready to try; no real money';

/** ECPay's published stage merchant (ECPay developer documentation, page 2856). */
const STAGE_MERCHANT = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
const LOOPBACK = '127.0.0.1';
const DEFAULT_PORTS = { server: 8080, simulator: 9090, shop: 8081 };

/** The numbers a demo shows at once. */
const OFFLINE_METHODS = ['atm', 'cvs', 'barcode'] as const;

interface Demo {
  readonly server: RunningServer;
  readonly simulator: RunningSimulator;
  readonly shop: { readonly url: string; readonly listener: Listener };
  readonly key: CreatedKey;
}

/**
 * The data directory is thrown away at the end, unless PAYCORE_DATA_DIR names one: then the next demo goes on where this
 * one stopped, on the same ports.
 */
export async function run(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  const ended = waitForSignal();
  const kept = process.env.PAYCORE_DATA_DIR;
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'paycore-demo-'));
  const demo = await start(folder);
  const payments = await makePayments(demo);
  const facts = describe(demo, payments);
  if (values.json) print(JSON.stringify(facts));
  else printGuide(facts, folder, kept === undefined, print);
  await ended;
  await demo.server.stop();
  await Promise.all([demo.simulator.stop(), demo.shop.listener.stop()]);
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

async function start(folder: string): Promise<Demo> {
  makeDataFolder(folder);
  const ports = readPorts(folder);
  const simulator = await onFreePort(ports.simulator, (port) =>
    startSimulator(LOOPBACK, port, join(folder, 'simulator.jsonl')),
  );
  const key = await prepareProject(readConfig({ ...process.env, PAYCORE_DATA_DIR: folder }));
  const css = await readAsset('web/shop.css');
  const shop = createShop({ secret: key.notification_secret, now: Date.now, css });
  const listener = await onFreePort(ports.shop, (port) => listen({ host: LOOPBACK, port, fetch: shop.fetch }));
  const wanted = process.env.PAYCORE_PORT ? Number(process.env.PAYCORE_PORT) : ports.server;
  const server = process.env.PAYCORE_PORT
    ? await startServer(demoConfig(folder, simulator.url, wanted), { echo: false })
    : await onFreePort(wanted, (port) => startServer(demoConfig(folder, simulator.url, port), { echo: false }));
  writePorts(folder, { server: server.port, simulator: simulator.port, shop: listener.port });
  return { server, simulator, key, shop: { url: `http://${LOOPBACK}:${listener.port}`, listener } };
}

/** The environment of the user counts; only what a demo needs is added. */
function demoConfig(folder: string, simulatorUrl: string, port: number): Config {
  const allowed = [process.env.PAYCORE_NOTIFY_ALLOW, LOOPBACK, 'localhost'].filter(Boolean).join(',');
  return readConfig({
    PAYCORE_ECPAY_PAYMENT_URL: simulatorUrl,
    PAYCORE_ECPAY_ECPAYMENT_URL: simulatorUrl,
    PAYCORE_ECPAY_ECPG_URL: simulatorUrl,
    ...process.env,
    PAYCORE_DATA_DIR: folder,
    PAYCORE_PORT: String(port),
    PAYCORE_NOTIFY_ALLOW: allowed,
  });
}

/** Tries the usual port first, so that links stay the same from one demo to the next. */
async function onFreePort<T>(port: number, open: (port: number) => T | Promise<T>): Promise<T> {
  try {
    return await open(port);
  } catch {
    return open(0);
  }
}

function readPorts(folder: string): typeof DEFAULT_PORTS {
  const path = join(folder, 'demo.json');
  return existsSync(path) ? { ...DEFAULT_PORTS, ...JSON.parse(readFileSync(path, 'utf8')) } : DEFAULT_PORTS;
}

function writePorts(folder: string, ports: typeof DEFAULT_PORTS): void {
  writeFileSync(join(folder, 'demo.json'), JSON.stringify(ports));
}

/** A project with a test key and ECPay's published stage credentials, so that calls need to bring none. */
async function prepareProject(config: Config): Promise<CreatedKey> {
  const opened = openData(config);
  try {
    const key = await createKey(opened, 'PayCore Demo', 'test');
    const project = await opened.store.ensureProject(key.project, new Uint8Array(), Date.now());
    const ecpay = findGateway('ecpay');
    if (!ecpay) throw new Error('the registry has no ecpay');
    const parts = { ...opened, clock: { now: Date.now } };
    await opened.store.makeCurrentCredential(await storeCredential(parts, project.id, ecpay, STAGE_MERCHANT, 'stage'));
    return key;
  } finally {
    opened.db.close();
  }
}

interface MadePayment {
  readonly gateway: string;
  readonly method: string;
  readonly payment_no: string;
  readonly payment_url: string;
}

async function makePayments(demo: Demo): Promise<readonly MadePayment[]> {
  const made: MadePayment[] = [];
  for (const method of OFFLINE_METHODS) {
    const response = await fetch(`http://${LOOPBACK}:${demo.server.port}/api/paycore/pay/ecpay/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': demo.key.api_key },
      body: JSON.stringify(exampleOrder(demo, `DEMO-${method.toUpperCase()}`)),
    });
    const answer = (await response.json()) as { data?: MadePayment; message: string };
    if (!answer.data) throw new Error(`the demo payment by ${method} was refused: ${answer.message}`);
    const { gateway, payment_no, payment_url } = answer.data;
    made.push({ gateway, method, payment_no, payment_url });
  }
  return made;
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

type Facts = ReturnType<typeof describe>;

function describe(demo: Demo, payments: readonly MadePayment[]) {
  const { publicUrl } = demo.server;
  const body = JSON.stringify(exampleOrder(demo, 'ORDER'));
  return {
    public_url: publicUrl,
    admin_url: null,
    swagger_url: `${publicUrl}/swagger`,
    simulator_url: `${demo.simulator.url}/simulator`,
    shop_url: demo.shop.url,
    api_key: demo.key.api_key,
    notification_secret: demo.key.notification_secret,
    curl: `curl -X POST ${publicUrl}/api/paycore/pay/ecpay/cvs -H 'X-API-KEY: ${demo.key.api_key}' -H 'Content-Type: application/json' -d '${body}'`,
    payments,
  };
}

function printGuide(facts: Facts, folder: string, throwaway: boolean, print: (line: string) => void): void {
  print('PayCore demo: everything runs on this machine, no real money\n');
  print('Payment pages (open one on your phone or here)');
  for (const payment of facts.payments) print(`  ${payment.method.padEnd(9)}${payment.payment_url}`);
  print('\nPay them');
  print(`  simulator  ${facts.simulator_url}`);
  print('\nSee the notification arrive');
  print(`  shop       ${facts.shop_url}`);
  print('\nCall the API yourself');
  print(`  Swagger    ${facts.swagger_url}`);
  print(`  API key    ${facts.api_key}\n`);
  print(facts.curl);
  print(`\nData: ${folder}${throwaway ? ' (thrown away at the end)' : ''}. Stop with Ctrl-C.`);
}
