import { describe, expect, test } from 'bun:test';
import { parseForm } from '../../../../src/gateways/ecpay/form.ts';

const parse = (text: string | Uint8Array) => {
  const fields = parseForm(typeof text === 'string' ? Buffer.from(text) : text);
  return fields && { ...fields };
};

describe('a callback form', () => {
  test('is decoded as browsers encode', () => {
    expect(parse('a=1&b=%E8%8C%B6+%2B%26%3D&c=&d')).toEqual({ a: '1', b: '茶 +&=', c: '', d: '' });
    expect(parse('a=x=y=z')).toEqual({ a: 'x=y=z' });
    expect(parse('a=1&&b=2&')).toEqual({ a: '1', b: '2' });
    expect(parse('a=茶')).toEqual({ a: '茶' });
  });

  test('reads what URLSearchParams writes, whatever is in it', () => {
    const fields = { 'a b': ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', 茶: '🍵\r\n\u0000', '': 'x' };
    expect(parse(new URLSearchParams(fields).toString())).toEqual(fields);
  });

  for (const text of ['RtnCode=0&RtnCode=1', 'a&a', 'a=1&%61=2', '=1&=2', 'a=1&b=2&a=1', '__proto__=1&__proto__=2']) {
    test(`${text}: a name that comes twice is refused`, () => expect(parse(text)).toBeNull());
  }

  test('other letters or brackets make another name', () => {
    expect(parse('RtnCode=0&rtncode=1&RtnCode[]=2')).toEqual({ RtnCode: '0', rtncode: '1', 'RtnCode[]': '2' });
  });

  for (const text of ['a=%', 'a=%G0', 'a=%E8%8C', '%=1', 'a=%ff', 'a=%C0%80']) {
    test(`${text}: broken escapes are refused`, () => expect(parse(text)).toBeNull());
  }

  test('bytes that are no UTF-8 are refused', () => {
    expect(parse(Uint8Array.from([0x61, 0x3d, 0xff]))).toBeNull();
    expect(parse(Uint8Array.from([0x61, 0x3d, 0xa4, 0xa4]))).toBeNull();
  });

  test('nothing is no form', () => {
    for (const text of ['', '&', '&&&']) expect(parse(text)).toBeNull();
  });

  test('two hundred fields are read, one more is refused', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, index) => `f${index}=1`).join('&');
    expect(Object.keys(parse(fields(200)) ?? {})).toHaveLength(200);
    expect(parse(fields(201))).toBeNull();
  });

  test('names that every object has are absent until they come, and then are fields', () => {
    const empty = parseForm(Buffer.from('a=1'));
    expect(empty?.constructor).toBeUndefined();
    expect('toString' in (empty ?? {})).toBe(false);
    const odd = parseForm(Buffer.from('__proto__=x&constructor=y'));
    expect(Object.entries(odd ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
