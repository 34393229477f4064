import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import { plus } from '../../../../src/gateways/plus/index.ts';
import { readCredentials } from '../../../../src/payments/projects/credentials.ts';
import { ATM, PLAT_NO, SECRETS } from './support.ts';

const parts = (origins: Record<string, string>) => ({ config: { origins } }) as never;
const AT_HOME = parts({});
const ELSEWHERE = parts({ plus: 'http://127.0.0.1:9090' });

function refusalOf(run: () => unknown): { code?: unknown; message?: unknown; fields?: unknown } {
  try {
    run();
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: { fields?: object } };
    return { code, message, ...(details.fields ? { fields: Object.keys(details.fields) } : {}) };
  }
  return {};
}

describe('credentials', () => {
  test('are an appid and a secret_key, for production', () => {
    expect(readCredentials(AT_HOME, plus, 'live', { ...SECRETS })).toEqual({
      secrets: SECRETS,
      environment: 'production',
    });
    expect(readCredentials(AT_HOME, plus, 'live', { appid: 1001, secret_key: ' k\n' }).secrets).toEqual({
      appid: '1001',
      secret_key: 'k',
    });
  });

  for (const [name, given, message, field] of [
    ['no appid', { secret_key: 'x' }, 'PLUS appid is required.', 'appid'],
    ['neither', {}, 'PLUS appid is required.', 'appid'],
    ['an appid that is none', { ...SECRETS, appid: 'a&b=c' }, 'PLUS appid is required.', 'appid'],
    ['no secret_key', { appid: 'x' }, 'PLUS secret_key is required.', 'secret_key'],
    ['a secret_key that is none', { ...SECRETS, secret_key: '密鑰' }, 'PLUS secret_key is required.', 'secret_key'],
  ] as const) {
    test(`${name} is refused with the sentence of the catalogue`, () => {
      expect(refusalOf(() => readCredentials(AT_HOME, plus, 'live', given))).toEqual({
        code: 'PLUS_CREDENTIAL_INVALID',
        message,
        fields: [`gateway_credentials.${field}`],
      });
    });
  }

  test('that are no object are missing altogether', () => {
    expect(refusalOf(() => readCredentials(AT_HOME, plus, 'live', 'text'))).toEqual({
      code: 'PLUS_CREDENTIAL_INVALID',
      message: 'PLUS appid is required.',
    });
  });

  test('of another environment are refused', () => {
    const given = { ...SECRETS, environment: 'stage' };
    expect(refusalOf(() => readCredentials(ELSEWHERE, plus, 'test', given)).code).toBe('PLUS_CREDENTIAL_INVALID');
  });

  test('cannot be used with a test key, unless something else stands in for PLUS', () => {
    for (const given of [SECRETS, { ...SECRETS, environment: 'production' }]) {
      expect(refusalOf(() => readCredentials(AT_HOME, plus, 'test', given)).code).toBe('GATEWAY_HAS_NO_TEST_MODE');
      expect(readCredentials(ELSEWHERE, plus, 'test', given).environment).toBe('production');
    }
  });
});

describe('payment_info', () => {
  const describeInfo = (attempt: Partial<Attempt>) => plus.describeInfo({} as Payment, attempt as Attempt, '');
  const { exampleInfo, highlights } = ATM.docs;

  test('is what the documentation shows, and holds what the catalogue names', () => {
    const info = describeInfo({
      gatewayTradeNo: '2606221530127264',
      instructions: {
        type: 'atm',
        virtualAccount: '98621175887271',
        bankCode: '822',
        payUrl: 'https://plus.example/pay/2606221530127264',
        expireAt: '2026-06-25T23:59:59+08:00',
      },
    });
    expect(info).toEqual(exampleInfo);
    expect(Object.keys(info)).toEqual(Object.keys(exampleInfo));
    expect(highlights).toEqual(['payment_no', 'payment_url', 'account_code', 'plat_no', 'status']);
    for (const name of ['account_code', 'plat_no']) expect(info).toHaveProperty(name);
  });

  test('has no address where PLUS gave none, and no bank where it named none', () => {
    expect(
      describeInfo({
        gatewayTradeNo: PLAT_NO,
        instructions: { type: 'atm', virtualAccount: '1234567890', expireAt: '2026-06-25T15:30:00+08:00' },
      }),
    ).toEqual({
      account_code: '1234567890',
      plat_no: PLAT_NO,
      bank_code: null,
      bank_name: '',
      virtual_account: '1234567890',
      expire_at: '2026-06-25 15:30:00',
    });
  });

  test('is empty until there is an account', () => expect(describeInfo({ instructions: null })).toEqual({}));
});
