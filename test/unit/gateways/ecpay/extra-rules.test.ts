import { describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { bad } from './support.ts';

describe('rules between extras', () => {
  test('instalments go neither with bonus points nor with UnionPay alone', () => {
    expect(bad('aio/credit', { CreditInstallment: '3', Redeem: 'Y' })).toEqual(['ecpay.CreditInstallment']);
    expect(bad('aio/credit', { CreditInstallment: '3', UnionPay: 1 })).toEqual(['ecpay.CreditInstallment']);
    expect(bad('aio/credit', { CreditInstallment: '3', Redeem: 'N', UnionPay: 2 })).toEqual([]);
  });
  test('thirty instalments need 20,000', () => {
    expect(bad('aio/credit', { CreditInstallment: '3,30N' }, 19_999)).toEqual(['ecpay.CreditInstallment']);
    expect(bad('aio/credit', { CreditInstallment: '3,30N' }, 20_000)).toEqual([]);
  });
  test('self-paid instalments need 1,000', () => {
    expect(bad('aio/credit', { FlexibleInstallment: true }, 999)).toEqual(['ecpay.FlexibleInstallment']);
    expect(bad('aio/credit', { FlexibleInstallment: true }, 1000)).toEqual([]);
    expect(bad('aio/credit', { FlexibleInstallment: false }, 10)).toEqual([]);
  });
  test('a remembered card needs a member', () => {
    expect(bad('aio/credit', { BindingCard: 1 })).toEqual(['ecpay.MerchantMemberID']);
    expect(bad('aio/credit', { BindingCard: 0 })).toEqual([]);
  });
});

describe('a card has to be among what is offered', () => {
  const wishes = [{ FlexibleInstallment: true }, { CreditInstallment: '3' }, { Redeem: 'Y' }, { UnionPay: 1 }];
  test.each(wishes)('at the cashier, for %p', (wish) => {
    const [name = ''] = Object.keys(wish);
    expect(bad('aio', { ...wish, IgnorePayment: 'CVS#Credit' }, 5000)).toEqual([`ecpay.${name}`]);
    expect(bad('aio', { ...wish, IgnorePayment: 'CVS#ATM' }, 5000)).toEqual([]);
    expect(bad('aio/credit', wish, 5000)).toEqual([]);
  });
  const offering = (...methods: string[]): Order => ({ own: { methods } });
  test.each([
    ['FlexibleInstallment', { FlexibleInstallment: true }, ['atm', 'cvs'], ['credit', 'atm']],
    ['FlexibleInstallment', { FlexibleInstallment: true }, ['unionpay'], ['credit']],
    ['CreditInstallment', { CreditInstallment: '3,6' }, ['cvs'], ['installment']],
  ])('in our own page, for %s', (name, wish, without, within) => {
    expect(bad('ecpg', wish, 5000, offering(...without))).toEqual([`ecpay.${name}`]);
    expect(bad('ecpg', wish, 5000, offering(...within))).toEqual([]);
    expect(bad('ecpg', wish, 5000)).toEqual([]);
  });
  test('words that ask for nothing need none', () => {
    const nothing = { FlexibleInstallment: false, Redeem: 'N', UnionPay: 2, BindingCard: 0 };
    expect(bad('aio', { ...nothing, IgnorePayment: 'Credit' })).toEqual([]);
  });
  test('instalments that are offered need their periods', () => {
    expect(bad('ecpg', {}, 980, offering('installment'))).toEqual(['ecpay.CreditInstallment']);
    expect(bad('ecpg', { CreditInstallment: '3' }, 980, offering('installment'))).toEqual([]);
  });
  test('self-paid instalments are nothing for UnionPay alone', () => {
    expect(bad('aio/credit', { FlexibleInstallment: true, UnionPay: 1 }, 5000)).toEqual(['ecpay.FlexibleInstallment']);
  });
  test('a deadline for ATM needs ATM', () => {
    expect(bad('aio', { ExpireDate: 3, IgnorePayment: 'ATM' })).toEqual(['ecpay.ExpireDate']);
  });
});

test('an in-site payment whose payer ECPay could not reach is refused', () => {
  expect(bad('ecpg', {}, 980, { buyerEmail: `${'x'.repeat(60)}@${'y'.repeat(40)}.example` })).toEqual(['buyer_email']);
  expect(bad('ecpg', {}, 980, { buyerMobile: 'call me' })).toEqual(['buyer_mobile']);
  expect(bad('ecpg', {}, 980, { buyerPhone: '12345' })).toEqual(['buyer_phone']);
  for (const order of [{ buyerMobile: '(02) 2345-6789' }, { buyerMobile: 'none', buyerEmail: 'a@b.example' }]) {
    expect(bad('ecpg', {}, 980, order)).toEqual([]);
  }
});
