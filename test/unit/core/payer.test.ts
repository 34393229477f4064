import { describe, expect, test } from 'bun:test';
import { findMissing } from '../../../src/core/payer.ts';

describe('what a payer is asked for', () => {
  test('is nothing, when the gateway wants nothing or the shop has said it', () => {
    expect(findMissing({}, {})).toEqual([]);
    expect(findMissing({ needs: [['buyer_email', 'buyer_mobile']] }, { buyerMobile: '0912345678' })).toEqual([]);
  });

  test('is the first of each list, and the same thing once', () => {
    const needs = [['buyer_email', 'buyer_mobile'], ['buyer_name'], ['buyer_email']] as const;
    expect(findMissing({ needs }, {})).toEqual(['buyer_email', 'buyer_name']);
    expect(findMissing({ needs }, { buyerMobile: '0912345678' })).toEqual(['buyer_name', 'buyer_email']);
  });

  test('is another thing than what the shop has said and the gateway cannot use', () => {
    const canUse = (_: string, text: string) => text.length < 20;
    const needs = [['buyer_email', 'buyer_mobile']] as const;
    const buyerEmail = 'somebody.with.a.long.name@example.com';
    expect(findMissing({ needs, canUse }, { buyerEmail })).toEqual(['buyer_mobile']);
    // Nothing is left to ask: the gateway itself says what is wrong.
    expect(findMissing({ needs, canUse }, { buyerEmail, buyerMobile: '0'.repeat(30) })).toEqual([]);
  });
});
