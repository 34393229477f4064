import { describe, expect, test } from 'bun:test';
import { listTexts } from '../../../src/developers/texts.ts';
import { readSentences, translateCatalogue } from '../../../src/developers/translate.ts';
import { readTestSite } from '../../support/site.ts';

const { catalogue } = await readTestSite('en');
const sentences = readSentences();
const shown = listTexts(catalogue);

/** What is said by itself: names and numbers that are the same in every language. */
const codesOf = (text: string) => [...text.matchAll(/`[^`]+`/g)].map(([code]) => code).sort();
const numbersOf = (text: string) => [...text.matchAll(/\d+(?:[.,:]\d+)*/g)].map(([number]) => number).sort();

/** Said otherwise here: 綠界付款頁, 未填時, 未帶, 同類, 貨幣單位計, 空格, 這筆付款, 回傳通知, QR Code, 憑證, 金流商, 付款連結. */
const OTHER_WORDS = [
  '收銀台',
  '省略時',
  '未提供 `expire_days`',
  '未指定 `expire_days`',
  '同類型',
  '貨幣單位表示',
  '不可含空白',
  '此筆付款',
  '回呼',
  'QR code',
  '憑據',
  '閘道',
  '支付連結',
  '信息',
  '賬',
  '默認',
] as const;

describe('the Chinese catalogue', () => {
  test('has a sentence for every English one that is shown', () => {
    expect(shown.length).toBeGreaterThan(500);
    expect(shown.filter((text) => !Object.hasOwn(sentences, text))).toEqual([]);
  });

  test('has none that is not shown any more', () => {
    const known = new Set(shown);
    expect(Object.keys(sentences).filter((text) => !known.has(text))).toEqual([]);
  });

  test('names the same code as the English one', () => {
    for (const [text, translated] of Object.entries(sentences))
      expect([text, codesOf(translated)]).toEqual([text, codesOf(text)]);
  });

  test('has the same numbers', () => {
    for (const [text, translated] of Object.entries(sentences)) {
      const wanted = numbersOf(text);
      expect([text, numbersOf(translated)]).toEqual([text, wanted]);
    }
  });

  test('quotes what the API answers word for word', () => {
    for (const [text, translated] of Object.entries(sentences))
      for (const [, quoted = ''] of text.matchAll(/"([A-Z][^"]+\.)"/g)) expect(translated).toContain(quoted);
  });

  test('is written with full-width punctuation, and with a blank between Chinese and Latin', () => {
    for (const [text, translated] of Object.entries(sentences)) {
      const prose = translated.replace(/`[^`]+`/g, '`').replace(/「[^」]*」/g, '「」');
      expect([text, /[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\.(?!\w)/.exec(prose)?.[0]]).toEqual([text, undefined]);
      expect([text, /[\u4e00-\u9fff][A-Za-z0-9`]|[A-Za-z0-9`][\u4e00-\u9fff]/.exec(prose)?.[0]]).toEqual([
        text,
        undefined,
      ]);
    }
  });

  test('has one word for one thing', () => {
    for (const [text, translated] of Object.entries(sentences))
      for (const word of OTHER_WORDS) expect([text, word, translated.includes(word)]).toEqual([text, word, false]);
  });

  test('changes texts and nothing else', () => {
    const translated = translateCatalogue(catalogue, 'zh-tw');
    const [one, other] = [catalogue, translated].map(({ groups }) => groups.flatMap(({ endpoints }) => endpoints));
    expect(other?.map(({ id, path, highlights, access }) => ({ id, path, highlights, access }))).toEqual(
      one?.map(({ id, path, highlights, access }) => ({ id, path, highlights, access })) ?? [],
    );
    expect(other?.map(({ bodies }) => bodies.map(({ value }) => value))).toEqual(
      one?.map(({ bodies }) => bodies.map(({ value }) => value)) ?? [],
    );
    expect(translated.errors.map(({ code, message }) => [code, message])).toEqual(
      catalogue.errors.map(({ code, message }) => [code, message]),
    );
    expect(translateCatalogue(catalogue, 'en')).toBe(catalogue);
  });
});
