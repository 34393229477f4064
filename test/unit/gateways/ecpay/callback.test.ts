import { describe, expect, test } from 'bun:test';
import type { Fact } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import { callback } from '../../../../src/gateways/ecpay/callback.ts';
import type { RawCallback, Verification } from '../../../../src/gateways/gateway.ts';
import {
  factsOf,
  formCallback,
  judge,
  noticeData,
  ORDER_NO,
  OTHER_SECRETS,
  parseMessage,
  rawCallback,
  readCallback,
  resultFields,
  sealedCallback,
  signedCallback,
} from '../../../support/ecpay.ts';
import { present } from '../../../support/parts.ts';
import vectors from '../../../vectors/ecpay.json';

const PAID: Fact = {
  type: 'paid',
  amount: 98_000,
  currency: 'TWD',
  simulated: false,
  tradeNo: '2606221531001234',
  paidAt: '2026-06-22T15:31:42+08:00',
  channel: 'Credit_CreditCard',
};
const twd = (amount: number) => ({ amount, currency: 'TWD' });
const DETAILS = { fee: twd(2500), net: twd(95_500), tradedAt: '2026-06-22T15:30:01+08:00' };

describe('recorded forms', () => {
  const recorded = (name: string): RawCallback => {
    const vector = present(
      vectors['cmv-sha256'].find((one) => one.name === name),
      name,
    ) as { form_body?: string };
    return rawCallback('application/x-www-form-urlencoded', vector.form_body ?? '');
  };

  test('a paid card', () =>
    expect(factsOf(recorded('callback ReturnURL credit paid + NeedExtraPaidInfo'))).toEqual([
      {
        ...PAID,
        details: { ...DETAILS, card: { first6: '431195', last4: '2222', eci: '5', authCode: '777777' } },
      },
    ]));
  test('the same payment sent again in other words', () => {
    expect(factsOf(recorded('callback ReturnURL re-send (RtnMsg=paid) of the same payment'))).toEqual([
      { ...PAID, details: DETAILS },
    ]);
  });
  test('a refused card', () => {
    expect(factsOf(recorded('callback ReturnURL credit failed 10100058'))).toEqual([
      { type: 'declined', code: '10100058', message: '付款失敗' },
    ]);
  });
  test('a simulated payment says so', () => {
    expect(factsOf(recorded('callback ReturnURL ATM paid SimulatePaid=1'))).toMatchObject([
      { type: 'paid', simulated: true, amount: 98_000, channel: 'ATM_CHINATRUST' },
    ]);
  });
  test('an issued store code', () => {
    expect(factsOf(recorded('callback PaymentInfoURL CVS'))).toEqual([
      {
        type: 'instructions',
        instructions: { type: 'cvs', paymentCode: 'LLL26173917389', expireAt: '2026-06-29T15:30:01+08:00' },
        amount: 98_000,
        tradeNo: '2606221531001236',
      },
    ]);
  });
  test('issued barcodes', () => {
    expect(factsOf(recorded('callback PaymentInfoURL BARCODE'))).toMatchObject([
      {
        type: 'instructions',
        instructions: {
          type: 'barcode',
          barcodes: ['1506296CY', '1557352207269145', '0629B7000000980'],
          expireAt: '2026-06-29T23:59:59+08:00',
        },
      },
    ]);
  });

  for (const vector of vectors['cmv-sha256'].filter((one) => 'raw_body' in one)) {
    test(`an answer to a query, replayed as a callback, pays nothing: ${vector.name}`, () => {
      const message = readCallback(signedCallback(vector.input as unknown as Record<string, string>));
      for (const fact of message ? parseMessage(message) : [])
        expect(fact).not.toMatchObject({ type: 'paid', amount: 98_000 });
    });
  }
});

describe('a form of a result', () => {
  for (const code of ['0', '', '01', '1 ', ' 1', '1.0', '10100058', '10200163', '10100073', 'true', '１']) {
    test(`with RtnCode ${JSON.stringify(code)} pays nothing`, () => {
      expect(factsOf(signedCallback(resultFields({ RtnCode: code }))).map((fact) => fact.type)).toEqual(['declined']);
    });
  }
  test('with RtnCode 2 is a payment on account that was applied for', () => {
    expect(factsOf(signedCallback(resultFields({ RtnCode: '2' })))).toEqual([
      { type: 'note', code: '2', message: '交易成功' },
    ]);
  });
  test('without RtnCode pays nothing', () => {
    const { RtnCode: _, ...rest } = resultFields();
    expect(factsOf(signedCallback(rest)).map((fact) => fact.type)).toEqual(['declined']);
  });
  for (const amount of ['', '980.00', '-980', '9.8e2', ' 980', '0x3d4', '980元', '９８０', '9999999999999']) {
    test(`with TradeAmt ${JSON.stringify(amount)} names an amount that matches none`, () => {
      expect(factsOf(signedCallback(resultFields({ TradeAmt: amount })))).toMatchObject([{ type: 'paid', amount: -1 }]);
    });
  }
  test('without dates or trade number still pays, at the time of receipt', () => {
    expect(
      factsOf(signedCallback(resultFields({ PaymentDate: '2026/02/30 10:00:00', TradeNo: '', PaymentType: '' }))),
    ).toMatchObject([{ type: 'paid', amount: 98_000, currency: 'TWD', simulated: false }]);
  });
});

describe('a form of an issued number', () => {
  const atm = { BankCode: '822', vAccount: '9103522175887271', ExpireDate: '2026/06/29' };
  test('RtnCode 2 is an account, to the end of its day', () => {
    expect(factsOf(signedCallback(resultFields({ RtnCode: '2', ...atm })))).toMatchObject([
      {
        type: 'instructions',
        instructions: {
          type: 'atm',
          bankCode: '822',
          virtualAccount: '9103522175887271',
          expireAt: '2026-06-29T23:59:59+08:00',
        },
        amount: 98_000,
      },
    ]);
  });
  for (const code of ['1', '0', '10100058', '10100073', '']) {
    test(`RtnCode ${code} of an account never pays and issues nothing`, () => {
      const result = factsOf(signedCallback(resultFields({ RtnCode: code, ...atm })));
      expect(result.map((fact) => fact.type)).toEqual(['note']);
    });
  }
  test('RtnCode 1 with an empty deadline never pays', () => {
    expect(factsOf(signedCallback(resultFields({ ExpireDate: '' }))).map((fact) => fact.type)).toEqual(['note']);
  });
});

describe('what a form must prove', () => {
  test('its signature', () => {
    const unsigned = formCallback({ ...resultFields(), CheckMacValue: '0'.repeat(64) });
    const wrong = { ok: false, proved: false, message: 'ECPay CheckMacValue verification failed.' };
    expect(judge(unsigned)).toEqual(wrong as Verification);
    expect(judge(formCallback(resultFields()))).toEqual(wrong as Verification);
    const foreign = { ...OTHER_SECRETS, merchant_id: '3002607' };
    expect(judge(signedCallback(resultFields(), foreign))).toEqual(wrong as Verification);
  });
  test('its merchant, told apart whether the signature is right or not', () => {
    const other = resultFields({ MerchantID: '2000132' });
    const message = 'ECPay MerchantID mismatch.';
    expect(judge(signedCallback(other))).toEqual({ ok: false, proved: true, message });
    expect(judge(formCallback(other))).toEqual({ ok: false, proved: false, message });
    const { MerchantID: _, ...nameless } = resultFields();
    expect(judge(signedCallback(nameless))).toMatchObject({ ok: false });
  });
  test('the payment it echoes, when it echoes one', () => {
    expect(judge(signedCallback(resultFields({ CustomField1: '' })))).toEqual({ ok: true });
    expect(judge(signedCallback(resultFields({ CustomField1: 'PAY202606220002ABCDEFGH' })))).toEqual({
      ok: false,
      proved: true,
      message: 'ECPay transaction not found.',
    });
    expect(judge(signedCallback(resultFields()), { paymentNo: 'PAY202606220002ABCDEFGH' } as Payment)).toMatchObject({
      ok: false,
    });
  });
});

describe('locating', () => {
  const type = (contentType: string, body: string) => callback.locate(rawCallback(contentType, body)).type;
  test('a form names our number', () => {
    const located = callback.locate(signedCallback(resultFields()));
    expect(located).toMatchObject({ type: 'clear', message: { hints: { orderNo: ORDER_NO } } });
  });
  for (const body of [
    '',
    'a=1',
    'MerchantTradeNo=',
    `MerchantTradeNo=a&MerchantTradeNo=${ORDER_NO}`,
    'MerchantTradeNo=%',
    '%%%',
  ]) {
    test(`the form ${JSON.stringify(body)} is refused`, () => {
      expect(type('application/x-www-form-urlencoded', body)).toBe('refused');
    });
  }
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '5',
    '{}',
    '{"MerchantID":"1"}',
    '{"Data":"x"}',
    '{"MerchantID":null,"Data":"x"}',
    '{"MerchantID":"","Data":"x"}',
    '{"MerchantID":["1"],"Data":"x"}',
    '{"MerchantID":"1","Data":{}}',
  ]) {
    test(`the JSON ${body} is refused`, () => expect(type('application/json; charset=utf-8', body)).toBe('refused'));
  }
  test('a body that is no base64 of whole blocks is refused before any key is tried', () => {
    for (const Data of ['x', 'AAAA', '茶', '%', 'A'.repeat(30), '=']) {
      expect(callback.locate(sealedCallback(noticeData(), { Data }))).toEqual({
        type: 'refused',
        message: 'ECPay encrypted background callback transaction not found.',
      });
    }
  });
  test('JSON is told by its first byte when its type says otherwise', () => {
    const raw = sealedCallback(noticeData());
    expect(callback.locate({ ...raw, contentType: 'text/html' }).type).toBe('sealed');
  });
  test('a MerchantID may be a number, RqHeader may stand for RpHeader', () => {
    const raw = sealedCallback(noticeData(), {
      MerchantID: 3_002_607,
      RpHeader: undefined,
      RqHeader: { Timestamp: 1 },
    });
    expect(callback.locate(raw)).toMatchObject({ type: 'sealed', merchantId: '3002607' });
  });
  test('a TransCode other than 1 is refused, and only its beginning is repeated', () => {
    expect(callback.locate(sealedCallback(noticeData(), { TransCode: 128 }))).toEqual({
      type: 'refused',
      message: 'ECPay callback reports TransCode 128.',
    });
    const long = callback.locate(sealedCallback(noticeData(), { TransCode: 'x'.repeat(10_000) }));
    expect(long.type === 'refused' && long.message.length).toBeLessThan(80);
    expect(callback.locate(sealedCallback(noticeData(), { TransCode: '1' })).type).toBe('sealed');
    expect(callback.locate(sealedCallback(noticeData(), { TransCode: undefined })).type).toBe('sealed');
  });
  test('in the browser the sealed envelope comes in one field of a form', () => {
    const { body } = sealedCallback(noticeData());
    const raw = formCallback({ ResultData: Buffer.from(body).toString() });
    expect(factsOf(raw)).toMatchObject([{ type: 'paid', amount: 98_000 }]);
  });
});

test('the acknowledgement is exactly 1|OK, a refusal 0| and a reason', () => {
  const message = readCallback(signedCallback(resultFields()));
  expect(callback.accept(message)).toEqual({ status: 200, contentType: 'text/plain; charset=utf-8', body: '1|OK' });
  expect(callback.refuse('ECPay amount mismatch.')).toMatchObject({ status: 400, body: '0|ECPay amount mismatch.' });
  expect(callback.retry.status).toBe(503);
  expect(callback.retry.body).toStartWith('0|');
});

test('our own form, sent back with the fields of a payment cut out of its values, proves nothing', () => {
  const ours = { ...resultFields(), EncryptType: '1', ReturnURL: 'https://pay.example/', TotalAmount: '980' };
  expect(judge(signedCallback(ours)).ok).toBe(false);
});

test('a form of ours whose fields were swallowed into names proves nothing', () => {
  const forged = { ...resultFields(), 'ChoosePayment=ALL&EncryptType=1&ItemName': 'x' };
  expect(judge(signedCallback(forged)).ok).toBe(false);
  expect(judge(signedCallback({ ...resultFields(), encrypttype: '1' })).ok).toBe(false);
});
