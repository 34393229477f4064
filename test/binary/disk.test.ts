import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CAN_MOUNT, getBinary, makeFolder } from './support/binary.ts';
import { FORM_TYPE, paidForm } from './support/ecpay.ts';
import { at, text } from './support/json.ts';
import { get, post, type Server, Shop, serve } from './support/parties.ts';
import { poll, run, stopAll } from './support/process.ts';

/** A disk of a few megabytes that fills up while PayCore runs, and gets room again. */

setDefaultTimeout(60_000);
const shop = new Shop();
afterAll(async () => {
  shop.stop();
  await stopAll();
});

const why = 'not checked: this machine permits no mount namespace, so there is no small disk to fill';
if (!CAN_MOUNT) console.log(why);

interface Made {
  readonly order: string;
  readonly paymentNo: string;
  readonly callback: string;
}

class SmallDisk {
  readonly #folder = makeFolder('disk');
  readonly #keyFile = join(makeFolder(), 'key.json');
  readonly dataDir = join(this.#folder, 'data');
  server: Server | null = null;
  #key = '';

  /** The disk is there for the server only; from outside it is seen through the process. */
  async start(): Promise<Server> {
    const before = `mount -t tmpfs -o size=64m none '${this.#folder}' && PAYCORE_DATA_DIR='${this.dataDir}' '${getBinary()}' key create --project shop --test --json > '${this.#keyFile}'`;
    this.server = await serve(
      this.dataDir,
      { PAYCORE_NOTIFY_ALLOW: '127.0.0.1', PAYCORE_RATE_LIMIT: 'off' },
      { before },
    );
    this.#key = text(JSON.parse(readFileSync(this.#keyFile, 'utf8')), 'api_key');
    return this.server;
  }

  get #filler(): string {
    return `/proc/${this.server?.process.pid}/root${this.#folder}/filler`;
  }

  fill(): void {
    const file = openSync(this.#filler, 'w');
    try {
      for (const size of [1 << 20, 1 << 12, 1]) writeUntilFull(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.#filler);
  }

  create(order: string) {
    return post(
      `${this.server?.url}/api/paycore/pay/ecpay/aio/credit`,
      { merchant_order_no: order, amount: 100, payok_url: shop.url, gateway_credentials: CREDENTIALS },
      { 'x-api-key': this.#key },
    );
  }

  async created(order: string): Promise<Made> {
    const { status, body } = await this.create(order);
    expect(status).toBe(201);
    const paymentNo = text(body, 'data', 'payment_no');
    const orderNo = text(body, 'data', 'gateway_order_no');
    return { order, paymentNo, callback: paidForm({ orderNo, paymentNo, amount: 100, tradeNo: `T${order}` }) };
  }

  pay(made: Made) {
    const url = `${this.server?.url}/api/paycore/webhooks/ecpay`;
    return post(url, made.callback, { 'content-type': FORM_TYPE });
  }

  async statusOf(made: Made): Promise<unknown> {
    const headers = { 'x-api-key': this.#key };
    return at(
      (await get(`${this.server?.url}/api/paycore/payments/${made.paymentNo}`, headers)).body,
      'data',
      'status',
    );
  }
}

const CREDENTIALS = {
  merchant_id: '3002607',
  hash_key: 'pwFHCqoQZGmho4w6',
  hash_iv: 'EkRm7iFT261dpevs',
  environment: 'stage',
};

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe.skipIf(!CAN_MOUNT)('a full disk', () => {
  test('is answered with 503, and nothing acknowledged is lost', async () => {
    const disk = new SmallDisk();
    const { url, process } = await disk.start();
    const early = await Promise.all(numbered('E', 20).map((order) => disk.created(order)));
    const paidEarly = early.slice(0, 10);
    for (const made of paidEarly) expect((await disk.pay(made)).body).toBe('1|OK');
    expect((await get(`${url}/readyz`)).status).toBe(200);

    disk.fill();
    const acknowledged: Made[] = [];
    for (const order of numbered('F', 30)) {
      const { status, body } = await disk.create(order);
      if (status === 201) acknowledged.push({ order, paymentNo: text(body, 'data', 'payment_no'), callback: '' });
      else expect([status, at(body, 'error', 'error_code')]).toEqual([503, 'STORAGE_UNAVAILABLE']);
    }
    expect(acknowledged.length).toBeLessThan(30);
    const late = early.slice(10);
    const paidOnFull: Made[] = [];
    for (const made of late) {
      const { status, body } = await disk.pay(made);
      if (status === 200) paidOnFull.push(made);
      else expect([status, String(body).slice(0, 2)]).toEqual([503, '0|']);
    }
    expect(paidOnFull.length).toBeLessThan(late.length);
    expect((await get(`${url}/healthz`)).status).toBe(200);
    const notReady = await get(`${url}/readyz`);
    expect([notReady.status, at(notReady.body, 'checks', 'disk', 'ok')]).toEqual([503, false]);
    for (const made of paidEarly) expect(await disk.statusOf(made)).toBe('paid');

    disk.makeRoom();
    await poll('ready again', async () => ((await get(`${url}/readyz`)).status === 200 ? true : null));
    for (const made of late) expect(await disk.pay(made)).toEqual({ status: 200, body: '1|OK' });
    for (const made of early) expect(await disk.statusOf(made)).toBe('paid');
    for (const made of acknowledged) expect(await disk.statusOf(made)).toBe('pending');
    for (const order of numbered('F', 30)) {
      const expected = acknowledged.some((made) => made.order === order) ? 200 : 201;
      expect([order, (await disk.create(order)).status]).toEqual([order, expected]);
    }
    for (const made of early) await shop.about(made.paymentNo, 15_000);
    expect(await process.kill('SIGTERM')).toMatchObject({ code: 0 });
  });

  test('stops a start with one line', async () => {
    const folder = makeFolder('disk');
    const before = `mount -t tmpfs -o size=64k none '${folder}' && { head -c 1000000 /dev/zero > '${folder}/filler' 2>/dev/null || true; }`;
    const { code, stderr } = await run(['serve'], {
      before,
      env: { PAYCORE_DATA_DIR: join(folder, 'data'), PAYCORE_PORT: '0' },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^paycore: .*\n$/);
    expect(stderr).not.toContain('another paycore');
  });
});
