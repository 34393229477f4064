import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { createKey } from '../../src/payments/projects/keys.ts';
import type { Program } from '../../src/program.ts';
import { connect, openPostgres } from '../../src/store/engines/postgres-open.ts';
import { createStore } from '../../src/store/index.ts';
import { paidForm } from '../binary/support/ecpay.ts';
import { exampleOrder } from '../support/app.ts';
import { useApp } from '../support/apps.ts';
import { canMakeCertificates, makeCertificate } from '../support/certificate.ts';
import { seedRandom } from '../support/clock.ts';
import { migrationsOf } from '../support/engines.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';
import { rejection } from '../support/parts.ts';
import { DURABLE, findBinaries, makeOwnPostgres, type OwnPostgres } from '../support/postgres.ts';
import { makeFolder } from '../support/store.ts';

/** PayCore on a PostgreSQL that is restarted, crashes, hangs, or becomes a standby. */

const canRun = findBinaries() !== null && canMakeCertificates;
const app = useApp({}, 'file');
const folder = makeFolder();
let server: OwnPostgres;
let node: Awaited<ReturnType<typeof startNode>>;
let certificate: string;

beforeAll(async () => {
  if (!canRun) return;
  const { key, cert } = makeCertificate('localhost');
  const own = await makeOwnPostgres({ tls: { key, cert }, settings: DURABLE });
  if (!own) throw new Error('this machine had a PostgreSQL a moment ago');
  certificate = folder.file('cert.pem');
  writeFileSync(certificate, cert);
  server = own;
  await server.start();
  node = await startNode(server.url);
});
afterAll(async () => {
  await node?.program.deps.store.close();
  await server?.remove();
  folder[Symbol.dispose]();
});

async function startNode(url: string) {
  const ports = { sleep: (ms: number) => Bun.sleep(ms), chance: Math.random, clock: 'given' as const };
  const limits = { patienceMs: 1000, openMs: 2000, staleMs: 50 };
  const { engine } = await openPostgres(url, migrationsOf('postgres'), { ...ports, limits, limitMs: 5000 });
  const program: Program = app.createTwin({ store: createStore(engine, seedRandom('node')) });
  const { handle } = await program.open();
  const { api_key } = await createKey(program.deps, 'shop', 'test');
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await handle(new Request(`http://localhost${path}`, init));
    return { status: response.status, text: await response.text() };
  };
  return {
    program,
    create: (order: object) =>
      ask('/api/paycore/pay/ecpay/aio/credit', {
        method: 'POST',
        headers: { 'x-api-key': api_key, 'content-type': 'application/json' },
        body: JSON.stringify(order),
      }),
    callback: (body: string) =>
      ask('/api/paycore/webhooks/ecpay', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      }),
    find: (paymentNo: string) => ask(`/api/paycore/payments/${paymentNo}`, { headers: { 'x-api-key': api_key } }),
    readiness: () => ask('/readyz'),
  };
}

/** The callback that says a payment is paid, of one that is made now. */
async function make(): Promise<string> {
  const { status, text } = await node.create(exampleOrder('https://shop.example'));
  expect([status, text]).toEqual([201, expect.any(String)]);
  const { payment_no: paymentNo, gateway_order_no: orderNo } = JSON.parse(text).data;
  return paidForm({ orderNo, paymentNo, amount: 980, tradeNo: `T${orderNo}`.slice(0, 20) });
}

async function expectOutage(callback: string, says: RegExp): Promise<void> {
  const refused = await node.create(exampleOrder('https://shop.example'));
  expect(refused.status).toBe(503);
  expect(refused.text).toContain('STORAGE_UNAVAILABLE');
  const unanswered = await node.callback(callback);
  expect(unanswered.status).toBe(503);
  expect(unanswered.text).toStartWith('0|');
  await expectNotReady(says);
}

async function expectNotReady(says: RegExp): Promise<void> {
  const begun = performance.now();
  const { status, text } = await node.readiness();
  expect(status).toBe(503);
  expect(JSON.parse(text).checks.database.detail).toMatch(says);
  expect(performance.now() - begun).toBeLessThan(6000);
}

/** By itself, and what could not be taken before is taken when the gateway says it again. */
async function expectReturn(callback: string): Promise<void> {
  while ((await node.readiness()).status !== 200) await Bun.sleep(50);
  for (const _ of [1, 2]) expect(await node.callback(callback)).toEqual({ status: 200, text: '1|OK' });
  await make();
}

describe.skipIf(!canRun)('PayCore on a PostgreSQL', () => {
  test('that is shut down and started answers 503 meanwhile, and goes on by itself', async () => {
    const callback = await make();
    await server.stop();
    await expectOutage(callback, /PostgreSQL cannot be reached/);
    await server.start();
    await expectReturn(callback);
  });

  test('whose processes are killed while payments are made loses nothing and goes on by itself', async () => {
    const callback = await make();
    const creates = Array.from({ length: 20 }, () => node.create(exampleOrder('https://shop.example')));
    await server.kill();
    const answers = await Promise.all(creates);
    expect(answers.filter(({ status }) => ![201, 503].includes(status))).toEqual([]);
    await expectOutage(callback, /PostgreSQL cannot be reached/);
    await server.start();
    await expectReturn(callback);
    const made = answers.filter(({ status }) => status === 201).map(({ text }) => JSON.parse(text).data.payment_no);
    for (const paymentNo of made) expect(await node.find(paymentNo)).toMatchObject({ status: 200 });
  });

  test('that is stopped and goes on says so within seconds, and loses nothing', async () => {
    const callback = await make();
    server.pause();
    await expectNotReady(/has not answered yet|cannot be reached/);
    server.resume();
    await expectReturn(callback);
  });

  test('that is a standby until it takes over is used from then on', async () => {
    const callback = await make();
    await server.stop();
    server.becomeStandby();
    await server.start();
    await expectOutage(callback, /PostgreSQL cannot be reached/);
    const outside = connect(server.url);
    await outside.unsafe('SELECT pg_promote(false)');
    await outside.end();
    await expectReturn(callback);
  });

  test('is reached over TLS as its address says', async () => {
    const at = (query: string) => `${server.url.replace('127.0.0.1', 'localhost')}?${query}`;
    const parts = { sleep: (ms: number) => Bun.sleep(ms), chance: Math.random };
    const open = (query: string) => openPostgres(at(query), migrationsOf('postgres'), parts);
    for (const query of ['sslmode=require', `sslmode=verify-full&sslrootcert=${certificate}`, 'sslmode=prefer']) {
      const { engine } = await open(query);
      const outside = connect(server.url);
      const [row] = await outside.unsafe(
        "SELECT count(*)::int AS n FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE s.ssl AND a.application_name = 'paycore'",
      );
      await outside.end();
      expect(row?.n).toBeGreaterThan(0);
      await engine.close();
    }
    expect(String(await rejection(open('sslmode=verify-full')))).toMatch(/self.signed/i);
  });

  test('breaks no rule of its ledger by any of this', async () => {
    expect(describeBroken(await checkInvariants(server.url))).toEqual([]);
  });
});
