import { describe, expect, test } from 'bun:test';
import { ecpay } from '../../../../src/gateways/ecpay/index.ts';
import { credentialReader } from '../../../support/credentials.ts';
import { SECRETS } from '../../../support/ecpay.ts';

const { read, codeOf, fieldsOf } = credentialReader(ecpay);

describe('credentials in a request', () => {
  test('are taken under our names and under ECPay’s', () => {
    const aliases = { MerchantID: '3002607', HashKey: SECRETS.hash_key, HashIV: SECRETS.hash_iv };
    expect(read({ ...SECRETS })).toEqual({ secrets: SECRETS, environment: 'stage' });
    expect(read(aliases).secrets).toEqual(SECRETS);
    expect(read({ ...aliases, PlatformID: 'P1' }).secrets).toEqual({ ...SECRETS, platform_id: 'P1' });
  });

  test('may name the merchant by a number, have spaces around, and an empty name beside its alias', () => {
    expect(read({ ...SECRETS, merchant_id: 3_002_607 }).secrets).toEqual(SECRETS);
    expect(read({ ...SECRETS, hash_key: ` ${SECRETS.hash_key}\n` }).secrets).toEqual(SECRETS);
    expect(read({ ...SECRETS, merchant_id: '', MerchantID: '3002607', platform_id: '' }).secrets).toEqual(SECRETS);
  });

  test('hold no name that nobody knows: a typo would take effect by doing nothing', () => {
    expect(fieldsOf({ ...SECRETS, platfrom_id: 'P1', constructor: 'y' })).toEqual([
      'gateway_credentials.platfrom_id',
      'gateway_credentials.constructor',
    ]);
    expect(codeOf({ ...SECRETS, hashkey: 'x' })).toBe('ECPAY_CREDENTIAL_INVALID');
  });

  for (const given of [null, undefined, '', 'text', 5, [], [SECRETS], true, {}]) {
    test(`${JSON.stringify(given)} are none`, () => expect(codeOf(given)).toBe('ECPAY_CREDENTIAL_INVALID'));
  }

  for (const [field, value] of [
    ['merchant_id', ''],
    ['merchant_id', '12345678901'],
    ['merchant_id', '300-2607'],
    ['merchant_id', null],
    ['hash_key', 'x'.repeat(15)],
    ['hash_key', 'x'.repeat(17)],
    ['hash_key', '茶'.repeat(16)],
    ['hash_key', 'inner space here'],
    ['hash_iv', {}],
    ['hash_iv', undefined],
    ['platform_id', 'x'.repeat(11)],
  ] as const) {
    test(`${field} ${JSON.stringify(value)} is named as wrong`, () => {
      expect(fieldsOf({ ...SECRETS, [field]: value })).toEqual([`gateway_credentials.${field}`]);
    });
  }

  test('an error repeats no secret', () => {
    try {
      read({ ...SECRETS, hash_iv: 'wrongSecret' });
    } catch (error) {
      expect(Bun.inspect(error)).not.toContain('wrongSecret');
      return;
    }
    throw new Error('expected a refusal');
  });
});

describe('their environment', () => {
  test.each(['stage', 'STAGING', 'test', 'Testing'])('%s is stage', (environment) => {
    expect(read({ ...SECRETS, environment }).environment).toBe('stage');
  });
  test('left out is production for a live key and stage for a test key', () => {
    expect(read({ ...SECRETS }, 'live').environment).toBe('production');
    expect(read({ ...SECRETS, environment: '' }, 'test').environment).toBe('stage');
  });
  test('production is for live keys only, under any of its names', () => {
    for (const environment of ['production', 'prod', 'PROD']) {
      expect(read({ ...SECRETS, environment }, 'live').environment).toBe('production');
      expect(codeOf({ ...SECRETS, environment }, 'test')).toBe('TEST_KEY_PRODUCTION');
    }
    expect(read({ ...SECRETS, Environment: 'stage' }, 'live').environment).toBe('stage');
  });
  for (const environment of ['live', 'sandbox', 5, {}, 'stage ', 'constructor', '__proto__', 'toString']) {
    test(`${JSON.stringify(environment)} is none`, () => {
      expect(codeOf({ ...SECRETS, environment }, 'live')).toBe('ECPAY_CREDENTIAL_INVALID');
    });
  }
});
