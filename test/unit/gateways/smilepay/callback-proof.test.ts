import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import type { RawCallback, Secrets } from '../../../../src/gateways/gateway.ts';
import { smilepay } from '../../../../src/gateways/smilepay/index.ts';
import { computeMid } from '../../../../src/gateways/smilepay/mid.ts';
import { makeValidation } from '../../../../src/gateways/smilepay/roturl.ts';
import {
  form,
  json,
  judge,
  located,
  makeContext,
  ORDER_NO,
  PAID_FORM,
  PAID_JSON,
  PROOF,
  SECRETS,
  TOKEN,
  TRADE_NO,
} from './support.ts';

const OK = { ok: true } as const;
const UNCONFIRMED = { ok: false, proved: false, confirm: 'paid', message: 'SmilePay callback not confirmed.' } as const;
const refused = (message: string, proved = true) => ({ ok: false, proved, message }) as const;
const DCVC = 'SmilePay Dcvc mismatch.';
const AMOUNT = 'SmilePay amount mismatch.';
const VALIDATION = 'SmilePay validation token mismatch.';
const verdict = (raw: RawCallback, secrets?: Secrets) => judge(raw, secrets).verification as unknown;

describe('the merchant', () => {
  test('must be ours wherever he is named', () => {
    expect(verdict(form(PAID_FORM, `Dcvc=108&t=${TOKEN}`))).toEqual(refused(DCVC));
    expect(verdict(form(PAID_FORM, `${PROOF}&Dcvc=108`))).toEqual(refused(DCVC));
    expect(verdict(form({ ...PAID_FORM, Dcvc: '108' }))).toEqual(refused(DCVC));
    expect(verdict(json({ ...PAID_JSON, Dcvc: '108' }))).toEqual(refused(DCVC));
    expect(verdict(json({ ...PAID_JSON, Dcvc: '108' }, ''))).toEqual(refused(DCVC, false));
    expect(verdict(json({ ...PAID_JSON, Dcvc: 107 }))).toEqual(OK);
  });

  test('need not be named by the form, but by the names of the catalogue', () => {
    expect(verdict(form(PAID_FORM, `t=${TOKEN}`))).toEqual(OK);
    const { Dcvc, ...rest } = PAID_JSON;
    expect(verdict(json(rest, `t=${TOKEN}`))).toEqual(refused(DCVC));
    expect(verdict(json(rest))).toEqual(OK);
  });
});

describe('the proof', () => {
  test('is the token of this attempt; without it SmilePay is asked', () => {
    const tokens = [
      '',
      `t=`,
      `t=${TOKEN.slice(0, -1)}`,
      `t=${TOKEN}x`,
      `t=${TOKEN.toUpperCase()}`,
      `t=ORDER2${TOKEN.slice(17)}`,
      `T=${TOKEN}`,
    ];
    for (const query of tokens) {
      expect({ query, verdict: verdict(form(PAID_FORM, query)) }).toEqual({ query, verdict: UNCONFIRMED });
      expect(verdict(json(PAID_JSON, query))).toEqual(UNCONFIRMED);
    }
    expect(verdict(form({ ...PAID_FORM, t: TOKEN }, ''))).toEqual(UNCONFIRMED);
  });

  test('is no validation token that is not stored', () => {
    expect(verdict(json({ ...PAID_JSON, validation_token: 'x' }, ''))).toEqual(UNCONFIRMED);
    expect(verdict(json({ ...PAID_JSON, validation_token: 'undefined' }, ''))).toEqual(UNCONFIRMED);
  });
});

describe('a stored validation token', () => {
  const secrets = { ...SECRETS, validation_token: 'my-own-secret' };
  const vt = makeValidation('my-own-secret', ORDER_NO);

  test('has to come back in the address', () => {
    expect(verdict(form(PAID_FORM, `${PROOF}&vt=${vt}`), secrets)).toEqual(OK);
    expect(verdict(json(PAID_JSON, `${PROOF}&vt=${vt}`), secrets)).toEqual(OK);
    for (const query of [
      PROOF,
      `${PROOF}&vt=`,
      `${PROOF}&vt=my-own-secret`,
      `${PROOF}&vt=${makeValidation('my-own-secret', 'ORDER2')}`,
    ]) {
      expect(verdict(form(PAID_FORM, query), secrets)).toEqual(refused(VALIDATION));
    }
    expect(verdict(form(PAID_FORM, `vt=${vt}x`), secrets)).toEqual(refused(VALIDATION, false));
  });

  test('in the address alone proves nothing', () => {
    expect(verdict(form(PAID_FORM, `vt=${vt}`), secrets)).toEqual(UNCONFIRMED);
  });

  test('in the body proves by itself', () => {
    expect(verdict(json({ ...PAID_JSON, validation_token: 'my-own-secret' }, ''), secrets)).toEqual(OK);
    for (const validation_token of ['', 'my-own-secre', 'MY-OWN-SECRET', vt]) {
      expect(verdict(json({ ...PAID_JSON, validation_token }, ''), secrets)).toEqual(refused(VALIDATION, false));
    }
    expect(verdict(json({ ...PAID_JSON, validation_token: 'wrong' }, `${PROOF}&vt=${vt}`), secrets)).toEqual(
      refused(VALIDATION),
    );
  });

  test('is asked for after the merchant and before the amount', () => {
    expect(verdict(json({ ...PAID_JSON, Dcvc: '108' }), secrets)).toEqual(refused(DCVC));
    expect(verdict(json({ ...PAID_JSON, Amount: 1 }), secrets)).toEqual(refused(VALIDATION));
  });
});

describe('Mid_smilepay', () => {
  const secrets = { ...SECRETS, mid: '1111' };
  const mid = (amount = 980) => String(computeMid('1111', amount, TRADE_NO));

  test('is checked when the parameter is stored', () => {
    expect(mid()).toBe('270');
    expect(verdict(form({ ...PAID_FORM, Mid_smilepay: '270' }), secrets)).toEqual(OK);
    for (const Mid_smilepay of ['271', '0', '', '0270', '27', 'x']) {
      expect(verdict(form({ ...PAID_FORM, Mid_smilepay }), secrets)).toEqual(
        refused('SmilePay Mid_smilepay mismatch.'),
      );
    }
    expect(verdict(form(PAID_FORM), secrets)).toEqual(refused('SmilePay Mid_smilepay mismatch.'));
    expect(verdict(form({ ...PAID_FORM, Mid_smilepay: '271' }))).toEqual(OK);
  });

  test('proves nothing by itself', () => {
    expect(verdict(form({ ...PAID_FORM, Mid_smilepay: '270' }, ''), secrets)).toEqual(UNCONFIRMED);
  });

  test('is made of the amount that was ordered, so that a wrong amount is told as such', () => {
    const other = { ...PAID_FORM, Amount: '981', Purchamt: '981', Mid_smilepay: mid(981) };
    expect(verdict(form(other), secrets)).toEqual(refused(AMOUNT));
    const failed = { ...PAID_FORM, Classif: 'A', Amount: '0', Mid_smilepay: mid(980) };
    expect(verdict(form(failed), secrets)).toEqual(OK);
  });

  test('is not in the catalogue’s shape', () => {
    expect(verdict(json(PAID_JSON), secrets)).toEqual(OK);
  });
});

describe('an order', () => {
  test('that is named beside the proof of another is refused', () => {
    expect(verdict(form({ ...PAID_FORM, Data_id: 'ORDER2' }))).toEqual(refused('SmilePay transaction not found.'));
    expect(verdict(json({ ...PAID_JSON, Data_id: 'ORDER2' }, ''))).toEqual(
      refused('SmilePay transaction not found.', false),
    );
  });

  test('may be filled up with blanks, or not be named', () => {
    for (const Data_id of [`${ORDER_NO}   `, ' ', '']) expect(verdict(form({ ...PAID_FORM, Data_id }))).toEqual(OK);
  });

  test('may be named by the shop’s number', () => {
    const message = located(json({ ...PAID_JSON, Data_id: 'SHOP-0001' }));
    if (typeof message === 'string') throw new Error(message);
    const payment = { merchantOrderNo: 'SHOP-0001', amount: 98_000, currency: 'TWD' } as Payment;
    const attempt = { gatewayOrderNo: 'PC260622ABCDEFGHIJ' } as Attempt;
    expect(smilepay.callback.verify(message, SECRETS, { payment, attempt, ctx: makeContext() })).toEqual(OK);
  });
});
