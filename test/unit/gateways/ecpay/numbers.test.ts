import { describe, expect, test } from 'bun:test';
import type { Attempt, Instructions } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import { DAY } from '../../../../src/core/time.ts';
import { convertExpireDays, defaultLifetime, isNumberKind } from '../../../../src/gateways/ecpay/expiry.ts';
import { describeInfo } from '../../../../src/gateways/ecpay/info.ts';
import { readAtm, readBarcode, readCvs } from '../../../../src/gateways/ecpay/numbers.ts';
import vectors from '../../../vectors/ecpay.json';

const ExpireDate = '2026/08/08 23:59:59';
const expireAt = '2026-08-08T23:59:59+08:00';

describe('barcodes', () => {
  const triples = [...vectors['cvs-barcode-opaque'], ...vectors['cvs-barcode-check']];
  for (const { name, input } of triples) {
    test(`${name}: taken as they come`, () => {
      const [Barcode1 = '', Barcode2 = '', Barcode3 = ''] = input;
      expect(readBarcode({ Barcode1, Barcode2, Barcode3, ExpireDate })).toEqual({
        type: 'barcode',
        barcodes: [Barcode1, Barcode2, Barcode3],
        expireAt,
      });
    });
  }
  const whole = { Barcode1: '1508086CY', Barcode2: '1557352207269145', Barcode3: '080829000000789', ExpireDate };
  for (const change of [
    { Barcode1: '' },
    { Barcode2: null },
    { Barcode3: '0808 2900' },
    { Barcode3: '080829*00000789' },
    { Barcode1: 'abc086cy1' },
    { Barcode1: undefined },
    { ExpireDate: '' },
    { ExpireDate: 10_080 },
  ]) {
    test(`${JSON.stringify(change)} makes them unusable`, () =>
      expect(readBarcode({ ...whole, ...change })).toBeNull());
  }
});

describe('accounts', () => {
  const whole = { BankCode: '822', vAccount: '9251262164875291', ExpireDate: '2026/08/08' };
  test('live to the end of their day', () => {
    expect(readAtm(whole)).toEqual({ type: 'atm', bankCode: '822', virtualAccount: '9251262164875291', expireAt });
  });
  for (const change of [
    { BankCode: '82' },
    { BankCode: null },
    { vAccount: '925-126' },
    { vAccount: '' },
    { vAccount: '1'.repeat(17) },
    { ExpireDate: '2026/02/30' },
  ]) {
    test(`${JSON.stringify(change)} makes them unusable`, () => expect(readAtm({ ...whole, ...change })).toBeNull());
  }
});

describe('store codes', () => {
  const whole = { PaymentNo: 'LLL26213917389', ExpireDate };
  test('may have a page, when it is one', () => {
    expect(readCvs(whole)).toEqual({ type: 'cvs', paymentCode: 'LLL26213917389', expireAt });
    expect(readCvs({ ...whole, PaymentURL: 'https://p.example/' })).toMatchObject({
      paymentCodeUrl: 'https://p.example/',
    });
    for (const PaymentURL of ['', null, 'javascript:alert(1)', ' https://p.example/']) {
      expect(readCvs({ ...whole, PaymentURL })).not.toHaveProperty('paymentCodeUrl');
    }
  });
  for (const change of [
    { PaymentNo: '' },
    { PaymentNo: 'LLL 2621' },
    { PaymentNo: '<b>12345678' },
    { ExpireDate: null },
  ]) {
    test(`${JSON.stringify(change)} makes them unusable`, () => expect(readCvs({ ...whole, ...change })).toBeNull());
  }
});

describe('expire_days', () => {
  test('become days or minutes, up to the largest each method takes', () => {
    expect([1, 3, 60, 99].map((days) => convertExpireDays('atm', days))).toEqual([1, 3, 60, 60]);
    expect([1, 7, 30, 31, 60].map((days) => convertExpireDays('cvs', days))).toEqual([
      1440, 10_080, 43_200, 43_200, 43_200,
    ]);
    expect([1, 7, 30, 60].map((days) => convertExpireDays('barcode', days))).toEqual([1, 7, 30, 30]);
  });
  test('left out mean ECPay’s own defaults', () => {
    expect([defaultLifetime('atm'), defaultLifetime('cvs'), defaultLifetime('barcode')]).toEqual([
      3 * DAY,
      7 * DAY,
      7 * DAY,
    ]);
  });
  test('belong to methods with a number', () => {
    expect(['atm', 'cvs', 'barcode', 'credit', 'all', 'constructor', ''].filter(isNumberKind)).toEqual([
      'atm',
      'cvs',
      'barcode',
    ]);
  });
});

describe('payment_info', () => {
  const describeIt = (instructions: Instructions | null) =>
    describeInfo({} as Payment, { instructions } as Attempt, 'https://pay.example/page');
  test('of nothing is empty', () => expect(describeIt(null)).toEqual({}));
  test('of an account is flat', () => {
    expect(describeIt({ type: 'atm', bankCode: '822', virtualAccount: '9', expireAt })).toEqual({
      bank_code: '822',
      bank_name: '中國信託銀行',
      virtual_account: '9',
      expire_at: '2026-08-08 23:59:59',
    });
    expect(describeIt({ type: 'atm', bankCode: '999', virtualAccount: '9', expireAt })).toMatchObject({
      bank_name: '',
    });
  });
  test('of a store code is flat', () => {
    expect(describeIt({ type: 'cvs', paymentCode: 'L', expireAt })).toEqual({
      payment_code: 'L',
      payment_code_url: null,
      expire_at: '2026-08-08 23:59:59',
    });
  });
  test('of barcodes stands under ecpay and names our page, not the segments, as what is copied', () => {
    expect(describeIt({ type: 'barcode', barcodes: ['A', 'B', 'C'], expireAt })).toEqual({
      ecpay: {
        selected_payment_method: 'barcode',
        barcode1: 'A',
        barcode2: 'B',
        barcode3: 'C',
        barcode_user_copy_url: 'https://pay.example/page',
        barcode_segments_copyable: false,
        barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
        barcode_intro_url: 'https://www.ecpay.com.tw/introcvs',
        expire_at: '2026-08-08 23:59:59',
      },
    });
  });
});
