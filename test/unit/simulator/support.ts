import { afterEach, beforeEach } from 'bun:test';
import { checkMacValue } from '../../../src/simulator/ecpay/checksum.ts';
import { openText, seal } from '../../../src/simulator/ecpay/envelope.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/index.ts';
import { type SimulatorAccount, stageAccounts } from '../../../src/simulator/options.ts';

export const ORIGIN = 'http://simulator.test';
/** 2026/06/22 15:30:00 in Taipei. */
export const NOW = Date.UTC(2026, 5, 22, 7, 30, 0);

const fallback: SimulatorAccount = { merchantId: '', hashKey: '', hashIv: '' };
export const account: SimulatorAccount = stageAccounts[0] ?? fallback;
export const otherAccount: SimulatorAccount = stageAccounts[1] ?? fallback;

export interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A shop that keeps what it receives and answers as it is told. */
export class Shop {
  readonly received: Received[] = [];
  answer: () => Response | Promise<Response> = () => new Response('1|OK');
  readonly #server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const path = new URL(request.url).pathname;
      this.received.push({ path, headers: request.headers, body: await request.text() });
      return this.answer();
    },
  });

  url(path: string): string {
    return `http://127.0.0.1:${this.#server.port}${path}`;
  }

  form(at: number): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(this.received.at(at)?.body ?? ''));
  }

  stop(): void {
    void this.#server.stop(true);
  }
}

/** Timers that run only when a test lets time pass. */
export class Timers {
  readonly waiting: { readonly ms: number; readonly run: () => void }[] = [];

  readonly set = (run: () => void, ms: number): (() => void) => {
    const timer = { ms, run };
    this.waiting.push(timer);
    return () => {
      const at = this.waiting.indexOf(timer);
      if (at >= 0) this.waiting.splice(at, 1);
    };
  };

  /** Fires what waits and gives the post time to come back. */
  async fire(): Promise<void> {
    for (const timer of this.waiting.splice(0)) timer.run();
    await Bun.sleep(40);
  }

  /** So many times, each when there is something that waits; and twice more, for what nobody expects. */
  async fireTimes(times: number): Promise<void> {
    for (let round = 0; round < times; round += 1) {
      for (let left = 1000; this.waiting.length === 0 && left > 0; left -= 1) await Bun.sleep(5);
      await this.fire();
    }
    await this.fire();
    await this.fire();
  }
}

export function start(options: SimulatorOptions = {}): Simulator {
  return createSimulator({ now: () => NOW, ...options });
}

/** Stands for what `current` gives at the moment it is used. */
function standIn<T extends object>(current: () => T): T {
  return new Proxy((() => {}) as unknown as T, {
    apply: (_, __, given) => Reflect.apply(current() as never, undefined, given),
    set: (_, name, value) => Reflect.set(current(), name, value),
    get(_, name) {
      const value = Reflect.get(current(), name);
      return typeof value === 'function' ? value.bind(current()) : value;
    },
  });
}

/** What `open` makes before every test of a file; each part stands for that of the test that runs, and is closed after it. */
export function useEach<T extends object>(open: () => T | Promise<T>, close: (opened: T) => unknown): T {
  let opened: T | null = null;
  const current = (): T => {
    if (opened === null) throw new Error('nothing is open outside a test');
    return opened;
  };
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await close(current());
    opened = null;
  });
  return new Proxy({} as T, { get: (_, name) => standIn(() => Reflect.get(current(), name) as object) });
}

export const quiet = (async () => new Response('1|OK')) as unknown as typeof fetch;

/** A simulator by a clock and timers that a test moves. */
export const useSimulator = (options: SimulatorOptions = {}) =>
  useEach(
    () => {
      const [clock, timers] = [{ now: NOW }, new Timers()];
      const simulator = start({ now: () => clock.now, setTimer: timers.set, ...options });
      return { clock, timers, simulator };
    },
    ({ simulator }) => simulator.stop(),
  );

/** The same beside a shop that hears of what happens. */
export const useShop = (options: SimulatorOptions = {}) =>
  useEach(
    () => {
      const [clock, timers, shop] = [{ now: NOW }, new Timers(), new Shop()];
      const simulator = start({ now: () => clock.now, setTimer: timers.set, ...options });
      return { clock, timers, shop, simulator };
    },
    ({ simulator, shop }) => {
      simulator.stop();
      shop.stop();
    },
  );

export function signed(fields: Record<string, string>, keys: SimulatorAccount = account): Record<string, string> {
  return { ...fields, CheckMacValue: checkMacValue(Object.entries(fields), keys) };
}

export function postForm(
  simulator: Simulator,
  path: string,
  fields: Record<string, string> | [string, string][],
): Promise<Response> {
  // What a browser says about itself when it posts a form.
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(fields).toString();
  return simulator.fetch(new Request(ORIGIN + path, { method: 'POST', headers, body }));
}

export function postJson(simulator: Simulator, path: string, value?: unknown): Promise<Response> {
  const body = value === undefined ? '' : JSON.stringify(value);
  const headers = { 'content-type': 'application/json' };
  return simulator.fetch(new Request(ORIGIN + path, { method: 'POST', headers, body }));
}

export function get(simulator: Simulator, path: string): Promise<Response> {
  return simulator.fetch(new Request(ORIGIN + path));
}

export interface OrderView {
  readonly [name: string]: unknown;
  readonly status: string;
  readonly info: Record<string, string>;
  readonly callbacks: { kind: string; acknowledged: boolean; status: number | null; answer: string; error?: string }[];
  readonly retry_at?: string;
}

export async function orderOf(simulator: Simulator, merchantTradeNo: string): Promise<OrderView> {
  return (await (await get(simulator, `/simulator/orders/${merchantTradeNo}`)).json()) as OrderView;
}

/** Resolves once something is so, or fails the test by its time limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await Bun.sleep(2);
}

/** Fields without those that were taken away. */
export function dropGaps(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A cashier request with nothing wrong; `undefined` takes a field away. */
export function aioFields(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const fields = {
    MerchantID: account.merchantId,
    MerchantTradeNo: 'ORDER0001',
    MerchantTradeDate: '2026/06/22 15:30:00',
    PaymentType: 'aio',
    TotalAmount: '980',
    TradeDesc: 'PayCore order',
    ItemName: '測試商品',
    ReturnURL: 'https://shop.example/return',
    ChoosePayment: 'Credit',
    EncryptType: '1',
    ...changes,
  };
  return dropGaps(fields);
}

export async function checkOut(
  simulator: Simulator,
  changes: Record<string, string | undefined> = {},
  keys: SimulatorAccount = account,
): Promise<string> {
  const response = await postForm(simulator, '/Cashier/AioCheckOut/V5', signed(aioFields(changes), keys));
  return response.text();
}

/** The code on ECPay's error page; empty when the order was taken. */
export function errorCode(html: string): string {
  return /data-error-code="(\d+)"/.exec(html)?.[1] ?? '';
}

type Data = Record<string, unknown>;

/** OrderInfo of both JSON services. */
function orderData(MerchantTradeNo: string, changes: Data): Data {
  return {
    MerchantTradeDate: '2026/06/22 15:30:00',
    MerchantTradeNo,
    TotalAmount: 980,
    ReturnURL: 'https://shop.example/return',
    TradeDesc: 'PayCore order',
    ItemName: '測試商品',
    ...changes,
  };
}

export function codeData(changes: Data = {}, orderInfo: Data = {}): Data {
  return {
    MerchantID: account.merchantId,
    ChoosePayment: 'ATM',
    OrderInfo: orderData('CODE0001', orderInfo),
    ATMInfo: { ExpireDate: 7, ATMBankCode: '822' },
    CustomField: 'PAY1',
    ...changes,
  };
}

export function envelope(data: unknown, changes: Data = {}, keys: SimulatorAccount = account): Data {
  return {
    MerchantID: account.merchantId,
    RqHeader: { Timestamp: Math.floor(NOW / 1000) },
    Data: seal(data, keys),
    ...changes,
  };
}

export interface Reply {
  readonly MerchantID: string;
  readonly TransCode: number;
  readonly TransMsg: string;
  readonly Data: string;
}

export function openReply(reply: Pick<Reply, 'Data'>): Record<string, unknown> & { OrderInfo: Data } {
  return JSON.parse(openText(reply.Data, account) ?? 'null');
}

export async function askService(simulator: Simulator, path: string, body: unknown): Promise<Reply> {
  return (await (await postJson(simulator, path, body)).json()) as Reply;
}

/** Asks for a code and opens the answer. */
export async function generate(simulator: Simulator, data: Data): Promise<ReturnType<typeof openReply>> {
  return openReply(await askService(simulator, '/1.0.0/Cashier/GenPaymentCode', envelope(data)));
}

/** A token request for payment in the shop's own page, with nothing wrong and every method in it. */
export function tokenData(changes: Data = {}, orderInfo: Data = {}): Data {
  return {
    MerchantID: account.merchantId,
    RememberCard: 0,
    PaymentUIType: 2,
    ChoosePaymentList: '0',
    OrderInfo: orderData('PAGE0001', orderInfo),
    CardInfo: { OrderResultURL: 'https://shop.example/result' },
    UnionPayInfo: { OrderResultURL: 'https://shop.example/union' },
    ATMInfo: { ExpireDate: 7 },
    CVSInfo: { StoreExpireDate: 4320 },
    BarcodeInfo: { StoreExpireDate: 5 },
    ConsumerInfo: { Email: 'payer@example.com', Name: '王小明' },
    CustomField: 'PAY1',
    ...changes,
  };
}

/** A simulator behind a real socket, as clients meet it. */
export function serve(simulator: Simulator): { origin: string; stop: () => void } {
  const server = Bun.serve({ port: 0, development: false, fetch: (request) => simulator.fetch(request) });
  return { origin: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) };
}

export async function getToken(simulator: Simulator, data: Data = tokenData()): Promise<ReturnType<typeof openReply>> {
  return openReply(await askService(simulator, '/Merchant/GetTokenbyTrade', envelope(data)));
}

/** What the script on the pay page asks, without the script. */
export async function askForm(simulator: Simulator, fields: Record<string, string>): Promise<Data> {
  return (await (await postForm(simulator, '/Merchant/SimulatorPayToken', fields)).json()) as Data;
}

/** Token, choice and CreatePayment in one go. */
export async function payInPage(simulator: Simulator, method: string, data: Data = tokenData()) {
  const { Token } = await getToken(simulator, data);
  const { PayToken } = await askForm(simulator, { Token: String(Token), Method: method });
  const { MerchantTradeNo } = data.OrderInfo as Data;
  return createPayment(simulator, { PayToken, MerchantTradeNo });
}

export async function createPayment(simulator: Simulator, data: Data): Promise<ReturnType<typeof openReply>> {
  const body = envelope({ MerchantID: account.merchantId, ...data });
  return openReply(await askService(simulator, '/Merchant/CreatePayment', body));
}
