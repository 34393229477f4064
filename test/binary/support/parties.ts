import { list, text } from './json.ts';
import { poll, type Running, type RunOptions, run, start } from './process.ts';

/** PayCore, the simulator and a shop, each as it would run for real. */

export interface Server {
  readonly url: string;
  readonly port: number;
  readonly process: Running;
}

/** On a machine that has much else to do. */
const START_MS = 45_000;

/** `paycore serve` until it answers. */
export async function serve(
  dataDir: string,
  env: Record<string, string> = {},
  options: RunOptions = {},
): Promise<Server> {
  const process = start(['serve'], {
    ...options,
    env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0', ...env },
  });
  const [, port = ''] = await process.waitFor(/listening\s+https?:\/\/[^\s:]+:(\d+)/, START_MS);
  return { url: `http://127.0.0.1:${port}`, port: Number(port), process };
}

/** `paycore simulator` on a free port. */
export async function simulate(options: { readonly data?: string } = {}): Promise<Server> {
  const data = options.data === undefined ? [] : ['--data', options.data];
  const process = start(['simulator', '--port', '0', '--json', ...data]);
  const [line] = await process.waitFor(/^\{.*\}$/m);
  const url = text(JSON.parse(line), 'simulator_url');
  return { url, port: Number(new URL(url).port), process };
}

/** Every gateway service that has an origin of its own. */
const SERVICES = [
  'ECPAY_PAYMENT',
  'ECPAY_ECPAYMENT',
  'ECPAY_ECPG',
  'SMILEPAY',
  'PAYPAL',
  'STRIPE',
  'STRIPE_JS',
  'PLUS',
];

/** Environment that leads PayCore to a simulator and lets it notify shops on this machine. */
export function pointAt(simulatorUrl: string): Record<string, string> {
  const origins = SERVICES.map((name) => [`PAYCORE_${name}_URL`, simulatorUrl]);
  return { ...Object.fromEntries(origins), PAYCORE_NOTIFY_ALLOW: '127.0.0.1' };
}

export interface Key {
  readonly api_key: string;
  readonly notification_secret: string;
}

export async function createKey(dataDir: string, project = 'shop', options: RunOptions = {}): Promise<Key> {
  const { code, stdout, stderr } = await run(['key', 'create', '--project', project, '--test', '--json'], {
    ...options,
    env: { PAYCORE_DATA_DIR: dataDir, ...options.env },
  });
  if (code !== 0) throw new Error(`key create ended with ${code}: ${stderr}`);
  const made: unknown = JSON.parse(stdout);
  return { api_key: text(made, 'api_key'), notification_secret: text(made, 'notification_secret') };
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function readAnswer(response: Response): Promise<Answer> {
  const body = await response.text();
  try {
    return { status: response.status, body: JSON.parse(body) };
  } catch {
    return { status: response.status, body };
  }
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const raw = typeof body === 'string';
  return readAnswer(
    await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...(raw ? {} : { 'content-type': 'application/json' }), ...headers },
      body: raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    }),
  );
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return readAnswer(await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(20_000) }));
}

/** The order at the simulator that carries this number. */
export function simulatorOrder(
  simulatorUrl: string,
  orderNo: string,
  action = '',
  body: unknown = {},
): Promise<Answer> {
  const url = `${simulatorUrl}/simulator/orders/${orderNo}`;
  return action === '' ? get(url) : post(`${url}/${action}`, body);
}

export interface Delivery {
  readonly webhookId: string;
  readonly body: unknown;
}

/** A shop on this machine that keeps what it is told. */
export class Shop {
  readonly deliveries: Delivery[] = [];
  readonly #answerAfterMs: () => number;
  readonly #server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const webhookId = request.headers.get('webhook-id') ?? '';
      this.deliveries.push({ webhookId, body: await request.json() });
      const ms = this.#answerAfterMs();
      if (ms > 0) await Bun.sleep(ms);
      return new Response(null, { status: 204 });
    },
  });

  constructor(answerAfterMs = () => 0) {
    this.#answerAfterMs = answerAfterMs;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}/payok`;
  }

  /** Waits until a notification about this payment has come. */
  about(paymentNo: string, ms = 10_000): Promise<Delivery> {
    const syncAttempt = () => this.deliveries.find((one) => text(one.body, 'payment_no') === paymentNo) ?? null;
    return poll(`notification of ${paymentNo}`, syncAttempt, ms);
  }

  stop(): void {
    void this.#server.stop(true);
  }
}

/** Callbacks of an order at the simulator that were acknowledged. */
export function acknowledged(order: unknown): number {
  return list(order, 'callbacks').filter((record) => (record as { acknowledged?: unknown }).acknowledged === true)
    .length;
}
