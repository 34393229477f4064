import { join } from 'node:path';
import type { Language } from '../../../src/developers/types.ts';
import { makeFolder, ROOT } from './binary.ts';
import { RUNTIMES } from './blocks.ts';
import { poll } from './process.ts';

/** The shops of docs/examples, each in a process of its own behind a gate that sees what PayCore tells it. */

const EXAMPLES = join(ROOT, 'docs/examples');

interface Kind {
  readonly language: Language;
  command(port: number): readonly string[];
}

const php = (file: string) => (port: number) => ['php', '-S', `127.0.0.1:${port}`, file];

export const SHOPS: Readonly<Record<string, Kind>> = {
  Node: { language: 'node', command: () => ['node', join(EXAMPLES, 'shop-node/shop.mjs')] },
  PHP: { language: 'php', command: php(join(EXAMPLES, 'shop-php/index.php')) },
  Laravel: { language: 'php', command: php(join(ROOT, 'test/support/runners/laravel-shop.php')) },
  Python: { language: 'python', command: () => ['python3', '-B', join(EXAMPLES, 'shop-python/shop.py')] },
};

export const isThere = (name: string): boolean => RUNTIMES[SHOPS[name]?.language ?? 'node'].isThere;

export interface Told {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RunningShop {
  readonly url: string;
  /** What PayCore has told, whether it was let through or not. */
  readonly told: readonly Told[];
  /** Notifications get lost from now on. */
  lose(): void;
  /** Says this to the shop, as PayCore would; answers its status. */
  tell(told: Told): Promise<number>;
  /** How often it was written that the order is to be shipped. */
  shipped(orderNo: string): number;
  /** Presses the button; answers where the payer is sent. */
  buy(): Promise<string>;
  thanks(orderNo: string): Promise<string>;
  output(): string;
  stop(): Promise<void>;
}

/** Told by those who ask: nobody else takes it within the moment. */
function findPort(): number {
  const probe = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = probe;
  void probe.stop(true);
  if (port === undefined) throw new Error('no port is free');
  return port;
}

const HOOK_HEADERS = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

export async function openShop(name: string, env: Readonly<Record<string, string>>): Promise<RunningShop> {
  const kind = SHOPS[name];
  if (!kind) throw new Error(`there is no shop ${name}`);
  const told: Told[] = [];
  let isLosing = false;
  const port = findPort();
  const inside = `http://127.0.0.1:${port}`;
  const gate = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname !== '/payok') return new Response(null, { status: 404 });
      const headers = Object.fromEntries(HOOK_HEADERS.map((one) => [one, request.headers.get(one) ?? '']));
      const one = { headers, body: await request.text() };
      told.push(one);
      return new Response(null, { status: isLosing ? 503 : await tell(one) });
    },
  });
  const tell = async ({ headers, body }: Told): Promise<number> =>
    (await fetch(`${inside}/payok`, { method: 'POST', headers, body })).status;
  const folder = makeFolder('shop');
  const child = Bun.spawn([...kind.command(port)], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      SHOP_URL: gate.url.origin,
      SHOP_DATABASE: join(folder, 'shop.sqlite'),
      SHOP_DATA: folder,
      ...env,
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let output = '';
  const collect = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) output += decoder.decode(chunk, { stream: true });
  };
  void collect(child.stdout);
  void collect(child.stderr);
  await poll(
    `the ${name} shop answers`,
    () =>
      fetch(inside).then(
        () => true,
        stillClosed(child, () => output),
      ),
    20_000,
  );

  return {
    url: gate.url.origin,
    told,
    lose: () => {
      isLosing = true;
    },
    tell,
    shipped: (orderNo) => output.split(`${orderNo} is paid: ship it`).length - 1,
    buy: () => pressButton(inside),
    thanks: async (orderNo) => (await fetch(`${inside}/thanks?merchant_order_no=${orderNo}&status=paid`)).text(),
    output: () => output,
    async stop() {
      child.kill('SIGKILL');
      await child.exited;
      await gate.stop(true);
    },
  };
}

const stillClosed = (child: Bun.Subprocess, output: () => string) => (): null => {
  if (child.exitCode !== null) throw new Error(`the shop ended with ${child.exitCode}: ${output()}`);
  return null;
};

/** With the cookies and hidden fields of the page, as a browser does. */
async function pressButton(shop: string): Promise<string> {
  const page = await fetch(shop);
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const hidden = [...(await page.text()).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const fields = new URLSearchParams(hidden.map(([, name = '', value = '']) => [name, value]));
  const answer = await fetch(`${shop}/buy`, { method: 'POST', headers: { cookie }, body: fields, redirect: 'manual' });
  const location = answer.headers.get('location');
  if (answer.status !== 303 || location === null) throw new Error(`${answer.status}: ${await answer.text()}`);
  return location;
}
