import { describe, expect, test } from 'bun:test';
import type { Attempt, Instructions } from '../../../../src/core/attempt.ts';
import { exponentOf, toMinorUnits } from '../../../../src/core/money.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import { DAY, HOUR } from '../../../../src/core/time.ts';
import { stripe } from '../../../../src/gateways/stripe/index.ts';
import { toStripeAmount } from '../../../../src/gateways/stripe/intent.ts';
import { typeOf } from '../../../../src/gateways/stripe/methods.ts';
import vectors from '../../../vectors/stripe.json';
import { ATTEMPT, INTENT, methodAt, PAYMENT } from './support.ts';

const currenciesOf = (path: string): readonly string[] => methodAt(path).currencies;

describe('the methods', () => {
  for (const { name, type, currencies } of vectors.method) {
    test(`${name} is ${type} at Stripe, in its currencies`, () => {
      expect(typeOf(name)).toBe(type as ReturnType<typeof typeOf>);
      expect(methodAt(name)).toMatchObject({ path: name, method: name, mode: 'payment_intent' });
      if (Array.isArray(currencies)) expect([...currenciesOf(name)].sort()).toEqual([...currencies].sort());
    });
  }

  test('there are no others', () => {
    expect(stripe.methods.map(({ path }) => path)).toEqual(vectors.method.map(({ name }) => name));
    expect(() => typeOf('constructor')).toThrow('constructor');
  });

  test('cards take every currency of Stripe’s and no other code', () => {
    const cards = currenciesOf('credit');
    const named = [
      ...vectors.decimals.flatMap(({ currencies }) => currencies),
      ...vectors.minimum.map(({ name }) => name),
    ];
    expect(named.filter((code) => !cards.includes(code))).toEqual([]);
    expect(new Set(cards).size).toBe(cards.length);
    expect(cards.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    for (const code of ['XXX', 'BTC', 'HRK', 'IRR', 'usd']) expect(cards).not.toContain(code);
  });

  test('every method lives a day and is waited for an hour longer; the payer may choose again, the shop pay back', () => {
    for (const method of stripe.methods) {
      expect(method).toMatchObject({
        unit: 'minor',
        callsGateway: true,
        mayChooseAgain: true,
        refundable: true,
        defaultLifetimeMs: DAY,
        graceMs: { none: HOUR },
      });
    }
  });

  test('amounts have eight digits, those of cards more; what Stripe’s own minimum is, Stripe says', () => {
    for (const { path, limits } of stripe.methods) {
      expect(limits).toEqual({ min: 1, max: path === 'credit' ? 999_999_999_999 : 99_999_999 });
    }
    for (const { amount } of vectors.minimum) expect(amount).toBeGreaterThanOrEqual(1);
  });

  test('only PromptPay needs an e-mail address', () => {
    const needing = stripe.methods.filter(({ needs }) => needs !== undefined);
    expect(needing.map(({ path, needs, asksPayer }) => [path, needs, asksPayer])).toEqual([
      ['promptpay', [['buyer_email']], true],
    ]);
  });
});

describe('amounts', () => {
  for (const { name, currency, major, stripe_amount } of vectors.amount) {
    test(`${name} is ${stripe_amount} at Stripe, and back`, () => {
      const minor = Math.round(Number(major) * 10 ** exponentOf(currency));
      expect(toStripeAmount(minor, currency)).toBe(stripe_amount);
      expect(toMinorUnits(stripe_amount, currency, 'minor')).toBe(minor);
    });
  }

  for (const { name, decimals, step, currencies } of vectors.decimals) {
    test(`decimals: ${name}`, () => {
      for (const currency of currencies) {
        const minor = 10 ** exponentOf(currency);
        expect([currency, toStripeAmount(minor, currency)]).toEqual([currency, 10 ** decimals]);
        if (step === 100) expect(toMinorUnits(10 ** decimals + 1, currency, 'minor')).toBeNull();
      }
    });
  }
});

describe('payment_info', () => {
  const info = (path: string, instructions: Instructions | null, change: Partial<Attempt> = {}) =>
    stripe.describeInfo(
      { ...PAYMENT, method: path } as Payment,
      { ...ATTEMPT, instructions, ...change },
      'https://pay.example',
    );
  const expireAt = '2026-06-23T15:30:00+08:00';

  test('names method and intent, and never the client secret', () => {
    const clientSecret = `${INTENT}_secret_Qz8`;
    expect(info('credit', { type: 'element', clientSecret, expireAt })).toEqual({
      stripe_payment_method: 'card',
      payment_intent: INTENT,
    });
  });

  test('has the text of a QR code', () => {
    expect(info('wechat-pay', { type: 'qr', data: 'weixin://x', expireAt })).toEqual({
      stripe_payment_method: 'wechat_pay',
      payment_intent: INTENT,
      qr_data: 'weixin://x',
    });
  });

  test('names the method while Stripe has not answered', () => {
    expect(info('fpx', null, { gatewayTradeNo: null })).toEqual({ stripe_payment_method: 'fpx' });
  });

  test('looks like its example in the documentation', () => {
    for (const { path, docs } of stripe.methods) {
      const isQr = 'qr_data' in docs.exampleInfo;
      const made = info(
        path,
        isQr ? { type: 'qr', data: 'x', expireAt } : { type: 'element', clientSecret: 'x', expireAt },
      );
      expect(Object.keys(made)).toEqual(Object.keys(docs.exampleInfo));
      expect(made.stripe_payment_method).toBe(docs.exampleInfo.stripe_payment_method);
      expect(docs.highlights).toEqual([
        'payment_no',
        'payment_url',
        'status',
        `payment_info.stripe_payment_method=${made.stripe_payment_method}`,
      ]);
    }
  });
});
