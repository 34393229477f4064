import { expect, test } from 'bun:test';
import { Glob } from 'bun';
import { DESK_LOCALES } from '../../../src/core/locale.ts';

/** The words of the developer centre beside the catalogue and the guides: `web/locales/developers/words.<locale>.json`. */

const read = (locale: string): Promise<Record<string, string>> =>
  Bun.file(`web/locales/developers/words.${locale}.json`).json();
const listPlaces = (text: string) => [...(text.match(/\{\w+\}/g) ?? [])].sort();

test('both languages have every word and no other, in one order, none empty, with the same places to fill in', async () => {
  const base = await read('zh-tw');
  for (const locale of DESK_LOCALES) {
    const words = await read(locale);
    expect(Object.keys(words)).toEqual(Object.keys(base));
    for (const [key, text] of Object.entries(words)) {
      expect([key, text.trim() === '', listPlaces(text)]).toEqual([key, false, listPlaces(base[key] ?? '')]);
    }
  }
});

test('every word is said somewhere, by its name or as one of a group', async () => {
  const files = [...new Glob('*.{ts,tsx}').scanSync('src/pages/developers')];
  const source = (await Promise.all(files.map((file) => Bun.file(`src/pages/developers/${file}`).text()))).join('\n');
  const named = new Set(Array.from(source.matchAll(/'([a-z][\w.]*)'/g), ([, key]) => key));
  const groups = Array.from(source.matchAll(/`([a-z]+(?:\.[a-z]+)*)\.\$\{/g), ([, group = '']) => group);
  const unsaid = Object.keys(await read('zh-tw')).filter(
    (key) => !named.has(key) && !groups.some((group) => key.startsWith(`${group}.`)),
  );
  expect(unsaid).toEqual([]);
});
