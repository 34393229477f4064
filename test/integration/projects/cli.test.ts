import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../../..');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paycore-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([process.execPath, 'src/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', PAYCORE_DATA_DIR: join(folder, 'data'), ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

describe('paycore key', () => {
  test('makes a project and its keys, lists them without showing them, and revokes', async () => {
    const live = await run(['key', 'create', '--project', '我的 shop', '--json']);
    expect([live.code, live.err]).toEqual([0, '']);
    const made = JSON.parse(live.out);
    expect(made).toEqual({
      api_key: expect.stringMatching(/^pc_live_[A-Za-z0-9]{40}$/),
      project: '我的 shop',
      notification_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/),
    });
    const second = JSON.parse((await run(['key', 'create', '--project', '我的 shop', '--test', '--json'])).out);
    expect(second.api_key).toStartWith('pc_test_');
    expect(second.notification_secret).toBe(made.notification_secret);

    const list = JSON.parse((await run(['key', 'list', '--json'])).out);
    expect(list).toMatchObject([
      { id: 1, project: '我的 shop', kind: 'live', revoked_at: null },
      { id: 2, project: '我的 shop', kind: 'test', revoked_at: null },
    ]);
    expect(JSON.stringify(list)).not.toContain(made.api_key);
    expect((await run(['key', 'revoke', '1', '--json'])).out).toBe('{"revoked":1}\n');
    const again = await run(['key', 'revoke', '1']);
    expect([again.code, again.err.split('\n').length]).toEqual([1, 2]);
    expect(JSON.parse((await run(['key', 'list', '--json'])).out)[0].revoked_at).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('keeps data and master key to their owner', async () => {
    await run(['key', 'create', '--project', 'shop']);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'data/master.key')).mode & 0o777).toBe(0o600);
  });

  test('called wrongly says how to call it, with exit code 2 and without a stack', async () => {
    for (const args of [
      ['key'],
      ['key', 'make'],
      ['key', 'create'],
      ['key', 'revoke', 'x'],
      ['key', 'create', '--bad'],
      ['keys'],
    ]) {
      const { code, err, out } = await run(args);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(err).toStartWith('paycore: ');
      expect(err).not.toMatch(/\n\s+at /);
    }
  });

  test('with another master key than the data was made with says what to do', async () => {
    await run(['key', 'create', '--project', 'shop']);
    const { code, err } = await run(['key', 'list'], { PAYCORE_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') });
    expect(code).toBe(1);
    expect(err).toContain('PAYCORE_MASTER_KEY');
    expect(err.trim().split('\n').length).toBe(1);
  });
});

describe('wrong configuration', () => {
  const wrong: Record<string, string> = {
    PAYCORE_PORT: '80800',
    PAYCORE_HOST: 'not a host',
    PAYCORE_PUBLIC_URL: 'pay.example.com',
    PAYCORE_MASTER_KEY: 'short',
    PAYCORE_TIMEZONE: 'Mars/Olympus',
    PAYCORE_LOCALE: 'fr',
    PAYCORE_NOTIFY_ALLOW: '10.0.0.0/99',
    PAYCORE_ECPAY_PAYMENT_URL: 'http://x/path',
    PAYCORE_TLS_CERT: '/only/the/certificate.pem',
  };
  test('stops the start with one line: the variable, what was wrong, an example', async () => {
    const results = await Promise.all(
      Object.entries(wrong).map(async ([name, value]) => ({
        name,
        value,
        ...(await run(['serve'], { [name]: value })),
      })),
    );
    for (const { name, value, code, err, out } of results) {
      const named = name === 'PAYCORE_TLS_CERT' ? 'PAYCORE_TLS_KEY' : name;
      expect([name, code, out]).toEqual([name, 2, '']);
      expect(err).toStartWith(`paycore: ${named} `);
      expect(err).toContain(`Example: ${named}=`);
      expect(err.trim().split('\n').length).toBe(1);
      if (name === 'PAYCORE_MASTER_KEY') expect(err).not.toContain(value);
    }
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('an unwritable data directory and a taken port are told in one line', async () => {
    const unwritable = await run(['key', 'list'], { PAYCORE_DATA_DIR: '/proc/paycore' });
    expect([unwritable.code, unwritable.err.trim().split('\n').length]).toEqual([1, 1]);
    expect(unwritable.err).toContain('PAYCORE_DATA_DIR');
    const blocker = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
    const taken = await run(['serve'], { PAYCORE_PORT: String(blocker.port) });
    await blocker.stop(true);
    expect([taken.code, taken.err.trim().split('\n').length]).toEqual([1, 1]);
    expect(taken.err).toContain('PAYCORE_PORT');
  });
});
