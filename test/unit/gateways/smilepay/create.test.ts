import { describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { DAY } from '../../../../src/core/time.ts';
import type { CreateInput } from '../../../../src/gateways/gateway.ts';
import { requestNumber } from '../../../../src/gateways/smilepay/create.ts';
import { START } from '../../../support/clock.ts';
import { rejection } from '../../../support/parts.ts';
import { startStandIn } from '../../../support/standin.ts';
import vectors from '../../../vectors/smilepay-wire.json';
import { ISSUED, NUMBERS, type Path, useSmilepay, xml } from './numbers.ts';
import { createInput, makeContext, SECRETS, TOKEN, TRADE_NO } from './support.ts';

const { answerWith, ask } = useSmilepay();

describe('an answer with a number', () => {
  const step = (instructions: object, tradeNo = TRADE_NO) => ({ type: 'instructions', instructions, tradeNo });
  const expireAt = '2026-06-28T23:59:59+08:00';
  const atm = { type: 'atm', bankCode: '809', virtualAccount: '8011773423689453', expireAt };

  const body = (name: string) => vectors.answer.find((one) => one.name === name)?.body ?? '';

  test('is taken as it was recorded', async () => {
    answerWith(body('an account, Bank of Taiwan'));
    const payment = { ...createInput('atm').payment, amount: 50_000 };
    const old = { ...atm, bankCode: '004', virtualAccount: '31905792913643', expireAt: '2026-06-29T15:30:00+08:00' };
    expect((await ask('atm', {}, { payment })) as unknown).toEqual(step(old, '00E0001000002913643'));
    answerWith(body('an account with its end'));
    expect((await ask('atm')) as unknown).toEqual(step(atm));
    answerWith(body('an ibon code'));
    expect((await ask('cvs', {}, { gatewayOrderNo: 'ORDER2' })) as unknown).toEqual(
      step({ type: 'cvs', paymentCode: '21693575306', stores: ['ibon', 'lifeet'], expireAt }, '062223689454'),
    );
    answerWith(body('a FamiPort code'));
    expect((await ask('cvs', { own: { cvs_type: 'family' } }, { gatewayOrderNo: 'ORDER3' })) as unknown).toEqual(
      step({ type: 'cvs', paymentCode: '66012345678901', stores: ['famiport', 'lifeet'], expireAt }, '062223689455'),
    );
    answerWith(body('barcodes'));
    const barcodes = ['150630A1F', '6763618191673429', '00000980000000000000'];
    expect((await ask('barcode', {}, { gatewayOrderNo: 'ORDER4' })) as unknown).toEqual(
      step({ type: 'barcode', barcodes, expireAt: '2026-06-30T23:59:59+08:00' }, '062223689456'),
    );
  });

  const ends: readonly (readonly [string, string])[] = [
    ['2026/06/25', '2026-06-25T23:59:59+08:00'],
    ['2026/6/25 下午 06:00:00', '2026-06-25T18:00:00+08:00'],
    ['', '2026-06-29T15:30:00+08:00'],
    ['soon', '2026-06-29T15:30:00+08:00'],
    ['1900/1/1', '2026-06-29T15:30:00+08:00'],
  ];
  for (const [given, expected] of ends) {
    test(`PayEndDate ${JSON.stringify(given)} ends at ${expected}`, async () => {
      answerWith(xml({ ...ISSUED, ...NUMBERS.atm, PayEndDate: given }));
      expect((await ask('atm')) as unknown).toEqual(step({ ...atm, expireAt: expected }));
    });
  }

  test('without an end ends when we asked for, not when the shop did', async () => {
    answerWith(xml({ ...ISSUED, ...NUMBERS.cvs, PayEndDate: '' }));
    const { instructions } = (await ask('cvs', {}, { deadline: START + 30 * DAY })) as {
      instructions: { expireAt: string };
    };
    expect(instructions.expireAt).toBe('2026-06-28T15:30:00+08:00');
  });

  test('may leave empty what it repeats', async () => {
    answerWith(xml({ ...ISSUED, ...NUMBERS.atm, Dcvc: '', Data_id: '', Amount: '' }));
    expect((await ask('atm')) as unknown).toEqual(step(atm));
  });

  const wrong: readonly (readonly [string, Path, object])[] = [
    ['another merchant', 'atm', { Dcvc: '108' }],
    ['another order', 'atm', { Data_id: 'ORDER2' }],
    ['another amount', 'atm', { Amount: '981' }],
    ['no amount that can be read', 'atm', { Amount: 'NT$980' }],
    ['no trade number', 'atm', { SmilePayNO: '' }],
    ['a trade number with markup', 'atm', { SmilePayNO: '1 &lt;b&gt;' }],
    ['no Status', 'atm', { Status: '' }],
    ['a Status that is none', 'atm', { Status: '01' }],
    ['a Status in words', 'atm', { Status: 'OK' }],
    ['no bank', 'atm', { AtmBankNo: '' }],
    ['a bank of two digits', 'atm', { AtmBankNo: '80' }],
    ['no account', 'atm', { AtmNo: '' }],
    ['an account with letters', 'atm', { AtmNo: '80117734236894AB' }],
    ['no code', 'cvs', { IbonNo: '' }],
    ['another machine’s code', 'cvs', { IbonNo: '', FamiNO: '66012345678901' }],
    ['two of three barcodes', 'barcode', { Barcode2: '' }],
    ['a barcode that is none', 'barcode', { Barcode3: '<![CDATA[<script>]]>' }],
  ];
  for (const [name, path, change] of wrong) {
    test(`about ${name} is not believed: the outcome is unknown`, async () => {
      answerWith(xml({ ...ISSUED, ...NUMBERS[path], ...change }));
      expect(await rejection(ask(path))).toMatchObject({ name: 'GatewayGarbage' });
    });
  }

  test('that is none at all leaves the outcome unknown too', async () => {
    for (const [text, status] of [
      ['', 200],
      ['<html>busy</html>', 200],
      [xml({ ...ISSUED, ...NUMBERS.atm }), 500],
      ['', 302],
    ] as const) {
      answerWith(text, status);
      expect(await rejection(ask('atm'))).toMatchObject({ name: 'GatewayGarbage' });
    }
    answerWith('x'.repeat(65 * 1024));
    expect(await rejection(ask('atm'))).toMatchObject({ name: 'GatewayCallError', kind: 'too_large' });
  });
});

describe('a refusal', () => {
  const refuse = async (
    path: Path,
    status: string,
    desc: string,
    order: Order = {},
    change: Partial<CreateInput> = {},
  ) => {
    answerWith(xml({ Status: status, Desc: desc }));
    return rejection(ask(path, order, change));
  };
  const STORE = 'Can not use this Pay_zg service(Store)';
  const cases: readonly (readonly [string, Path, string, string])[] = [
    ['-3003', 'barcode', STORE, 'SMILEPAY_BARCODE_SERVICE_NOT_ENABLED'],
    ['-3003', 'barcode', '未啟用', 'SMILEPAY_BARCODE_SERVICE_NOT_ENABLED'],
    ['-9999', 'barcode', 'can NOT use this Pay_zg service(SmilePay)', 'SMILEPAY_BARCODE_SERVICE_NOT_ENABLED'],
    ['-3003', 'atm', STORE, 'SMILEPAY_REQUEST_REJECTED'],
    ['-3003', 'cvs', STORE, 'SMILEPAY_REQUEST_REJECTED'],
    ['-2001', 'atm', 'Dcvc error', 'SMILEPAY_CREDENTIAL_INVALID'],
    ['-2002', 'barcode', 'Verify_key error', 'SMILEPAY_CREDENTIAL_INVALID'],
    ['-3001', 'cvs', 'no such merchant', 'SMILEPAY_CREDENTIAL_INVALID'],
    ['-3002', 'atm', 'expired', 'SMILEPAY_CREDENTIAL_INVALID'],
    ['-2004', 'atm', 'Deadline', 'SMILEPAY_REQUEST_REJECTED'],
    ['-3004', 'barcode', 'Amount', 'SMILEPAY_REQUEST_REJECTED'],
    ['-4003', 'cvs', 'ibon busy', 'SMILEPAY_REQUEST_REJECTED'],
    ['0', 'atm', '', 'SMILEPAY_REQUEST_REJECTED'],
    ['2', 'atm', 'odd', 'SMILEPAY_REQUEST_REJECTED'],
  ];
  for (const [status, path, desc, errorCode] of cases) {
    test(`Status ${status} ${desc} for ${path} is ${errorCode}`, async () => {
      const expected = { name: 'GatewayRefusal', errorCode, gatewayCode: status, message: desc };
      expect(await refuse(path, status, desc)).toMatchObject(expected);
    });
  }

  test('of barcodes on the cvs route is told as such', async () => {
    const secrets = { ...SECRETS, default_cvs_type: 'barcode' };
    expect(await refuse('cvs', '-3003', STORE, {}, { secrets })).toMatchObject({
      errorCode: 'SMILEPAY_BARCODE_SERVICE_NOT_ENABLED',
    });
  });

  test('as it was recorded', async () => {
    const body = (name: string) => vectors.answer.find((one) => one.name === name)?.body ?? '';
    answerWith(body('barcodes not enabled'));
    expect(await rejection(ask('barcode'))).toMatchObject({ gatewayCode: '-3003', message: STORE });
    answerWith(body('a wrong Verify_key'));
    expect(await rejection(ask('atm'))).toMatchObject({
      errorCode: 'SMILEPAY_CREDENTIAL_INVALID',
      gatewayCode: '-2002',
    });
  });
});

test('no error of a call carries a secret', async () => {
  const closed = startStandIn();
  await closed.stop();
  const error = await rejection(requestNumber(createInput('atm'), makeContext(closed.url)));
  expect(error).toMatchObject({ name: 'GatewayCallError', kind: 'not_sent' });
  for (const secret of [SECRETS.verify_key, TOKEN]) expect(Bun.inspect(error)).not.toContain(String(secret));
});
