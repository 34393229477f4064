import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getBinary, HIDING, hide, makeFolder, ROOT } from './support/binary.ts';
import { run, stopAll } from './support/process.ts';

setDefaultTimeout(60_000);
afterAll(stopAll);

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe('the binary', () => {
  test('runs with the source tree out of reach', () => {
    if (!HIDING) return console.log('not checked: this machine permits no mount namespace');
    const inside = Bun.spawnSync([...hide(['ls', ROOT])], { env: { PATH: process.env.PATH ?? '' } });
    expect(inside.stdout.toString()).toBe('');
    expect(getBinary().startsWith(ROOT)).toBeFalse();
  });

  test.each([[['version']], [['--version']], [['-v']]])('%p prints its version', async (args) => {
    expect(await run(args)).toMatchObject({ code: 0, stdout: `paycore ${version}\n`, stderr: '' });
  });

  test('version --json', async () => {
    const { stdout } = await run(['version', '--json']);
    expect(JSON.parse(stdout)).toEqual({ version });
  });

  test.each([[[]], [['help']], [['--help']], [['-h']]])('%p prints every command', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of [
      'serve',
      'demo',
      'simulator',
      'key create',
      'key list',
      'key revoke',
      'backup',
      'doctor',
      'version',
    ]) {
      expect(stdout).toContain(`paycore ${command}`);
    }
  });

  test.each([
    [['serve', '--help'], 'paycore serve'],
    [['serve', '-h'], 'paycore serve'],
    [['demo', '--help'], 'paycore demo'],
    [['key', 'create', '--help'], 'paycore key create'],
    [['practice', '--help'], 'paycore practice on'],
  ])('%p says how it is called, and does nothing', async (args, named) => {
    const cwd = makeFolder();
    const { code, stdout, stderr } = await run(args, { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toStartWith(named);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([['frobnicate'], ['toString'], ['__proto__'], ['']])('command %p is refused', async (name) => {
    const { code, stdout, stderr } = await run([name]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`paycore: there is no command "${name}". See paycore help.\n`);
  });

  test.each([
    [['demo', '--nonsense'], '--nonsense'],
    [['simulator', '--port', '70000'], '--port'],
    [['simulator', '--port'], '--port'],
    [['key'], 'create, list or revoke'],
    [['key', 'create'], '--project'],
    [['key', 'create', '--project', ' '], '--project'],
    [['key', 'revoke', 'x'], 'needs the id'],
  ])('%p is called wrongly', async (args, named) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toStartWith('paycore: ');
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('    at ');
  });

  test('serve takes no arguments it does not know', async () => {
    const { code, stderr } = await run(['serve', '--port', '9'], { env: { PAYCORE_PORT: '99999' } });
    expect(code).toBe(2);
    expect(stderr).toStartWith('paycore: ');
  });
});

describe('configuration', () => {
  test.each([
    ['PAYCORE_PORT', '99999'],
    ['PAYCORE_PORT', 'http'],
    ['PAYCORE_HOST', 'two words'],
    ['PAYCORE_PUBLIC_URL', 'pay.example.com'],
    ['PAYCORE_PUBLIC_URL', 'https://pay.example.com/shop'],
    ['PAYCORE_MASTER_KEY', 'c2hvcnQ='],
    ['PAYCORE_TIMEZONE', 'Asia/Atlantis'],
    ['PAYCORE_LOCALE', 'de'],
    ['PAYCORE_CURRENCY', 'twd'],
    ['PAYCORE_NOTIFY_ALLOW', '10.0.0.0/99'],
    ['PAYCORE_TRUSTED_PROXIES', 'proxy.lan'],
    ['PAYCORE_PUBLIC_HOME', 'yes'],
    ['PAYCORE_LOG_LEVEL', 'loud'],
    ['PAYCORE_RATE_LIMIT', '0'],
    ['PAYCORE_TLS_CERT', '/etc/cert.pem'],
    ['PAYCORE_ECPAY_PAYMENT_URL', 'localhost:9090'],
  ])('%s=%s stops the start with one line', async (name, value) => {
    const cwd = makeFolder();
    const { code, stdout, stderr } = await run(['serve'], { env: { [name]: value }, cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^paycore: PAYCORE_\w+ .+\. Example: PAYCORE_\w+=.+/);
    expect(stderr).toContain(name);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a secret that is wrong is not printed', async () => {
    const { stderr } = await run(['serve'], { env: { PAYCORE_MASTER_KEY: 'dGhpcyBpcyBteSBzZWNyZXQ=' } });
    expect(stderr).toContain('PAYCORE_MASTER_KEY');
    expect(stderr).not.toContain('dGhpcyBpcyBteSBzZWNyZXQ');
  });

  test('.env and bunfig.toml of the current folder have no effect', async () => {
    const cwd = makeFolder();
    const mark = join(cwd, 'ran');
    writeFileSync(join(cwd, '.env'), 'PAYCORE_PORT=99999\nPAYCORE_LOCALE=de\n');
    writeFileSync(join(cwd, '.env.local'), 'PAYCORE_PORT=99999\n');
    writeFileSync(join(cwd, '.env.production'), 'PAYCORE_PORT=99999\n');
    writeFileSync(join(cwd, 'preload.ts'), `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x');\n`);
    writeFileSync(join(cwd, 'bunfig.toml'), 'preload = ["./preload.ts"]\n[run]\npreload = ["./preload.ts"]\n');
    writeFileSync(join(cwd, 'tsconfig.json'), '{ not json');
    writeFileSync(join(cwd, 'package.json'), '{ not json');
    const { code, stderr, stdout } = await run(['key', 'list', '--json'], { cwd });
    expect([code, stdout, stderr]).toEqual([0, '[]\n', '']);
    expect(existsSync(mark)).toBeFalse();
    expect(existsSync(join(cwd, 'paycore-data', 'paycore.db'))).toBeTrue();
  });
});
