import { describe, expect, test } from 'bun:test';
import { createCipheriv } from 'node:crypto';
import { encodePhp, openData, sealData } from '../../../../src/gateways/ecpay/cipher.ts';
import { costOf } from '../../../support/cost.ts';
import { noticeData, OTHER_SECRETS, SECRETS } from '../../../support/ecpay.ts';
import vectors from '../../../vectors/ecpay.json';

const secretsOf = (vector: { key: string; iv: string }) => ({ hash_key: vector.key, hash_iv: vector.iv });

/** Any text under the published keys, as only ECPay or we could seal it. */
function sealRaw(text: string | Buffer): string {
  const cipher = createCipheriv('aes-128-cbc', SECRETS.hash_key ?? '', SECRETS.hash_iv ?? '');
  return Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
}

describe('vectors', () => {
  for (const vector of vectors['aes-cbc-data']) {
    test(`opens: ${vector.name}`, () => {
      expect(openData(vector.expected, secretsOf(vector))).toEqual(JSON.parse(vector.input));
    });
    if (encodePhp(vector.input) !== vector.url_encoded) continue;
    test(`seals: ${vector.name}`, () => {
      expect(sealData(JSON.parse(vector.input), secretsOf(vector))).toBe(vector.expected);
    });
  }
  for (const vector of vectors['aes-decode-tolerance']) {
    test(`tolerates: ${vector.name}`, () => {
      expect(openData(vector.input, secretsOf(vector))).toEqual(JSON.parse(vector.expected));
    });
  }
  test('URL encoding is PHP’s, half a surrogate pair does not break it', () => {
    for (const vector of vectors.urlencode) expect(encodePhp(vector.input)).toBe(vector.expected.aes);
    expect(encodePhp('\ud83c')).toBe('%EF%BF%BD');
  });
  test('most of the vectors are sealed, not only opened', () => {
    expect(vectors['aes-cbc-data'].filter((one) => encodePhp(one.input) === one.url_encoded).length).toBeGreaterThan(6);
  });
});

describe('opening is strict', () => {
  const payload = noticeData();
  const sealed = sealData(payload, SECRETS);
  const bytes = Buffer.from(sealed, 'base64');

  test('what was sealed opens to the same object', () => expect(openData(sealed, SECRETS)).toEqual(payload));

  test('another key or another vector opens nothing', () => {
    expect(openData(sealed, OTHER_SECRETS)).toBeNull();
    expect(openData(sealed, { ...SECRETS, hash_key: OTHER_SECRETS.hash_key ?? '' })).toBeNull();
    expect(openData(sealed, { ...SECRETS, hash_iv: OTHER_SECRETS.hash_iv ?? '' })).toBeNull();
  });

  test('secrets of a wrong length open nothing and do not throw', () => {
    for (const hash_key of ['', 'short', 'x'.repeat(32)]) expect(openData(sealed, { ...SECRETS, hash_key })).toBeNull();
    expect(openData(sealed, {})).toBeNull();
  });

  test('a change of any byte opens nothing', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 0x20, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bit;
        expect(openData(changed.toString('base64'), SECRETS)).toBeNull();
      }
    }
  });

  test('blocks cut off, doubled or exchanged open nothing', () => {
    const blocks = Array.from({ length: bytes.length / 16 }, (_, index) => bytes.subarray(index * 16, index * 16 + 16));
    const open = (list: readonly Buffer[]) => openData(Buffer.concat(list).toString('base64'), SECRETS);
    expect(open(blocks)).not.toBeNull();
    for (let at = 0; at < blocks.length; at++) {
      expect(open(blocks.slice(0, at))).toBeNull();
      if (at > 0) expect(open(blocks.slice(at))).toBeNull();
      expect(open(blocks.filter((_, index) => index !== at))).toBeNull();
      expect(open(blocks.toSpliced(at, 0, ...blocks.slice(at, at + 1)))).toBeNull();
    }
    expect(open(blocks.toReversed())).toBeNull();
    for (const cut of [1, 8, 15]) expect(openData(bytes.subarray(0, -cut).toString('base64'), SECRETS)).toBeNull();
  });

  test('only one spelling of the base64 is taken', () => {
    const short = sealData({ n: 0 }, SECRETS);
    expect(short.endsWith('=')).toBe(true);
    const at = short.replace(/=+$/, '').length - 1;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    let spellings = 0;
    for (const letter of alphabet) {
      const other = short.slice(0, at) + letter + short.slice(at + 1);
      const same = Buffer.from(other, 'base64').equals(Buffer.from(short, 'base64'));
      if (same && other !== short) {
        spellings += 1;
        expect(openData(other, SECRETS)).toBeNull();
      }
    }
    expect(spellings).toBeGreaterThan(0);
    const urlSafe = short.replaceAll('+', '-').replaceAll('/', '_');
    for (const other of [short.replace(/=+$/, ''), `${short}=`, `${short}\n`, `\t${short}`, `${short}%`, `${short}A`]) {
      expect(openData(other, SECRETS)).toBeNull();
    }
    if (urlSafe !== short) expect(openData(urlSafe, SECRETS)).toBeNull();
  });

  for (const [name, text] of [
    ['an array', '[1]'],
    ['a string', '"text"'],
    ['a number', '1'],
    ['null', 'null'],
    ['no JSON', '{"a":'],
    ['two objects', '{}{}'],
    ['nothing', ''],
  ] as const) {
    test(`${name} inside is refused`, () => expect(openData(sealRaw(encodePhp(text)), SECRETS)).toBeNull());
  }

  test('text that is not URL-encoded is refused, also when it is JSON', () => {
    expect(openData(sealRaw('{"a":1}'), SECRETS)).toBeNull();
    expect(openData(sealRaw('%7B%22a%22%3A1%7D '), SECRETS)).toBeNull();
    expect(openData(sealRaw('%7B%22a%22%3A1%7'), SECRETS)).toBeNull();
    expect(openData(sealRaw('%7B%22a%22%3A%221%GG%22%7D'), SECRETS)).toBeNull();
    expect(openData(sealRaw(Buffer.from('%7B%22a%22%3A1%7D\n')), SECRETS)).toBeNull();
    expect(openData(sealRaw('%7B%22a%22%3A1%7D'), SECRETS)).toEqual({ a: 1 });
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(openData(sealRaw('%7B%22a%22%3A%22%FF%22%7D'), SECRETS)).toBeNull();
  });

  test('`__proto__` inside stays a name like any other', () => {
    const opened = openData(sealRaw(encodePhp('{"__proto__":{"RtnCode":1}}')), SECRETS);
    expect(opened).not.toBeNull();
    expect(opened?.RtnCode).toBeUndefined();
  });

  test('empty and foreign text is refused', () => {
    for (const text of ['', ' ', '=', '====', 'hello', '{}', 'AAAA', '茶']) expect(openData(text, SECRETS)).toBeNull();
  });
});

test('large data, right or wrong, is decided quickly', async () => {
  const large = { text: '茶%'.repeat(300_000), more: 'x'.repeat(2_000_000) };
  const sealed = sealData(large, SECRETS);
  const cost = await costOf(() => {
    expect(openData(sealed, SECRETS)).toEqual(large);
    expect(openData(sealed, OTHER_SECRETS)).toBeNull();
    expect(openData('A'.repeat(4_000_000), SECRETS)).toBeNull();
    expect(openData(sealRaw('%'.repeat(2_000_000)), SECRETS)).toBeNull();
  });
  expect(cost).toBeLessThan(3000);
});
