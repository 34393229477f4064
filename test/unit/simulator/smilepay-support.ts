import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../src/simulator/index.ts';
import { dropGaps, NOW, orderOf, postForm, postJson, Shop, start, Timers } from './support.ts';

export const KEY = '0123456789ABCDEF0123456789ABCDEF';
export const PATH = '/api/SPPayment.asp';
/** The first number of a simulator with this chance; the next ones end in 4, 5, … */
export const FIRST = '062223689453';
const tail = [2, 3, 6, 8, 9, 4, 5, 3];
export const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => tail[i % tail.length] ?? 0);

export type Changes = Record<string, string | undefined>;

/** An order request with nothing wrong; `undefined` takes a parameter away. */
export function request(changes: Changes = {}): Record<string, string> {
  const fields = {
    Dcvc: '107',
    Rvg2c: '1',
    Verify_key: KEY,
    Pay_zg: '2',
    Data_id: 'ORDER1',
    Od_sob: '測試商品',
    Amount: '980',
    Deadline_date: '2026/06/28',
    Roturl: 'https://shop.example/hook?Dcvc=107&t=abc',
    Roturl_status: 'OK',
    ...changes,
  };
  return dropGaps(fields);
}

export async function issue(simulator: Simulator, changes: Changes = {}): Promise<string> {
  return (await postForm(simulator, PATH, request(changes))).text();
}

export function element(xml: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? null;
}

/** A byte is written as %XX, as + or as itself. */
function decodeBig5(text: string): string {
  const parts = text.replaceAll('+', ' ').match(/%[0-9A-F]{2}|[^%]/g) ?? [];
  const bytes = parts.map((part) => (part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)));
  return new TextDecoder('big5').decode(Uint8Array.from(bytes));
}

/** A shop, a simulator with a data file, and what went between them. */
export class Bench {
  now = NOW;
  readonly shop = new Shop();
  readonly timers = new Timers();
  readonly #folder = mkdtempSync(join(tmpdir(), 'smilepay-'));
  simulator: Simulator = this.#open();

  constructor() {
    this.shop.answer = () => new Response('<Roturlstatus>PSOK</Roturlstatus>');
  }

  #open(): Simulator {
    const dataFile = join(this.#folder, 'simulator.jsonl');
    return start({ random, now: () => this.now, setTimer: this.timers.set, dataFile });
  }

  restart(): void {
    this.simulator.stop();
    this.simulator = this.#open();
  }

  close(): void {
    this.simulator.stop();
    this.shop.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async issue(changes: Changes = {}): Promise<void> {
    const xml = await issue(this.simulator, {
      Data_id: 'ORDER202606220001',
      Od_sob: 'ORDER202606220001',
      Deadline_date: undefined,
      Email: 'test@example.com',
      Roturl: this.shop.url('/hook?Dcvc=107&t=abc9'),
      Roturl_status: 'PSOK',
      ...changes,
    });
    if (element(xml, 'Status') !== '1') throw new Error(xml);
  }

  act(number: string, action: string, input?: unknown): Promise<Response> {
    return postJson(this.simulator, `/simulator/orders/${number}/${action}`, input);
  }

  /** The newest callback of an order. */
  async last(number = FIRST): Promise<Record<string, unknown>> {
    return { ...(await orderOf(this.simulator, number)).callbacks.at(-1) };
  }

  body(at: number): string {
    return this.shop.received.at(at)?.body ?? '';
  }

  /** A form in Big5, read back. */
  form(at: number): Record<string, string> {
    const pairs = this.body(at).split('&');
    return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0] ?? '', decodeBig5(pair.split('=')[1] ?? '')]));
  }

  /** Lets what waits run and waits until the order knows of it. */
  async fireUntil(count: number): Promise<void> {
    await this.timers.fire();
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await orderOf(this.simulator, FIRST)).callbacks.length >= count) return;
      await Bun.sleep(10);
    }
  }
}
