import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './support/binary.ts';
import { readSchema, setSchema } from './support/database.ts';
import { at, list } from './support/json.ts';
import { createKey, get, type Key, post, type Server, serve } from './support/parties.ts';
import { poll, run, start, stopAll } from './support/process.ts';

setDefaultTimeout(60_000);
afterAll(stopAll);

const newDataDir = () => join(makeFolder('data'), 'deep', 'paycore-data');
const auth = (key: Key) => ({ 'x-api-key': key.api_key });

async function ended(server: Server) {
  const result = await server.process.kill('SIGTERM');
  expect(result).toMatchObject({ code: 0, signal: null });
  return result;
}

describe('serve', () => {
  test('makes its data directory, prints its addresses and answers', async () => {
    const dataDir = newDataDir();
    const server = await serve(dataDir);
    await server.process.waitFor(/key create/);
    const { stdout } = server.process.output;
    expect(stdout).toMatch(/^PayCore \d+\.\d+\.\d+\n/);
    expect(stdout).toContain(`public URL  http://localhost:${server.port}\n`);
    expect(stdout).toContain(`http://localhost:${server.port}/swagger`);
    expect(stdout).toContain(dataDir);

    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(join(dataDir, 'master.key'), 'utf8'), 'base64')).toHaveLength(32);

    expect(await get(`${server.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    const ready = await get(`${server.url}/readyz`);
    expect(at(ready.body, 'checks', 'database', 'ok')).toBeTrue();
    expect((await get(`${server.url}/assets/checkout.css`)).status).toBe(200);
    expect(await get(`${server.url}/nothing`)).toMatchObject({
      status: 404,
      body: { success: false, error: { error_code: 'ROUTE_NOT_FOUND' } },
    });
    await ended(server);
    expect(existsSync(join(dataDir, 'paycore.db-wal'))).toBeFalse();
  });

  test('prints the installer’s link while there is no administrator, and says it nowhere else', async () => {
    const dataDir = newDataDir();
    const server = await serve(dataDir);
    const [, url = ''] = await server.process.waitFor(/^installer (\S+)\n/m);
    const token = new URL(url).searchParams.get('token') ?? '';
    expect(token).toMatch(/^[\w-]{32}$/);
    const home = await fetch(`${server.url}/admin`);
    expect(await home.text()).not.toContain(token);
    await ended(server);
    expect(readFileSync(join(dataDir, 'paycore.log'), 'utf8')).not.toContain(token);
    expect(server.process.output.stderr).not.toContain(token);
  });

  test('--json prints its addresses as one line', async () => {
    const dataDir = newDataDir();
    const running = start(['serve', '--json'], { env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' } });
    const [line] = await running.waitFor(/^.*\n/);
    const facts = JSON.parse(line);
    const url = facts.public_url;
    expect(facts).toMatchObject({
      public_url: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      admin_url: `${url}/admin`,
      installer_url: expect.stringMatching(/^http:\/\/localhost:\d+\/admin\/setup\?token=[\w-]{32}$/),
      swagger_url: `${url}/swagger`,
      data: dataDir,
    });
    expect((await running.kill('SIGTERM')).stdout).toBe(line);
  });

  test('Swagger comes out of the binary', async () => {
    const server = await serve(newDataDir());
    const page = await fetch(`${server.url}/swagger`);
    expect(page.status).toBe(200);
    const html = await page.text();
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      const url = new URL(source, page.url);
      expect(url.host).toBe(`127.0.0.1:${server.port}`);
      if (!source.startsWith('#')) expect((await fetch(url)).status).toBe(200);
    }
    const { status, body } = await get(`${server.url}/swagger/json`);
    expect(status).toBe(200);
    expect(at(body, 'openapi')).toStartWith('3.1');
    await ended(server);
  });

  test('a second one on the same data does not start', async () => {
    const dataDir = newDataDir();
    const first = await serve(dataDir);
    const second = await run(['serve'], { env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' } });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^paycore: another paycore serves .+ already\..*\n$/);
    expect((await get(`${first.url}/healthz`)).status).toBe(200);
    await ended(first);
    await ended(await serve(dataDir));
  });

  test('a killed one leaves nothing that stops the next', async () => {
    const dataDir = newDataDir();
    const first = await serve(dataDir);
    expect(await first.process.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await ended(await serve(dataDir));
  });

  test('a port that is taken is said in one line', async () => {
    const first = await serve(newDataDir());
    const second = await run(['serve'], {
      env: { PAYCORE_DATA_DIR: newDataDir(), PAYCORE_PORT: String(first.port) },
    });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(new RegExp(`^paycore: port ${first.port} .+ is taken\\. .*PAYCORE_PORT=\\d+\\.\\n$`));
    await ended(first);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it cleanly, also with a connection open', async (signal) => {
    const server = await serve(newDataDir());
    await get(`${server.url}/healthz`);
    const begun = Date.now();
    expect(await server.process.kill(signal)).toMatchObject({ code: 0, signal: null });
    expect(Date.now() - begun).toBeLessThan(4000);
  });
});

describe('keys', () => {
  test('are made, listed and revoked while the server runs', async () => {
    const dataDir = newDataDir();
    const env = { PAYCORE_DATA_DIR: dataDir };
    const server = await serve(dataDir);
    const made = await run(['key', 'create', '--project', 'X', '--test', '--json'], { env });
    expect(made.code).toBe(0);
    const key = JSON.parse(made.stdout);
    expect(Object.keys(key).sort()).toEqual(['api_key', 'notification_secret', 'project']);
    expect(key.api_key).toMatch(/^pc_test_[A-Za-z0-9]{20,}$/);
    expect(key.notification_secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
    expect(key.project).toBe('X');

    const path = `${server.url}/api/paycore/home/overview`;
    expect((await get(path, auth(key))).status).toBe(200);
    const again = await createKey(dataDir, 'X');
    expect(again.api_key).not.toBe(key.api_key);
    expect(again.notification_secret).toBe(key.notification_secret);

    const listed = JSON.parse((await run(['key', 'list', '--json'], { env })).stdout);
    expect(listed).toHaveLength(2);
    expect(JSON.stringify(listed)).not.toContain(key.api_key);
    const id = String(at(listed, 0, 'id'));
    expect(key.api_key).toStartWith(String(at(listed, 0, 'key')).slice(0, -1));
    expect(await run(['key', 'revoke', id, '--json'], { env })).toMatchObject({ code: 0 });
    expect(await run(['key', 'revoke', id], { env })).toMatchObject({ code: 1 });

    // Revoked by another process: the server may take it for a second more.
    const refused = async () => {
      const answer = await get(path, auth(key));
      return answer.status === 401 ? answer : null;
    };
    expect(await poll('refused', refused, 3000)).toMatchObject({ body: { error: { error_code: 'API_KEY_INVALID' } } });
    expect((await get(path, auth(again))).status).toBe(200);
    expect(at(JSON.parse((await run(['key', 'list', '--json'], { env })).stdout), 0, 'revoked_at')).toBeString();
    await ended(server);
  });

  test('a live key is one without --test', async () => {
    const env = { PAYCORE_DATA_DIR: newDataDir() };
    const { stdout } = await run(['key', 'create', '--project', '小店'], { env });
    expect(stdout).toMatch(/pc_live_/);
    const keys = JSON.parse((await run(['key', 'list', '--json'], { env })).stdout);
    expect(list(keys)).toMatchObject([{ project: '小店', kind: 'live', revoked_at: null }]);
  });

  test('parallel creates of one project agree', async () => {
    const dataDir = newDataDir();
    const keys = await Promise.all(Array.from({ length: 6 }, () => createKey(dataDir, 'Y')));
    expect(new Set(keys.map((key) => key.notification_secret)).size).toBe(1);
    expect(new Set(keys.map((key) => key.api_key)).size).toBe(6);
  });
});

describe('data that does not fit', () => {
  test('a newer schema is refused and left alone', async () => {
    const dataDir = newDataDir();
    await createKey(dataDir);
    setSchema(dataDir, 999);
    for (const args of [['serve'], ['key', 'list']]) {
      const { code, stderr } = await run(args, { env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' } });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^paycore: .*schema 999.*newer version.*\n$/);
    }
    expect(readSchema(dataDir)).toBe(999);
  });

  test('another master key is refused, by file and by variable', async () => {
    const dataDir = newDataDir();
    await createKey(dataDir);
    const other = Buffer.alloc(32, 7).toString('base64');
    const env = { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' };
    const right = readFileSync(join(dataDir, 'master.key'), 'utf8');
    const message = /^paycore: .*another master key.*\n$/;
    expect((await run(['serve'], { env: { ...env, PAYCORE_MASTER_KEY: other } })).stderr).toMatch(message);
    writeFileSync(join(dataDir, 'master.key'), other);
    const refused = await run(['serve'], { env });
    expect([refused.code, message.test(refused.stderr)]).toEqual([1, true]);
    // A lost file is not replaced by a new key that opens nothing.
    rmSync(join(dataDir, 'master.key'));
    expect(await run(['serve'], { env })).toMatchObject({ code: 1 });
    expect(await run(['key', 'list'], { env: { ...env, PAYCORE_MASTER_KEY: right.trim() } })).toMatchObject({
      code: 0,
    });
  });

  test('a broken master key file is named', async () => {
    const dataDir = newDataDir();
    await createKey(dataDir);
    writeFileSync(join(dataDir, 'master.key'), 'nonsense');
    const { code, stderr } = await run(['key', 'list'], { env: { PAYCORE_DATA_DIR: dataDir } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^paycore: .*master\.key must hold 32 bytes.*\n$/);
  });

  test('a data directory that cannot be made is named', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'file'), '');
    const dataDir = join(folder, 'file', 'data');
    for (const args of [['serve'], ['key', 'list'], ['demo']]) {
      const { code, stderr } = await run(args, { env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' } });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^paycore: .*PAYCORE_DATA_DIR.*cannot be made.*\n$/);
    }
  });

  test('a file that is no database is said to be none', async () => {
    const dataDir = makeFolder('data');
    writeFileSync(join(dataDir, 'paycore.db'), 'this is not a database, it is a text of some length\n'.repeat(100));
    const { code, stderr } = await run(['serve'], { env: { PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^paycore: .*paycore\.db.*\n$/);
  });
});

test('the log has no key and no secret in it', async () => {
  const dataDir = newDataDir();
  const server = await serve(dataDir, { PAYCORE_LOG_LEVEL: 'debug' });
  const key = await createKey(dataDir);
  await post(`${server.url}/api/paycore/pay/ecpay/aio/credit`, { merchant_order_no: 'L-1', amount: 1 }, auth(key));
  await ended(server);
  const log = readFileSync(join(dataDir, 'paycore.log'), 'utf8');
  expect(log).toContain('"started"');
  expect(log).not.toContain(key.api_key);
  expect(log).not.toContain(key.notification_secret);
});
