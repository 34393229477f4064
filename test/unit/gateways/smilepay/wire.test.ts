import { describe, expect, test } from 'bun:test';
import { formatInstant } from '../../../../src/core/time.ts';
import { MAX_ANSWER, readAnswer } from '../../../../src/gateways/smilepay/answer.ts';
import { decodeText } from '../../../../src/gateways/smilepay/bytes.ts';
import { readPaymentNo } from '../../../../src/gateways/smilepay/facts.ts';
import { computeMid } from '../../../../src/gateways/smilepay/mid.ts';
import { readFields } from '../../../../src/gateways/smilepay/payload.ts';
import { cleanText } from '../../../../src/gateways/smilepay/text.ts';
import { readTaipei } from '../../../../src/gateways/smilepay/times.ts';
import vectors from '../../../vectors/smilepay-wire.json';
import { JSON_TYPE, rawCallback } from './support.ts';

describe('Mid_smilepay', () => {
  for (const { name, parameter, amount, smseid, expected } of [...vectors.mid, ...vectors['mid-recorded']]) {
    test(`${name} is ${expected}`, () => expect(computeMid(parameter, amount, smseid)).toBe(expected));
  }
});

test('Mid_smilepay of a short parameter is that of the same with zeros in front', () => {
  expect(computeMid('1', 980, '062223689453')).toBe(computeMid('0001', 980, '062223689453'));
});

describe('a time of SmilePay’s', () => {
  for (const { name, date, time, expected } of vectors['process-time']) {
    test(`${name} is ${expected}`, () => {
      const ms = readTaipei(`${date} ${time}`);
      expect(ms === null ? null : formatInstant(ms)).toBe(expected);
    });
  }
  const more: readonly (readonly [string, string | null])[] = [
    ['2026/06/28 23:59:59', '2026-06-28T23:59:59+08:00'],
    ['2026/06/28', '2026-06-28T23:59:59+08:00'],
    ['2026/6/8', '2026-06-08T23:59:59+08:00'],
    [' 2026-6-8 ', '2026-06-08T23:59:59+08:00'],
    ['2026/6/8 下午12:00:00', '2026-06-08T12:00:00+08:00'],
    ['2026/6/8 下午 13:00:00', '2026-06-08T13:00:00+08:00'],
    ['', null],
    ['下午 10:07:36', null],
    ['2026/13/8', null],
    ['2026/2/30 08:00:00', null],
    ['2026/6/8 24:00:00', null],
    ['2026/6/8 10:07', null],
    ['2026/6/8 \ufffd 10:07:36', null],
    ['2026/6/8 午後 10:07:36', null],
  ];
  for (const [text, expected] of more) {
    test(`${JSON.stringify(text)} is ${expected}`, () => {
      const ms = readTaipei(text);
      expect(ms === null ? null : formatInstant(ms)).toBe(expected);
    });
  }
});

describe('bytes', () => {
  for (const { hex, expected } of vectors.big5) {
    test(`${hex} is ${expected} in Big5`, () => expect(decodeText(Buffer.from(hex, 'hex'))).toBe(expected));
  }
  test('UTF-8 is taken for what it is, and what is neither is nothing', () => {
    // The second would be Big5 as well.
    for (const text of ['上午 10:48', '付款']) expect(decodeText(Buffer.from(text))).toBe(text);
    for (const hex of ['ff', 'a4', 'a457ff41', 'e4b88a8142ff']) expect(decodeText(Buffer.from(hex, 'hex'))).toBeNull();
  });
});

describe('the number that was paid', () => {
  for (const { input, expected } of vectors['payment-no']) {
    test(`${input} is ${expected}`, () => expect(readPaymentNo({ Payment_no: input })).toBe(expected));
  }
});

describe('fields of a form', () => {
  const read = (body: string | Uint8Array) => readFields(rawCallback(body));

  test('are decoded one by one, in whichever encoding each is', () => {
    const raw = Buffer.concat([
      Buffer.from('a=%A4U%A4%C8+1&b='),
      Buffer.from('下午'),
      Buffer.from('&c=%E4%B8%8B&d=%2B%26'),
    ]);
    expect({ ...read(raw) }).toEqual({ a: '下午 1', b: '下午', c: '下', d: '+&' });
    const plain = Buffer.concat([Buffer.from('Process_time='), Buffer.from('a455a4c8', 'hex'), Buffer.from(' 1')]);
    expect({ ...read(plain) }).toEqual({ Process_time: '下午 1' });
  });

  test('of no known encoding equal nothing and spoil no other', () => {
    expect({ ...read('Pur_name=%FF%FF&Amount=980') }).toEqual({ Pur_name: '\ufffd', Amount: '980' });
  });

  test('are kept as they are: empty ones, percent signs that escape nothing, names of objects', () => {
    expect({ ...read('a&b=&c=50%&d=%zz&=x&&') }).toEqual({ a: '', b: '', c: '50%', d: '%zz', '': 'x' });
    const fields = read('__proto__=1&constructor=2');
    expect(Object.keys(fields ?? {})).toEqual(['__proto__', 'constructor']);
    expect('toString' in (fields ?? {})).toBe(false);
  });

  test('that come twice, too many or too long are refused whole', () => {
    expect(read('a=1&a=1')).toBeNull();
    expect(read('a=1&%61=2')).toBeNull();
    expect(read('')).toBeNull();
    expect(read('&&')).toBeNull();
    const many = (count: number) => Array.from({ length: count }, (_, index) => `f${index}=1`).join('&');
    expect(Object.keys(read(many(200)) ?? {})).toHaveLength(200);
    expect(read(many(201))).toBeNull();
    expect(read(`a=${'1'.repeat(64 * 1024 - 2)}`)).not.toBeNull();
    expect(read(`a=${'1'.repeat(64 * 1024 - 1)}`)).toBeNull();
  });
});

describe('fields of JSON', () => {
  const read = (body: string | Uint8Array, type = JSON_TYPE) => readFields(rawCallback(body, '', type));

  test('are text, whatever the type says, and numbers as they are written', () => {
    expect({ ...read('{"Amount":980,"Data_id":"A","x":null,"y":{"Amount":1},"z":[1],"w":true}') }).toEqual({
      Amount: '980',
      Data_id: 'A',
    });
    expect({ ...read(' \n{"a":"下午"}', 'application/x-www-form-urlencoded') }).toEqual({ a: '下午' });
    const big5 = Buffer.concat([Buffer.from('{"a":"'), Buffer.from('a455a4c8', 'hex'), Buffer.from('"}')]);
    expect({ ...read(big5) }).toEqual({ a: '下午' });
  });

  for (const body of ['{', '[]', '[{"Amount":980}]', 'null', '980', '"text"', '{}', 'a=1']) {
    test(`${body} is none`, () => expect(read(body)).toBeNull());
  }
});

describe('an XML answer', () => {
  const read = (body: string | Uint8Array, status = 200) => readAnswer({ status, body: Buffer.from(body) }, 'smilepay');
  const wrong = (body: string | Uint8Array, status = 200) => {
    try {
      return Object.fromEntries(read(body, status));
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };

  test('is read by the names of its elements, in whatever letters, namespace and depth', () => {
    expect(Object.fromEntries(read('<SmilePay><Status>1</Status><Desc> a&amp;b </Desc><FamiNO/></SmilePay>'))).toEqual({
      status: '1',
      desc: 'a&b',
      famino: '',
    });
    const spaced =
      '\r\n\ufeff<?xml version="1.0" encoding="big5"?>\n<s:SMILEPAY xmlns:s="urn:x"><s:a><s:Status><![CDATA[1]]></s:Status></s:a></s:SMILEPAY>';
    expect(Object.fromEntries(read(spaced))).toEqual({ status: '1' });
  });

  test('may be written in Big5', () => {
    const body = Buffer.concat([
      Buffer.from('<SmilePay><Status>-3003</Status><Desc>'),
      Buffer.from('a455a4c8', 'hex'),
      Buffer.from('</Desc></SmilePay>'),
    ]);
    expect(read(body).get('desc')).toBe('下午');
  });

  test('unfolds no entity, neither its own nor a file’s', () => {
    const bomb = `<!DOCTYPE SmilePay [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    for (const entity of ['&b;', '&f;', '&unknown;']) {
      expect(wrong(`${bomb}<SmilePay><Status>1</Status><Desc>${entity}</Desc></SmilePay>`)).toContain('is not XML');
    }
  });

  test('that comes with another status, cannot be read, or is something else is garbage', () => {
    expect(wrong('<SmilePay/>', 500)).toBe('GatewayGarbage: SmilePay answered HTTP 500, expected 200');
    for (const body of [
      '',
      'no',
      '<html><body>503',
      '<SmilePay><Status>1</SmilePay>',
      '<a/><b/>',
      Buffer.from([0xff, 0xff]),
    ]) {
      expect(wrong(body)).toBe('GatewayGarbage: SmilePay’s answer is not XML');
    }
    expect(wrong('<html><Status>1</Status></html>')).toBe(
      'GatewayGarbage: SmilePay’s answer is not a smilepay element',
    );
    expect(wrong('<SmilePay><Status>1</Status><status>1</status></SmilePay>')).toBe(
      'GatewayGarbage: SmilePay’s answer has status twice',
    );
  });

  test('has limits to its length and its depth', () => {
    const filled = (size: number) => `<SmilePay><Status>1</Status><a>${'x'.repeat(size - 46)}</a></SmilePay>`;
    expect(filled(MAX_ANSWER)).toHaveLength(MAX_ANSWER);
    expect(read(filled(MAX_ANSWER)).get('status')).toBe('1');
    expect(wrong(filled(MAX_ANSWER + 1))).toContain('is not XML');
    const deep = `<SmilePay>${'<a>'.repeat(9000)}${'</a>'.repeat(9000)}</SmilePay>`;
    expect(wrong(deep)).toEqual({ a: '' });
  });
});

describe('text for SmilePay', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['手沖咖啡豆 250g', '手沖咖啡豆 250g'],
    ['<b>茶</b> & "壺"', 'b 茶 /b 壺'],
    ['one\r\ntwo\u2028three\0', 'one two three'],
    ['  a  b  ', 'a b'],
    ['\ud83d', '\ufffd'],
    ['', ''],
  ];
  for (const [given, expected] of cases) {
    test(`${JSON.stringify(given)} is sent as ${JSON.stringify(expected)}`, () =>
      expect(cleanText(given, 40)).toBe(expected));
  }
  test('is cut by characters, not inside one', () => {
    expect(cleanText('😀'.repeat(50), 40)).toBe('😀'.repeat(40));
    expect(cleanText(`${'a'.repeat(39)} b`, 40)).toBe('a'.repeat(39));
  });
});
