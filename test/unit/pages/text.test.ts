import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { resolveAsset } from '../../../src/assets.ts';
import { LOCALES } from '../../../src/core/locale.ts';
import { fillPlaces, speak, type TextKey } from '../../../src/pages/text.ts';

async function readTexts(locale: string): Promise<Record<string, string>> {
  return Bun.file(resolveAsset(`locales/${locale}.json`)).json();
}

const base = await readTexts('zh-tw');

async function readSources(): Promise<string> {
  const files = [...new Glob('**/*.{ts,tsx}').scanSync('src/pages')];
  const texts = await Promise.all(files.map((file) => Bun.file(`src/pages/${file}`).text()));
  return texts.join('\n');
}

/** The characters of GB 2312, mainland China's standard set: simplified ones only. */
function listSimplified(): ReadonlySet<string> {
  const rows = Array.from({ length: 0xf8 - 0xb0 }, (_, row) => 0xb0 + row);
  const pairs = rows.flatMap((lead) => Array.from({ length: 94 }, (_, at) => [lead, 0xa1 + at]).flat());
  return new Set(new TextDecoder('gbk').decode(Uint8Array.from(pairs)));
}

function listPlaces(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[0]).sort();
}

describe('the sentences of the payer pages', () => {
  for (const locale of LOCALES) {
    test(`${locale} has every key and no other, in one order`, async () => {
      expect(Object.keys(await readTexts(locale))).toEqual(Object.keys(base));
    });

    test(`${locale} has the same places to fill in as the base language, and no empty sentence`, async () => {
      for (const [key, text] of Object.entries(await readTexts(locale))) {
        expect(text.trim()).not.toBe('');
        // A language may leave a place out (a name that goes without saying), but not invent one.
        for (const place of listPlaces(text)) expect(listPlaces(base[key] ?? '')).toContain(place);
      }
    });
  }

  /** What stands on machines and shop signs in Taiwan: whoever cannot read it has to find it all the same. */
  const SIGNS = [
    '繳費・代收',
    '代碼繳費',
    '代碼輸入',
    '網路交易',
    '轉帳',
    '繳費',
    '全家',
    '萊爾富',
    'OK超商',
    '支付宝',
  ];
  const withoutSigns = (text: string) => SIGNS.reduce((rest, sign) => rest.replaceAll(sign, ''), text);

  for (const locale of ['en', 'ko', 'th', 'ms']) {
    test(`${locale} is free of Chinese but for the signs that are looked for`, async () => {
      const left = Object.entries(await readTexts(locale)).filter(([, text]) =>
        /\p{Script=Han}/u.test(withoutSigns(text)),
      );
      expect(left).toEqual([]);
    });
  }

  test('zh-cn has no character that only traditional Chinese has, but for the signs that are looked for', async () => {
    const simplified = listSimplified();
    expect(['繳', '號', '開', '這', '帳'].filter((one) => simplified.has(one))).toEqual([]);
    for (const [key, text] of Object.entries(await readTexts('zh-cn'))) {
      if (key === 'language.name') expect(text).toBe('简体中文');
      const foreign = [...withoutSigns(text)].filter((one) => /\p{Script=Han}/u.test(one) && !simplified.has(one));
      expect({ key, foreign }).toEqual({ key, foreign: [] });
    }
  });

  test('no sentence is left in English where another language is read', async () => {
    const english = await readTexts('en');
    for (const locale of LOCALES.filter((one) => one !== 'en')) {
      const left = Object.entries(await readTexts(locale)).filter(
        ([key, text]) => /[a-z]{3} [a-z]{2}/.test(text) && text === english[key],
      );
      expect({ locale, left }).toEqual({ locale, left: [] });
    }
  });

  test('every key is used by a page', async () => {
    const sources = await readSources();
    expect(Object.keys(base).filter((key) => !sources.includes(`'${key}'`))).toEqual([]);
  });

  test('a value that looks like a place is not filled again', () => {
    expect(fillPlaces('{a} {b}', { a: '{b}', b: 'x' })).toBe('{b} x');
    expect(speak('en')('summary.order', { order: '{gateway}' })).toBe('Order {gateway}');
  });

  test('places may come twice, side by side and at both ends; those without a value stay', () => {
    expect(fillPlaces('{a}{b} {a}', { a: 1, b: 'x' })).toBe('1x 1');
    expect(fillPlaces('{a} and {b}', { b: '' })).toBe('{a} and ');
    expect(fillPlaces('{} {a b} {{a}} }{', { a: '$&' })).toBe('{} {a b} {$&} }{');
    expect(fillPlaces('', {})).toBe('');
  });

  test('every sentence is filled as a single pass over its text fills it', async () => {
    for (const locale of LOCALES) {
      for (const [key, text] of Object.entries(await readTexts(locale))) {
        const values = Object.fromEntries(listPlaces(text).map((place, at) => [place.slice(1, -1), `{x}$1<${at}>`]));
        const filled = text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
        expect(speak(locale)(key as TextKey, values)).toBe(filled);
        expect(speak(locale)(key as TextKey)).toBe(text);
      }
    }
  });
});
