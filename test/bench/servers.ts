import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../binary/support/binary.ts';
import { STAGE } from '../binary/support/ecpay.ts';
import { at, text } from '../binary/support/json.ts';
import { pointAt, serve } from '../binary/support/parties.ts';
import { type BaselinePayment, fillBaseline, openBaseline } from './baseline.ts';
import type { LoadJob, LoadResult } from './load.ts';

/** The two servers that are compared, each its own process, and the shop that PayCore notifies. */

export interface Measured {
  readonly port: number;
  memoryMb(): number;
  stop(): Promise<void>;
}

export interface PayCore extends Measured {
  readonly apiKey: string;
  /** Takes every notification at once. */
  readonly liveShop: CountingShop;
  /** Never answers. */
  readonly silentShop: CountingShop;
}

export interface CountingShop {
  readonly url: string;
  readonly heard: () => number;
}

export interface OpenPayment extends BaselinePayment {
  readonly pagePath: string;
}

const memoryOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);

export async function startPayCore(dataDir: string, simulatorUrl: string, apiKey: string): Promise<PayCore> {
  const live = openShop(() => new Response(null, { status: 204 }));
  const silent = openShop(() => new Promise<Response>(() => {}));
  const { port, process } = await serve(dataDir, {
    ...pointAt(simulatorUrl),
    PAYCORE_LOG_LEVEL: 'info',
    // One key and one address ask as much as all shops and payers of the world.
    PAYCORE_RATE_LIMIT: 'off',
  });
  return {
    port,
    apiKey,
    liveShop: live.shop,
    silentShop: silent.shop,
    memoryMb: () => memoryOf(process.pid),
    async stop() {
      silent.stop();
      await process.kill('SIGTERM');
      live.stop();
    },
  };
}

function openShop(answer: () => Response | Promise<Response>): { shop: CountingShop; stop(): void } {
  let heard = 0;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 255,
    fetch: () => {
      heard += 1;
      return answer();
    },
  });
  return {
    shop: { url: `http://127.0.0.1:${server.port}/payok`, heard: () => heard },
    stop: () => void server.stop(true),
  };
}

export async function startBaseline(folder: string, payments: readonly BaselinePayment[]): Promise<Measured> {
  const path = join(folder, 'baseline.db');
  const db = openBaseline(path);
  fillBaseline(db, payments);
  db.close();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'baseline.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const port = Number(/listening (\d+)/.exec(new TextDecoder().decode(value))?.[1]);
  return {
    port,
    memoryMb: () => memoryOf(child.pid),
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
    },
  };
}

/** Runs the load generator as a process of its own. */
export async function load(job: LoadJob): Promise<LoadResult> {
  const file = join(makeFolder('job'), 'job.json');
  await Bun.write(file, JSON.stringify(job));
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'load.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error('the load generator failed');
  const result: LoadResult = JSON.parse(output);
  if (result.bad > 0) throw new Error(`${result.bad} of ${job.requests.length} answers are wrong: ${result.firstBad}`);
  return result;
}

/** Payments that wait for their money, created through the API. */
export async function makePayments(
  { port, apiKey }: Pick<PayCore, 'port' | 'apiKey'>,
  prefix: string,
  count: number,
  payokUrl: string,
  route = 'aio/credit',
): Promise<readonly OpenPayment[]> {
  const keep = join(makeFolder('made'), 'made.json');
  const credentials = { ...STAGE, environment: 'stage' };
  const requests = Array.from({ length: count }, (_, index) => {
    const order = { merchant_order_no: `${prefix}-${index}`, amount: 100 + (index % 900), payok_url: payokUrl };
    return [`/api/paycore/pay/ecpay/${route}`, JSON.stringify({ ...order, gateway_credentials: credentials })] as const;
  });
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
  await load({ port, inFlight: 32, method: 'POST', headers, requests, expect: { status: 201, body: '' }, keep });
  const answers: unknown[] = JSON.parse(readFileSync(keep, 'utf8'));
  return answers.map((answer) => readPayment(JSON.parse(String(answer))));
}

function readPayment(answer: unknown): OpenPayment {
  const url = new URL(text(answer, 'data', 'payment_url'));
  return {
    paymentNo: text(answer, 'data', 'payment_no'),
    orderNo: text(answer, 'data', 'gateway_order_no'),
    amount: Number(at(answer, 'data', 'amount')),
    token: url.searchParams.get('token') ?? '',
    code: String(at(answer, 'data', 'payment_info', 'payment_code') ?? 'LLL26213917389'),
    pagePath: url.pathname + url.search,
  };
}
