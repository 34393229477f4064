import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from '../../scripts/client/package.ts';
import { VERSION } from '../../src/core/version.ts';
import { signNotification } from '../../src/notify/sign.ts';
import { makeFolder, ROOT } from './support/binary.ts';
import { type Demo, startDemo } from './support/demo.ts';
import { text } from './support/json.ts';
import { poll, stopAll } from './support/process.ts';

/** The client as npm would install it, on three runtimes, against the compiled binary. */

setDefaultTimeout(120_000);

const BIN = join(ROOT, 'node_modules/.bin');
const folder = makeFolder('client');
/** The code blocks of its README, in their order. */
const blocks = [...readFileSync(join(ROOT, 'docs/client.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(
  ([, code = '']) => code,
);
const NOTIFICATIONS = blocks.findIndex((code) => code.includes('verifyNotification'));
const REFUND = blocks.findIndex((code) => code.includes('refunds.create'));

let demo: Demo;
let env: Record<string, string>;

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function execute(command: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
  const child = Bun.spawn([...command], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, NO_COLOR: '1', ...env, ...more },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, output: `${output}${errors}` };
}

async function succeed(command: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const { code, output } = await execute(command, more);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

beforeAll(async () => {
  const installed = join(folder, 'node_modules/@paycore/client');
  buildPackage(join(folder, 'built'));
  // What npm would publish, and nothing else.
  const packed = Bun.spawnSync(['npm', 'pack', '--json', '--dry-run'], { cwd: join(folder, 'built') });
  const [{ files }] = JSON.parse(String(packed.stdout)) as [{ files: { path: string }[] }];
  mkdirSync(installed, { recursive: true });
  for (const { path } of files) cpSync(join(folder, 'built', path), join(installed, path));
  const dependencies = { '@paycore/client': VERSION };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true, dependencies }));
  cpSync(join(ROOT, 'test/client'), folder, { recursive: true });
  for (const [number, code] of blocks.entries()) {
    writeFileSync(join(folder, `block-${number}.mjs`), code);
    writeFileSync(join(folder, `block-${number}.ts`), code);
  }
  demo = await startDemo();
  env = {
    PAYCORE_URL: demo.publicUrl,
    PAYCORE_API_KEY: text(demo.facts, 'api_key'),
    PAYCORE_NOTIFICATION_SECRET: text(demo.facts, 'notification_secret'),
    PAYCORE_SIMULATOR_URL: demo.simulatorUrl,
  };
});
afterAll(stopAll);

describe('the built client', () => {
  test('passes its tests on Node 20', async () => {
    expect(await succeed(['node', '--test', 'client.test.mjs'])).toMatch(/^# fail 0$/m);
  });

  test('passes its tests on Bun', async () => {
    expect(await succeed([process.execPath, 'test', './client.test.mjs'])).toMatch(/^\s*0 fail$/m);
  });

  test('passes its tests on Deno', async () => {
    expect(await succeed([join(BIN, 'deno'), 'test', '--no-check', '--allow-all', 'client.test.mjs'])).toMatch(
      /\| 0 failed/,
    );
  });

  test('has types that take what is right and refuse what is wrong, by tsc and by Deno', async () => {
    const sources = ['types.ts', ...blocks.map((_, number) => `block-${number}.ts`)];
    writeFileSync(
      join(folder, 'tsconfig.node.json'),
      JSON.stringify({
        compilerOptions: {
          target: 'ES2022',
          module: 'NodeNext',
          lib: ['ES2022'],
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          typeRoots: [join(ROOT, 'node_modules/@types')],
          types: ['node'],
        },
        files: sources,
      }),
    );
    await Promise.all([
      succeed([join(BIN, 'tsc'), '--project', 'tsconfig.node.json']),
      succeed([join(BIN, 'deno'), 'check', 'types.ts']),
    ]);
  });
});

describe('what its README shows', () => {
  test('runs, block by block', async () => {
    const paymentNo = await sellByCard();
    const outputs = await Promise.all(
      blocks.map((_, number) =>
        number === NOTIFICATIONS ? '' : succeed(['node', `block-${number}.mjs`], { PAYMENT_NO: paymentNo }),
      ),
    );
    expect(outputs[0]).toContain(`send the payer to ${demo.publicUrl}/`);
    expect(outputs[1]).toMatch(/^\d{3} \d+ \d{4}-/);
    expect(outputs.find((output) => output.startsWith('change the request'))).toContain('amount');
    expect(outputs[REFUND]).toMatch(/^RF\w+ succeeded$/m);
  });

  test('takes a notification that PayCore signed, and refuses one that it did not', async () => {
    const port = await findFreePort();
    const child = Bun.spawn(['node', `block-${NOTIFICATIONS}.mjs`], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...env, PORT: String(port) },
      stdout: 'pipe',
      stderr: 'ignore',
    });
    try {
      const body = JSON.stringify({ event: 'payment.paid', merchant_order_no: 'ORDER-7' });
      const secret = env.PAYCORE_NOTIFICATION_SECRET ?? '';
      const headers = { ...signNotification([secret], 'msg_1', Date.now() / 1000, body) };
      const tell = (told: string) =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: told }).then(
          ({ status }) => status,
          () => null,
        );
      expect(await poll('the server of the README', () => tell(body))).toBe(204);
      expect(await tell(`${body} `)).toBe(400);
    } finally {
      child.kill();
    }
    expect(await new Response(child.stdout).text()).toBe('paid: ORDER-7\n');
  });
});

async function sellByCard(): Promise<string> {
  const answer = await fetch(`${demo.publicUrl}/api/paycore/pay/stripe/credit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...demo.auth },
    body: JSON.stringify({ merchant_order_no: 'README', amount: 98_000 }),
  });
  const made: unknown = await answer.json();
  const orderNo = text(made, 'data', 'gateway_order_no');
  await fetch(`${demo.simulatorUrl}/simulator/orders/${orderNo}/pay`, { method: 'POST' });
  const paymentNo = text(made, 'data', 'payment_no');
  return poll('paid', async () => {
    const found = await fetch(`${demo.publicUrl}/api/paycore/payments/${paymentNo}`, { headers: demo.auth });
    return text(await found.json(), 'data', 'status') === 'paid' ? paymentNo : null;
  });
}

function findFreePort(): number {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}
