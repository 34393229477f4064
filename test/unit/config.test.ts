import { describe, expect, test } from 'bun:test';
import { ConfigError, listUnknownVariables, listVariables, readConfig as readFor } from '../../src/config.ts';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { listDriverVariables } from '../../src/gateways/registry.ts';

const DRIVERS = listDriverVariables(GATEWAYS);
const readConfig = (env: Record<string, string>) => readFor(env, DRIVERS);

function refuse(env: Record<string, string>): ConfigError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`);
}

describe('readConfig', () => {
  test('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: null,
      dataDir: './paycore-data',
      databaseUrl: null,
      databasePool: 16,
      masterKey: null,
      timezone: 'Asia/Taipei',
      locale: 'zh-tw',
      currency: 'TWD',
      notifyAllow: { hosts: [], ranges: [] },
      trustedProxies: [],
      metricsToken: null,
      adminAllow: [],
      publicHome: false,
      logLevel: 'info',
      rateLimit: true,
      simulatorPort: null,
      simulatorUrl: null,
      tls: null,
      origins: {},
      gatewaySettings: { plus: { sign: 'md5-key' } },
    });
  });

  test('takes an empty variable for an unset one', () => {
    const empty = Object.fromEntries(listVariables(DRIVERS).map(({ name }) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  test('reads every variable', () => {
    const key = Buffer.alloc(32, 7);
    const config = readConfig({
      PAYCORE_HOST: '0.0.0.0',
      PAYCORE_PORT: '0',
      PAYCORE_PUBLIC_URL: 'https://Pay.Example.com/',
      PAYCORE_DATA_DIR: '/var/lib/paycore',
      PAYCORE_DATABASE_URL: 'postgres://paycore:secret@db.example/paycore',
      PAYCORE_MASTER_KEY: key.toString('base64'),
      PAYCORE_TIMEZONE: 'Asia/Tokyo',
      PAYCORE_LOCALE: 'en',
      PAYCORE_CURRENCY: 'JPY',
      PAYCORE_NOTIFY_ALLOW: ' Shop.LAN. , localhost,10.0.0.0/8, 192.168.1.7 ,[::1],fd00::/8,',
      PAYCORE_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
      PAYCORE_METRICS_TOKEN: 'abc',
      PAYCORE_ADMIN_ALLOW: 'localhost, 203.0.113.7,192.168.1.0/24',
      PAYCORE_PUBLIC_HOME: 'on',
      PAYCORE_LOG_LEVEL: 'debug',
      PAYCORE_RATE_LIMIT: 'off',
      PAYCORE_SIMULATOR_PORT: '9191',
      PAYCORE_SIMULATOR_URL: 'https://practice.example.com',
      PAYCORE_PLUS_SIGN: 'hmac-sha256',
      PAYCORE_TLS_CERT: 'c.pem',
      PAYCORE_TLS_KEY: 'k.pem',
      PAYCORE_DATABASE_POOL: '40',
      PAYCORE_ECPAY_PAYMENT_URL: 'http://127.0.0.1:9090',
      PAYCORE_STRIPE_JS_URL: 'https://js.example',
    });
    expect(config).toEqual({
      host: '0.0.0.0',
      port: 0,
      publicUrl: 'https://pay.example.com',
      dataDir: '/var/lib/paycore',
      databaseUrl: 'postgres://paycore:secret@db.example/paycore',
      databasePool: 40,
      masterKey: new Uint8Array(key),
      timezone: 'Asia/Tokyo',
      locale: 'en',
      currency: 'JPY',
      notifyAllow: {
        hosts: ['shop.lan', 'localhost'],
        ranges: ['10.0.0.0/8', '192.168.1.7/32', '::1/128', 'fd00::/8'],
      },
      trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'],
      metricsToken: 'abc',
      adminAllow: ['127.0.0.0/8', '::1/128', '203.0.113.7/32', '192.168.1.0/24'],
      publicHome: true,
      logLevel: 'debug',
      rateLimit: false,
      simulatorPort: 9191,
      simulatorUrl: 'https://practice.example.com',
      tls: { certFile: 'c.pem', keyFile: 'k.pem' },
      origins: { ecpay_payment: 'http://127.0.0.1:9090', stripe_js: 'https://js.example' },
      gatewaySettings: { plus: { sign: 'hmac-sha256' } },
    });
  });

  test.each([
    ['PAYCORE_HOST', 'not a host'],
    ['PAYCORE_HOST', '1.2.3.4.5'],
    ['PAYCORE_PORT', '65536'],
    ['PAYCORE_PORT', '80a'],
    ['PAYCORE_PORT', '-1'],
    ['PAYCORE_PUBLIC_URL', 'pay.example.com'],
    ['PAYCORE_PUBLIC_URL', 'ftp://pay.example.com'],
    ['PAYCORE_PUBLIC_URL', 'https://pay.example.com/shop'],
    ['PAYCORE_PUBLIC_URL', 'https://pay.example.com/?'],
    ['PAYCORE_PUBLIC_URL', `https://${'a'.repeat(60)}.${'b'.repeat(60)}.example`],
    ['PAYCORE_DATABASE_URL', 'mysql://db.example/paycore'],
    ['PAYCORE_DATABASE_URL', 'db.example'],
    ['PAYCORE_MASTER_KEY', Buffer.alloc(31).toString('base64')],
    ['PAYCORE_MASTER_KEY', `${Buffer.alloc(32).toString('base64').slice(0, -2)}!=`],
    ['PAYCORE_TIMEZONE', 'Asia/Nowhere'],
    ['PAYCORE_TIMEZONE', '+08:00'],
    ['PAYCORE_LOCALE', 'xx'],
    ['PAYCORE_CURRENCY', 'twd'],
    ['PAYCORE_NOTIFY_ALLOW', 'shop.lan,http://shop.lan'],
    ['PAYCORE_NOTIFY_ALLOW', '10.0.0.0/33'],
    ['PAYCORE_NOTIFY_ALLOW', '127.1'],
    ['PAYCORE_NOTIFY_ALLOW', '*.shop.lan'],
    ['PAYCORE_TRUSTED_PROXIES', 'proxy.lan'],
    ['PAYCORE_METRICS_TOKEN', 'with space'],
    ['PAYCORE_ADMIN_ALLOW', 'home.example.com'],
    ['PAYCORE_ADMIN_ALLOW', '10.0.0.0/33'],
    ['PAYCORE_PUBLIC_HOME', 'yes'],
    ['PAYCORE_LOG_LEVEL', 'loud'],
    ['PAYCORE_RATE_LIMIT', 'true'],
    ['PAYCORE_SIMULATOR_PORT', '70000'],
    ['PAYCORE_SIMULATOR_URL', 'practice.example.com'],
    ['PAYCORE_PLUS_SIGN', 'md5'],
    ['PAYCORE_PLUS_SIGN', 'MD5-KEY'],
    ['PAYCORE_ECPAY_PAYMENT_URL', 'http://127.0.0.1:9090/Cashier'],
  ])('refuses %s=%s in one line with an example', (name, value) => {
    const { message, variable } = refuse({ [name]: value });
    expect(variable).toBe(name);
    expect(message).toStartWith(`${name} must `);
    expect(message).toContain(`Example: ${name}=`);
    expect(message).not.toContain('\n');
  });

  test('takes every way of signing that PLUS may have agreed on', () => {
    for (const sign of ['md5-key', 'md5-amp', 'md5-bare', 'hmac-sha256', 'none']) {
      expect(readConfig({ PAYCORE_PLUS_SIGN: sign }).gatewaySettings).toEqual({ plus: { sign } });
    }
  });

  test('wants certificate and key together', () => {
    expect(refuse({ PAYCORE_TLS_CERT: 'c.pem' }).variable).toBe('PAYCORE_TLS_KEY');
    expect(refuse({ PAYCORE_TLS_KEY: 'k.pem' }).variable).toBe('PAYCORE_TLS_CERT');
  });

  test('stays on one line and shows no secret', () => {
    expect(refuse({ PAYCORE_LOCALE: 'a\nb' }).message).toBe(
      'PAYCORE_LOCALE must be one of zh-tw, zh-cn, en, ja, ko, th, ms, but is "a\\nb". Example: PAYCORE_LOCALE=zh-tw',
    );
    expect(refuse({ PAYCORE_MASTER_KEY: 'hunter2' }).message).not.toContain('hunter2');
    expect(refuse({ PAYCORE_DATABASE_URL: 'mysql://me:hunter2@db.example' }).message).not.toContain('hunter2');
    expect(refuse({ PAYCORE_PUBLIC_URL: 'https://me:hunter2@pay.example' }).message).not.toContain('hunter2');
  });
});

test('every variable accepts its own example', () => {
  for (const { name, example, secret } of listVariables(DRIVERS)) {
    if (secret || name.startsWith('PAYCORE_TLS')) continue;
    expect(() => readConfig({ [name]: example })).not.toThrow();
  }
});

test('without drivers there is nothing to choose for them', () => {
  const { origins, gatewaySettings } = readFor({
    PAYCORE_PLUS_SIGN: 'none',
    PAYCORE_STRIPE_URL: 'http://127.0.0.1:9090',
  });
  expect([origins, gatewaySettings]).toEqual([{}, {}]);
});

test('each says what it is for, and no two bear one name', () => {
  const all = listVariables(DRIVERS);
  expect(all.filter(({ meaning }) => !meaning.endsWith('.'))).toEqual([]);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(
    all
      .map(({ name }) => name)
      .filter((name) => /^PAYCORE_.*_(URL|SIGN)$/.test(name))
      .toSorted(),
  ).toEqual([
    'PAYCORE_DATABASE_URL',
    'PAYCORE_ECPAY_ECPAYMENT_URL',
    'PAYCORE_ECPAY_ECPG_URL',
    'PAYCORE_ECPAY_PAYMENT_URL',
    'PAYCORE_PAYPAL_URL',
    'PAYCORE_PLUS_SIGN',
    'PAYCORE_PLUS_URL',
    'PAYCORE_PUBLIC_URL',
    'PAYCORE_SIMULATOR_URL',
    'PAYCORE_SMILEPAY_URL',
    'PAYCORE_STRIPE_JS_URL',
    'PAYCORE_STRIPE_URL',
  ]);
});

test('misspelt variables are found', () => {
  expect(
    listUnknownVariables({ PAYCORE_PROT: '1', PAYCORE_PORT: '1', PAYCORE_PLUS_SIGN: 'none', PATH: '/' }, DRIVERS),
  ).toEqual(['PAYCORE_PROT']);
});
