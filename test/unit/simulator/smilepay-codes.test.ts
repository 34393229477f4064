import { describe, expect, test } from 'bun:test';
import { encodeBig5 } from '../../../src/simulator/smilepay/big5.ts';
import { midSmilePay } from '../../../src/simulator/smilepay/callback.ts';
import { answerXml } from '../../../src/simulator/smilepay/xml.ts';

describe('Mid_smilepay', () => {
  test.each([
    ['1234', 532, '12_24_123', '213'],
    ['1111', 980, '062223689453', '270'],
    ['12', 980, '062223689453', '261'],
    ['123', 980, '062223689453', '276'],
    ['1111', 1, '00E0001000002913643', '117'],
    ['0000', 20000, 'ABCD', '222'],
    ['9999', 99999999, '9999', '864'],
  ])('of %s, %p and %s is %s', (parameter, amount, smseid, mid) => {
    expect(midSmilePay(parameter, amount, smseid)).toBe(mid);
  });
});

describe('Big5', () => {
  const hex = (text: string) => Buffer.from(encodeBig5(text)).toString('hex');

  test('has two bytes for a character and one for ASCII', () => {
    expect(hex('上午')).toBe('a457a4c8');
    expect(hex('下午 9')).toBe('a455a4c82039');
    expect(hex('\u{1f600}')).toBe('3f');
  });

  test('writes characters it has twice as Windows does', () => {
    expect(hex('十卅')).toBe('a451a4ca');
    expect(hex('兀嗀')).toBe('a461dcd1');
  });

  test('reads back as it was written', () => {
    const text = '速買配訊航科技繳費期限超商條碼，。「」';
    expect(new TextDecoder('big5').decode(encodeBig5(text))).toBe(text);
  });
});

test('the answer keeps its shape whatever stands in it', async () => {
  expect(await answerXml({ Desc: '<Status>1</Status> & more' }).text()).toContain(
    '<Desc>&lt;Status&gt;1&lt;/Status&gt; &amp; more</Desc>',
  );
});
