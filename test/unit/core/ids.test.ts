import { describe, expect, test } from 'bun:test';
import {
  drawText,
  makeApiKey,
  makeGatewayOrderNo,
  makeId,
  makeNotificationSecret,
  makePaymentNo,
  PAYMENT_NO,
} from '../../../src/core/ids.ts';
import { START, seedRandom } from '../../support/clock.ts';

describe('forms', () => {
  const random = seedRandom('forms');
  test('a payment number names the day of Taipei, the sequence and eight letters', () => {
    expect(makePaymentNo(START, 1, random)).toMatch(/^PAY202606220001[A-Z]{8}$/);
    expect(makePaymentNo(Date.UTC(2026, 5, 22, 16), 9999, random)).toMatch(/^PAY202606239999[A-Z]{8}$/);
    expect(makePaymentNo(START, 10_000, random)).toMatch(/^PAY2026062210000[A-Z]{8}$/);
    for (const sequence of [1, 9999, 10_000, 1_234_567])
      expect(makePaymentNo(START, sequence, random)).toMatch(PAYMENT_NO);
  });

  test('what is no payment number is not taken for one', () => {
    for (const text of [
      '',
      'PAY20260622ABCDEFGH',
      'pay202606220001ABCDEFGH',
      'PAY202606220001ABCDEFG',
      'PAY202606220001ABCDEFGH\n',
    ])
      expect(text).not.toMatch(PAYMENT_NO);
  });

  test('a number at the gateway has twenty letters and digits', () => {
    expect(makeGatewayOrderNo(START, random)).toMatch(/^PC260622[A-Z0-9]{12}$/);
  });

  test('keys, secrets and ids say what they are', () => {
    expect(makeApiKey('live', random)).toMatch(/^pc_live_[A-Za-z0-9]{40}$/);
    expect(makeApiKey('test', random)).toMatch(/^pc_test_[A-Za-z0-9]{40}$/);
    expect(makeNotificationSecret(random)).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(makeId('msg', random)).toMatch(/^msg_[A-Za-z0-9]{22}$/);
  });
});

describe('drawing letters', () => {
  test('every letter is equally likely: of 256 equal bytes each appears as often as any other', () => {
    for (const size of [10, 26, 36, 62]) {
      const alphabet = Array.from({ length: size }, (_, index) => String.fromCharCode(0x100 + index)).join('');
      let next = 0;
      const everyByte = (bytes: number) => Uint8Array.from({ length: bytes }, () => next++ % 256);
      const fair = 256 - (256 % size);
      const text = drawText(everyByte, alphabet, fair);
      const counts = new Map<string, number>();
      for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
      expect([...counts.values()]).toEqual(Array.from({ length: size }, () => fair / size));
    }
  });

  test('bytes that would favour the first letters are drawn again', () => {
    const given = [255, 254, 253, 252, 251, 250, 0, 1];
    const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => given.shift() ?? 2);
    expect(drawText(random, 'ABCDEFGHIJ', 3)).toBe('ABC');
  });

  test('no length needs no bytes', () => expect(drawText(seedRandom('paycore'), 'AB', 0)).toBe(''));
});

test('twenty thousand numbers of one day are all different', () => {
  const random = seedRandom('unique');
  const made = new Set(Array.from({ length: 20_000 }, () => makeGatewayOrderNo(START, random)));
  expect(made.size).toBe(20_000);
});
