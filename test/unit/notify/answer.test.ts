import { describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { cleanAnswer, decodeAnswer, MAX_KEPT_ANSWER } from '../../../src/notify/answer.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('the answer of a shop', () => {
  test('is read in its own encoding, as UTF-8 where it names none that is known', () => {
    const big5 = new Uint8Array([0xbf, 0xf9, 0xbb, 0x7e]);
    expect(decodeAnswer(big5, 'text/html; charset=Big5')).toBe('錯誤');
    expect(decodeAnswer(Buffer.from('錯誤'), 'text/html; charset=klingon')).toBe('錯誤');
    expect(decodeAnswer(Buffer.from('錯誤'))).toBe('錯誤');
  });

  test('that is packed is nothing that can be read', () => {
    expect(decodeAnswer(gzipSync('no'), 'text/plain', 'gzip')).toBe('');
    expect(decodeAnswer(Buffer.from('no'), 'text/plain', 'identity')).toBe('no');
  });

  test('loses every secret of ours, however its page prints it', () => {
    const bare = SECRET.slice('whsec_'.length);
    const page = `secret=${SECRET}; raw ${bare}; key pc_live_${'a'.repeat(40)} and sk_test_4eC39HqLyjWD; old whsec_c29tZXRoaW5n+/=`;
    const clean = cleanAnswer(page, [SECRET]) ?? '';
    expect(clean).toBe('secret=***; raw ***; key pc_live_*** and sk_test_***; old whsec_***');
  });

  test('loses signs that cannot be seen or turn the text round, and keeps its lines', () => {
    expect(cleanAnswer('\ufeffone\r\ntwo\u0000\u001b[31m\u202ethree\tfour\n', [])).toBe('one\ntwo [31m three\tfour');
  });

  test('is kept up to its limit, a whole secret never in part, no letter in half', () => {
    const long = `${'x'.repeat(MAX_KEPT_ANSWER - 10)}${SECRET}`;
    expect(cleanAnswer(long, [SECRET])).toBe(`${'x'.repeat(MAX_KEPT_ANSWER - 10)}***`);
    const letters = cleanAnswer(`x${'😀'.repeat(MAX_KEPT_ANSWER)}`, []) ?? '';
    expect(letters.isWellFormed()).toBe(true);
    expect(letters.length).toBe(MAX_KEPT_ANSWER);
  });

  test('of nothing is none', () => {
    expect([cleanAnswer('', []), cleanAnswer(' \u0000\n', [])]).toEqual([undefined, undefined]);
  });
});
