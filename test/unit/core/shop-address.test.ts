import { describe, expect, test } from 'bun:test';
import { appendQuery, requestTargetOf } from '../../../src/core/shop-address.ts';

describe('what is added to an address of the shop', () => {
  const pairs = { no: 'PAY1', order: 'A 1&b=茶' };
  const ours = 'no=PAY1&order=A%201%26b%3D%E8%8C%B6';

  test.each([
    ['https://shop.example', `https://shop.example?${ours}`],
    ['https://shop.example/a%20b', `https://shop.example/a%20b?${ours}`],
    ['https://shop.example/?flag', `https://shop.example/?flag&${ours}`],
    ['https://shop.example/?q=%A4%A4+x%20y&e=', `https://shop.example/?q=%A4%A4+x%20y&e=&${ours}`],
    ['https://shop.example/?', `https://shop.example/?${ours}`],
    ['https://shop.example/?a&', `https://shop.example/?a&${ours}`],
    ['HTTPS://Shop.Example:443/../感謝?名=值#/done?x', `HTTPS://Shop.Example:443/../感謝?名=值&${ours}#/done?x`],
    ['https://shop.example/#', `https://shop.example/?${ours}#`],
    ['https://shop.example/?no=mine#?', `https://shop.example/?no=mine&${ours}#?`],
  ])('stands behind %s, which stays as it is', (address, expected) => {
    expect(appendQuery(address, pairs)).toBe(expected);
  });
});

describe('what is asked for at an address of the shop', () => {
  test.each([
    ['http://shop.example', '/'],
    ['HTTP://Shop.Example:8080/a%20b?q=%A4%A4+x&flag#top', '/a%20b?q=%A4%A4+x&flag'],
    ['http://shop.example?flag', '/?flag'],
    ["http://shop.example/./a/../b;c=1?q='{|}'&e=", "/./a/../b;c=1?q='{|}'&e="],
    ['http://shop.example/感謝?名=值', '/%E6%84%9F%E8%AC%9D?%E5%90%8D=%E5%80%BC'],
    ['http://shop.example/🍵\ud83c', '/%F0%9F%8D%B5%EF%BF%BD'],
  ])('is that of %s', (address, target) => {
    expect(requestTargetOf(address)).toBe(target);
  });
});
