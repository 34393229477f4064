import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src/store/engines/postgres-open.ts';
import { bulkPayment, prepareBulk } from '../support/bulk.ts';
import { SERVER_URL } from '../support/engines.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';
import { compareFiles } from '../support/moved-files.ts';
import { addProject } from '../support/payments.ts';
import { attachTestStore } from '../support/store.ts';
import { makeFolder } from './support/binary.ts';
import { FORM_TYPE, paidForm, STAGE } from './support/ecpay.ts';
import { at, text } from './support/json.ts';
import { createKey, get, type Key, post, type Server, Shop, serve } from './support/parties.ts';
import { openEmptyPostgres, type Place } from './support/places.ts';
import { poll, run, start, stopAll } from './support/process.ts';

/** `paycore move`: an installation goes to PostgreSQL and back. */

setDefaultTimeout(120_000);
const shop = new Shop();
afterAll(async () => {
  shop.stop();
  await stopAll();
});

if (SERVER_URL === null) console.log('not checked: PAYCORE_TEST_DATABASE_URL names no PostgreSQL server');

const NOTIFY = { PAYCORE_NOTIFY_ALLOW: '127.0.0.1' };
const auth = (key: Key) => ({ 'x-api-key': key.api_key });

async function create(server: Server, key: Key, order: string) {
  const answer = await post(
    `${server.url}/api/paycore/pay/ecpay/aio/credit`,
    {
      ...{ merchant_order_no: order, amount: 980, payok_url: shop.url },
      gateway_credentials: { ...STAGE, environment: 'stage' },
    },
    auth(key),
  );
  expect(answer.status).toBe(201);
  const paymentNo = text(answer.body, 'data', 'payment_no');
  const orderNo = text(answer.body, 'data', 'gateway_order_no');
  const page = new URL(text(answer.body, 'data', 'payment_url'));
  return {
    paymentNo,
    page: page.pathname + page.search,
    form: { orderNo, paymentNo, amount: 980, tradeNo: `T${order}` },
  };
}

/** As the gateway tells of it, the payer sees it, and the shop hears of it. */
async function payAndLook(server: Server, key: Key, { paymentNo, page, form }: Awaited<ReturnType<typeof create>>) {
  expect((await get(server.url + page)).status).toBe(200);
  const told = await post(`${server.url}/api/paycore/webhooks/ecpay`, paidForm(form), { 'content-type': FORM_TYPE });
  expect(told).toEqual({ status: 200, body: '1|OK' });
  expect((await shop.about(paymentNo)).body).toMatchObject({ event: 'payment.paid', status: 'paid' });
  expect(await statusOf(server, key, paymentNo)).toBe('paid');
}

async function statusOf(server: Server, key: Key, paymentNo: string): Promise<unknown> {
  return at((await get(`${server.url}/api/paycore/payments/${paymentNo}`, auth(key))).body, 'data', 'status');
}

async function move(dataDir: string, to: string, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await run(['move', '--to', to, '--json'], {
    env: { PAYCORE_DATA_DIR: dataDir, ...env },
  });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** The one line that a command ends with. */
async function refusal(args: readonly string[], dataDir: string, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await run(args, { env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0', ...env } });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^paycore: .+\n$/);
  return stderr;
}

describe.skipIf(SERVER_URL === null)('an installation that is moved', () => {
  test('goes on with its open payments at the new place, and at the old one only after it came back', async () => {
    const dataDir = join(makeFolder('data'), 'paycore-data');
    const place = await openEmptyPostgres();
    const first = await serve(dataDir, NOTIFY);
    const key = await createKey(dataDir, 'shop');
    const [there, back] = [await create(first, key, 'THERE'), await create(first, key, 'BACK')];
    expect(await refusal(['move', '--to', place.at], dataDir)).toContain('a server runs on');
    await first.process.kill('SIGTERM');

    const told = await move(dataDir, place.at);
    expect(told).toMatchObject({
      begun: 'new',
      broken: [],
      tables: { payments: 2 },
      from: join(dataDir, 'paycore.db'),
    });
    for (const args of [['serve'], ['key', 'list']]) expect(await refusal(args, dataDir)).toContain('was moved to');
    expect((await run(['doctor'], { env: { PAYCORE_DATA_DIR: dataDir } })).stderr).toBe('');
    const second = await serve(dataDir, { ...NOTIFY, ...place.env });
    expect(await refusal(['move', '--to', 'sqlite:'], dataDir, place.env)).toContain('are connected to');
    await payAndLook(second, key, there);
    await second.process.kill('SIGTERM');

    expect(await move(dataDir, 'sqlite:', place.env)).toMatchObject({ broken: [], to: join(dataDir, 'paycore.db') });
    expect(await refusal(['serve'], dataDir, place.env)).toContain('was moved to');
    const third = await serve(dataDir, NOTIFY);
    expect(await statusOf(third, key, there.paymentNo)).toBe('paid');
    await payAndLook(third, key, back);
    await third.process.kill('SIGTERM');
    expect(describeBroken(await checkInvariants(join(dataDir, 'paycore.db')))).toEqual([]);
    expect(shop.deliveries).toHaveLength(2);
    await place.drop();
  });

  test('and killed on the way cannot be served half, and is whole after the same command', async () => {
    const dataDir = join(makeFolder('data'), 'paycore-data');
    await createKey(dataDir, 'shop');
    const file = join(dataDir, 'paycore.db');
    await fill(file, 800);
    const before = join(makeFolder('before'), 'paycore.db');
    copyFileSync(file, before);
    const place = await openEmptyPostgres();
    await killWhen(dataDir, place, "SELECT count(*) FROM settings WHERE name = 'moving_from'");
    await killWhen(dataDir, place, 'SELECT count(*) FROM payments');
    expect(await refusal(['serve'], dataDir, place.env)).toContain('holds half of a move from');
    expect(await move(dataDir, place.at)).toMatchObject({ begun: 'resumed', broken: [] });
    await move(dataDir, 'sqlite:', place.env);
    expect(compareFiles(before, file).differences).toEqual([]);
    await place.drop();
  });
});

async function fill(file: string, payments: number): Promise<void> {
  await using t = await attachTestStore(file, 'moved');
  await t.tamper.hurryCommits();
  const owner = await addProject(t, 'filled');
  const bulk = prepareBulk(t.engine);
  for (let at = 0; at < payments; at += 1) {
    const row = { paymentNo: `PAY20260101${at}`, orderNo: `O${at}`, createdAt: t.clock.now() };
    const id = bulk.payment(bulkPayment({ ...owner, ...row }), { orderNo: `PC${at}`, deadline: t.clock.now() });
    bulk.event(id, id, 'payment.created', { at }, t.clock.now());
  }
  await bulk.write();
}

async function killWhen(dataDir: string, place: Place, sql: string): Promise<void> {
  const watch = connect(place.at);
  const moving = start(['move', '--to', place.at], { env: { PAYCORE_DATA_DIR: dataDir } });
  const count = async () => Number((await watch.unsafe(sql))[0]?.count ?? 0);
  await poll('rows at the new place', async () => ((await count().catch(() => 0)) > 0 ? true : null), 30_000);
  expect(await moving.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
  await watch.end();
}
