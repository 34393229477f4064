import { expect, test } from 'bun:test';
import { LOCALES } from '../../../src/core/locale.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { nameFor } from '../../../src/gateways/names.ts';

test('payers who read Chinese know a gateway of Taiwan by its Chinese name, all others by the English one', () => {
  const names = GATEWAYS.map((gateway) => [gateway.id, LOCALES.map((locale) => nameFor(gateway, locale))]);
  const everywhere = (name: string) => LOCALES.map(() => name);
  expect(Object.fromEntries(names)).toEqual({
    ecpay: ['綠界', '绿界', 'ECPay', 'ECPay', 'ECPay', 'ECPay', 'ECPay'],
    smilepay: ['速買配', '速买配', 'SmilePay', 'SmilePay', 'SmilePay', 'SmilePay', 'SmilePay'],
    paypal: everywhere('PayPal'),
    stripe: everywhere('Stripe'),
    plus: everywhere('PLUS'),
  });
});

test('a driver that names nothing else is called by its name', () => {
  expect(nameFor({ name: '某金流 Some' }, 'th')).toBe('某金流 Some');
});
