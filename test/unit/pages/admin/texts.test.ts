import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { DESK_LOCALES } from '../../../../src/core/locale.ts';

/** The sentences of the desk: `web/locales/admin/<locale>/<part>.json`. */
const FOLDER = 'web/locales/admin';
const BASE = 'zh-tw';

const listParts = (locale: string) => [...new Glob('*.json').scanSync(`${FOLDER}/${locale}`)].sort();
const readPart = (locale: string, part: string): Promise<Record<string, string>> =>
  Bun.file(`${FOLDER}/${locale}/${part}`).json();

async function readTexts(locale: string): Promise<readonly (readonly [string, string])[]> {
  const parts = await Promise.all(listParts(locale).map((part) => readPart(locale, part)));
  return parts.flatMap((part) => Object.entries(part));
}

const listPlaces = (text: string) => new Set(text.match(/\{\w+\}/g));

describe('the sentences of the desk', () => {
  for (const locale of DESK_LOCALES) {
    test(`${locale} has every part, each with every key and no other, in one order`, async () => {
      expect(listParts(locale)).toEqual(listParts(BASE));
      for (const part of listParts(BASE)) {
        const [wanted, keys] = await Promise.all(
          [BASE, locale].map(async (one) => Object.keys(await readPart(one, part))),
        );
        expect({ part, keys }).toEqual({ part, keys: wanted });
      }
    });

    test(`${locale} invents no place to fill in, and leaves no sentence empty`, async () => {
      const base = new Map(await readTexts(BASE));
      for (const [key, text] of await readTexts(locale)) {
        const invented = [...listPlaces(text)].filter((place) => !listPlaces(base.get(key) ?? '').has(place));
        expect({ key, invented, isEmpty: text.trim() === '' }).toEqual({ key, invented: [], isEmpty: false });
      }
    });
  }

  test('no key stands in two parts', async () => {
    const keys = (await readTexts(BASE)).map(([key]) => key);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  test('every key is said somewhere: by its name, or as one of a group whose last word comes from the data', async () => {
    const files = [...new Glob('src/**/*.{ts,tsx}').scanSync('.')];
    const source = (await Promise.all(files.map((file) => Bun.file(file).text()))).join('\n');
    const named = new Set(Array.from(source.matchAll(/['"]([a-z][\w.-]*)['"]/g), ([, key]) => key));
    const groups = new Set(
      [
        /\b(?:sayOf|wordOf)\([^']*?'([a-z_.]+)'/g, // sayOf(say, 'audit.do', action)
        /\bsay\(\s*`([a-z_.]+)\.\$\{/g, // say(`why.${one.why}`)
        /`([a-z_]+(?:\.[a-z_]+)+)\.\$\{/g, // a key of two words and more that is put together before it is said
      ].flatMap((form) => Array.from(source.matchAll(form), ([, group]) => group)),
    );
    const isOfGroup = (key: string) =>
      key.split('.').some((_, at, words) => at > 0 && groups.has(words.slice(0, at).join('.')));
    const unsaid = (await readTexts(BASE)).map(([key]) => key).filter((key) => !named.has(key) && !isOfGroup(key));
    expect(unsaid).toEqual([]);
  });
});
