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

function listPlaces(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[0]).sort();
}

describe('the sentences of the payer pages', () => {
  for (const locale of LOCALES) {
    test(`${locale} has every key and no other`, async () => {
      expect(Object.keys(await readTexts(locale)).sort()).toEqual(Object.keys(base).sort());
    });

    test(`${locale} has the same places to fill in as the base language, and no empty sentence`, async () => {
      for (const [key, text] of Object.entries(await readTexts(locale))) {
        expect(text.trim()).not.toBe('');
        // A language may leave a place out (a name that goes without saying), but not invent one.
        for (const place of listPlaces(text)) expect(listPlaces(base[key] ?? '')).toContain(place);
      }
    });
  }

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
