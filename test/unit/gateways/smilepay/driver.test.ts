import { describe, expect, test } from 'bun:test';
import type { Attempt, Instructions } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import { smilepay } from '../../../../src/gateways/smilepay/index.ts';
import { readCredentials } from '../../../../src/payments/projects/credentials.ts';
import { loadConfig } from '../../../../src/program.ts';
import { judge, located, methodAt, PROOF, rawCallback, SECRETS, TRADE_NO } from './support.ts';

const overridden = loadConfig({ PAYCORE_SMILEPAY_URL: 'http://127.0.0.1:9090' });

const read = (given: unknown, kind: 'live' | 'test' = 'live', config = loadConfig({})) =>
  readCredentials({ config }, smilepay, kind, given);

function codeOf(given: unknown, kind?: 'live' | 'test', config?: typeof overridden): unknown {
  try {
    read(given, kind, config);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'taken';
}

describe('credentials', () => {
  test('are taken under our names, SmilePay’s, and those of the Mid parameter', () => {
    expect(read(SECRETS)).toEqual({ secrets: SECRETS, environment: 'production' });
    const own = { Dcvc: 107, Rvg2c: 1, Verify_key: SECRETS.verify_key };
    expect(read(own).secrets).toEqual(SECRETS);
    expect(read({ ...own, rot_check: '1111' }).secrets).toEqual({ ...SECRETS, mid: '1111' });
    expect(read({ ...own, merchant_param: '12', validation_token: 't', default_cvs_type: 'barcode' }).secrets).toEqual({
      ...SECRETS,
      mid: '12',
      validation_token: 't',
      default_cvs_type: 'barcode',
    });
  });

  for (const change of [
    { dcvc: '' },
    { dcvc: 'x'.repeat(21) },
    { dcvc: '107&t=1' },
    { rvg2c: undefined },
    { verify_key: null },
    { verify_key: 'two words' },
    { validation_token: 'x'.repeat(201) },
    { default_cvs_type: '7-11' },
    { mid: '12345' },
    { mid: 'abcd' },
  ]) {
    test(`${JSON.stringify(change)} are refused`, () => {
      expect(codeOf({ ...SECRETS, ...change })).toBe('SMILEPAY_CREDENTIAL_INVALID');
    });
  }

  test('have no test environment', () => {
    for (const environment of ['stage', 'sandbox', 'test', 5]) {
      expect(codeOf({ ...SECRETS, environment })).toBe('GATEWAY_HAS_NO_TEST_MODE');
    }
    for (const environment of ['production', 'PROD', 'live', '', undefined]) {
      expect(read({ ...SECRETS, environment }).environment).toBe('production');
      expect(codeOf({ ...SECRETS, environment }, 'test')).toBe('GATEWAY_HAS_NO_TEST_MODE');
      expect(codeOf({ ...SECRETS, environment }, 'test', overridden)).toBe('taken');
    }
  });
});

describe('payment_info', () => {
  const pageUrl = 'https://pay.example/zh-tw/pay/PAY202606220001ABCDEFGH?token=…';
  const expireAt = '2026-06-28T23:59:59+08:00';
  const info = (instructions: Instructions | null) =>
    smilepay.describeInfo({} as Payment, { instructions, gatewayTradeNo: TRADE_NO } as Attempt, pageUrl);
  const examples: Readonly<Record<string, Instructions>> = {
    atm: { type: 'atm', bankCode: '809', virtualAccount: '8011773423689453', expireAt },
    cvs: { type: 'cvs', paymentCode: '21693575306', expireAt },
    barcode: { type: 'barcode', barcodes: ['150628A1F', '6763618191673429', '00000980000000000000'], expireAt },
  };

  for (const [path, instructions] of Object.entries(examples)) {
    test(`of ${path} is the documented example, and has every name that is pointed out`, () => {
      const { exampleInfo, highlights } = methodAt(path).docs;
      expect(JSON.stringify(info(instructions))).toBe(JSON.stringify(exampleInfo));
      const flat = { payment_no: '', status: '', ...exampleInfo, ...(exampleInfo.smilepay as object | undefined) };
      for (const name of highlights) expect(Object.keys(flat)).toContain(name);
    });
  }

  test('has SmilePay’s numbers in its own names, and its own guide', () => {
    expect(info(examples.atm ?? null)).toMatchObject({
      SmilePayNO: TRADE_NO,
      AtmBankNo: '809',
      PayEndDate: '2026/06/28 23:59:59',
    });
    expect(info(examples.barcode ?? null)).toMatchObject({
      smilepay: { barcode_intro_url: 'https://www.smilepay.net/es/index_gz_index.asp' },
    });
  });

  test('is empty while there is no number', () => expect(info(null)).toEqual({}));
});

describe('what the driver says about itself', () => {
  test('SmilePay has its own guide for store payments and none for accounts', () => {
    const guides = smilepay.methods.map(({ path, guideUrl }) => [path, guideUrl]);
    const guide = 'https://www.smilepay.net/es/index_gz_index.asp';
    expect(Object.fromEntries(guides)).toEqual({ atm: null, cvs: guide, barcode: guide });
  });

  test('the shop’s order number is kept when SmilePay takes it', () => {
    const keeps = (text: string) => smilepay.orderNo?.keeps?.test(text);
    for (const text of ['1', 'ORDER202606220001', 'x'.repeat(18)]) expect(keeps(text)).toBe(true);
    for (const text of ['', 'x'.repeat(19), 'ORDER-1', '訂單1', 'a b', 'A\n']) expect(keeps(text)).toBe(false);
  });

  test('the documented callbacks are read, and say paid when they are proved', () => {
    const { bodies, refusals } = smilepay.callback.docs;
    expect(bodies).toHaveLength(2);
    for (const { type, example } of bodies) {
      const raw = rawCallback(typeof example === 'string' ? example : JSON.stringify(example), PROOF, type);
      const dcvc = typeof example === 'string' ? '107' : '2109';
      const query = PROOF.replace('107', dcvc);
      const { verification, facts } = judge({ ...raw, query: new URLSearchParams(query) }, { ...SECRETS, dcvc });
      expect(verification).toEqual({ ok: true });
      expect(facts).toMatchObject([{ type: 'paid', amount: 98_000 }]);
      expect(typeof located(raw)).toBe('object');
    }
    expect(refusals['SmilePay validation token mismatch.']).toBe('signature');
  });

  test('it takes no extras', () => {
    for (const { extras } of smilepay.methods) expect(extras).toEqual([]);
  });
});
