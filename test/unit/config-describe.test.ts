import { expect, test } from 'bun:test';
import { describeConfig } from '../../src/config/describe.ts';
import { type Environment, listVariables, readConfig } from '../../src/config.ts';
import { listDriverVariables } from '../../src/gateways/registry.ts';
import { gateways } from '../support/gateways.ts';

const drivers = listDriverVariables(gateways.list);
const describe = (env: Environment) => describeConfig(readConfig(env, drivers), drivers);

test('every variable is told, as it is unless configured', () => {
  const told = describe({});
  expect(told.map(({ name }) => name)).toEqual(listVariables(drivers).map(({ name }) => name));
  for (const [at, { fallback }] of listVariables(drivers).entries()) {
    expect(told[at]).toMatchObject({ value: fallback, isChanged: false });
  }
});

test('what is configured is told as it is, but for secrets, of which only that they are set', () => {
  const env = {
    PAYCORE_HOST: '0.0.0.0',
    PAYCORE_PORT: '9999',
    PAYCORE_PUBLIC_URL: 'https://pay.example.com',
    PAYCORE_DATA_DIR: '/data',
    PAYCORE_TIMEZONE: 'Asia/Tokyo',
    PAYCORE_LOCALE: 'en',
    PAYCORE_CURRENCY: 'JPY',
    PAYCORE_TRUSTED_PROXIES: '10.0.0.0/8',
    PAYCORE_ADMIN_ALLOW: '192.168.1.0/24,203.0.113.7/32',
    PAYCORE_LOG_LEVEL: 'debug',
    PAYCORE_RATE_LIMIT: 'off',
    PAYCORE_SIMULATOR_PORT: '9091',
    PAYCORE_SIMULATOR_URL: 'https://practice.example.com',
    PAYCORE_DATABASE_URL: 'postgres://paycore:secret-1@db.example/paycore',
    PAYCORE_DATABASE_POOL: '8',
    PAYCORE_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    PAYCORE_METRICS_TOKEN: 'secret-2',
    PAYCORE_NOTIFY_ALLOW: 'shop.lan,10.0.0.0/8',
    PAYCORE_PUBLIC_HOME: 'on',
    PAYCORE_TLS_CERT: '/a.pem',
    PAYCORE_TLS_KEY: '/b.pem',
    PAYCORE_PLUS_SIGN: 'none',
    PAYCORE_PAYPAL_URL: 'http://127.0.0.1:9090',
  };
  // None of the program's own is forgotten here, or it would be told as if it were not set.
  expect(
    listVariables()
      .map(({ name }) => name)
      .filter((name) => !(name in env)),
  ).toEqual([]);
  const told = describe(env);
  const changed = told.filter(({ isChanged }) => isChanged);
  expect(changed.map(({ name }) => name).sort()).toEqual(Object.keys(env).sort());
  for (const { name, value, isSecret } of changed) {
    expect([name, value]).toEqual([name, isSecret ? '' : env[name as keyof typeof env]]);
  }
  expect(JSON.stringify(told)).not.toMatch(/secret-\d|CQkJ/);
  expect(told.find(({ name }) => name === 'PAYCORE_PAYPAL_URL')?.replaces).toContain('paypal');
});
