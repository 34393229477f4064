import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_URL } from '../support/engines.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';
import { makeFolder } from './support/binary.ts';
import { FORM_TYPE, paidForm, STAGE } from './support/ecpay.ts';
import { at, text } from './support/json.ts';
import { createKey, get, type Key, post, type Server, Shop, serve } from './support/parties.ts';
import { change, openEmptyPostgres, openPlace, readNumber } from './support/places.ts';
import { run, stopAll } from './support/process.ts';

/** The binary with PAYCORE_DATABASE_URL: everything but master key and log is in PostgreSQL. */

setDefaultTimeout(60_000);
const shop = new Shop();
afterAll(async () => {
  shop.stop();
  await stopAll();
});

if (SERVER_URL === null) console.log('not checked: PAYCORE_TEST_DATABASE_URL names no PostgreSQL server');

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
  return { paymentNo, callback: paidForm({ orderNo, paymentNo, amount: 980, tradeNo: `T${order}` }) };
}

const pay = (server: Server, callback: string) =>
  post(`${server.url}/api/paycore/webhooks/ecpay`, callback, { 'content-type': FORM_TYPE });

async function statusOf(server: Server, key: Key, paymentNo: string): Promise<unknown> {
  return at((await get(`${server.url}/api/paycore/payments/${paymentNo}`, auth(key))).body, 'data', 'status');
}

describe.skipIf(SERVER_URL === null)('with a PostgreSQL', () => {
  test('it serves from an empty folder and an empty database, and goes on after SIGKILL', async () => {
    const dataDir = join(makeFolder('data'), 'paycore-data');
    const place = await openEmptyPostgres();
    const env = { ...place.env, PAYCORE_NOTIFY_ALLOW: '127.0.0.1' };
    const first = await serve(dataDir, env);
    const key = await createKey(dataDir, 'shop', { env: place.env });
    const [paid, late] = [await create(first, key, 'PAID'), await create(first, key, 'LATE')];
    expect(await pay(first, paid.callback)).toEqual({ status: 200, body: '1|OK' });
    expect((await shop.about(paid.paymentNo)).body).toMatchObject({ event: 'payment.paid', status: 'paid' });
    expect(await first.process.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

    const second = await serve(dataDir, env);
    expect(await statusOf(second, key, paid.paymentNo)).toBe('paid');
    expect(await statusOf(second, key, late.paymentNo)).toBe('pending');
    expect(await pay(second, late.callback)).toEqual({ status: 200, body: '1|OK' });
    expect((await shop.about(late.paymentNo)).body).toMatchObject({ event: 'payment.paid', status: 'paid' });
    expect(at((await get(`${second.url}/readyz`)).body, 'checks', 'database', 'ok')).toBeTrue();
    expect(await second.process.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });

    expect(readdirSync(dataDir).filter((name) => name.startsWith('paycore.db'))).toEqual([]);
    expect(existsSync(join(dataDir, 'master.key'))).toBeTrue();
    expect(await readNumber(place.at, 'SELECT count(*) FROM payments')).toBe(2);
    expect(describeBroken(await checkInvariants(place.at))).toEqual([]);
    await place.drop();
  });

  test('a newer schema is refused and left alone', async () => {
    const place = await openPlace('postgres', '');
    await change(place.at, 'UPDATE schema_version SET version = 999');
    for (const args of [['serve'], ['key', 'list']]) {
      const { code, stdout, stderr } = await run(args, { env: { ...place.env, PAYCORE_PORT: '0' } });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^paycore: PAYCORE_DATABASE_URL .*schema 999.*newer version.*\n$/);
    }
    expect(await readNumber(place.at, 'SELECT version FROM schema_version')).toBe(999);
    await place.drop();
  });

  test('a node that finds a newer schema when its connections come back stops, and says why', async () => {
    const place = await openPlace('postgres', '');
    const node = await serve(join(makeFolder('data'), 'paycore-data'), place.env);
    await change(place.at, 'UPDATE schema_version SET version = 999');
    await change(
      place.at,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'paycore' AND pid <> pg_backend_pid()",
    );
    const { code, stderr } = await node.process.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /paycore: stopped: the database has schema 999 now, .* Start this node in that version\.\n$/,
    );
    await place.drop();
  });

  test('a second node without the master key of the first is refused, and told the address without its password', async () => {
    const place = await openPlace('postgres', '');
    await createKey(makeFolder('data'), 'shop', { env: place.env });
    const url = new URL(place.at);
    url.password = SECRET;
    const other = Buffer.alloc(32, 7).toString('base64');
    for (const more of [{}, { PAYCORE_MASTER_KEY: other }]) {
      const env = { PAYCORE_DATABASE_URL: url.href, PAYCORE_PORT: '0', ...more };
      const { code, stderr } = await run(['serve'], { env });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^paycore: .*was encrypted with.*\n$/);
      expect(stderr).not.toContain(SECRET);
    }
    await place.drop();
  });

  test('a database that the server does not have stops the start with one line', async () => {
    const url = new URL(SERVER_URL ?? '');
    url.pathname = '/no_such_database';
    url.password = SECRET;
    await expectRefusal(url.href, 1);
  });
});

const SECRET = 'very-secret-7';

async function expectRefusal(url: string, expected: number): Promise<void> {
  const begun = Date.now();
  const { code, stdout, stderr } = await run(['serve'], { env: { PAYCORE_DATABASE_URL: url, PAYCORE_PORT: '0' } });
  expect([code, stdout]).toEqual([expected, '']);
  expect(stderr).toMatch(/^paycore: PAYCORE_DATABASE_URL .+\n$/);
  expect(stderr).not.toContain(SECRET);
  expect(Date.now() - begun).toBeLessThan(20_000);
}

describe('an address that does not work stops the start with one line, without the password:', () => {
  test.each([
    ['of another kind of database', `mysql://paycore:${SECRET}@127.0.0.1/paycore`],
    ['without a database', `postgres://paycore:${SECRET}@127.0.0.1`],
    ['that is none', `paycore:${SECRET}@127.0.0.1/paycore`],
  ])('one %s', async (_, url) => {
    await expectRefusal(url, 2);
  });

  test.each([
    ['where nobody listens', `postgres://paycore:${SECRET}@127.0.0.1:9/paycore`],
    ['of a host that is not there', `postgres://paycore:${SECRET}@nowhere.invalid/paycore`],
    ['with a letter that is not encoded', `postgres://paycore:${SECRET}%@127.0.0.1:9/paycore`],
  ])('one %s', async (_, url) => {
    await expectRefusal(url, 1);
  });

  test.each([
    ['hangs up', (socket: { end(): void }) => socket.end()],
    ['says nothing', () => {}],
  ])('one of something that takes the connection and %s', async (_, open) => {
    const trap = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { open, data() {} } });
    await expectRefusal(`postgres://paycore:${SECRET}@127.0.0.1:${trap.port}/paycore`, 1);
    trap.stop(true);
  });
});
