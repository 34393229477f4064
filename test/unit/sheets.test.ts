import { expect, test } from 'bun:test';
import { readAsset, readSheet, readWebFile, SHEETS } from '../../src/assets.ts';

const written = [...new Bun.Glob('*/**/*.css').scanSync('web')].sort();

test('every part that is written is in a sheet, and every part of a sheet is written', () => {
  expect([...new Set(Object.values(SHEETS).flat())].sort()).toEqual(written);
});

test('a sheet is its parts, each once, in the order in which they are listed', async () => {
  for (const [name, parts] of Object.entries(SHEETS)) {
    expect(new Set(parts).size).toBe(parts.length);
    const texts = await Promise.all(parts.map((part) => readAsset(`web/${part}`)));
    expect(await readSheet(name)).toBe(texts.join('\n'));
  }
});

test('a part is short, and begins and ends with a rule or a word about it', async () => {
  for (const part of written) {
    const text = await readAsset(`web/${part}`);
    expect([part, text.split('\n').length <= 180]).toEqual([part, true]);
    expect([part, /^\S/.test(text) && text.endsWith('}\n')]).toEqual([part, true]);
  }
});

test('what the browser asks for by name is a sheet, a file, or nothing', async () => {
  const read = async (name: string) => new TextDecoder().decode((await readWebFile(name)) ?? new Uint8Array());
  expect(await read('checkout.css')).toBe(await readSheet('checkout.css'));
  expect(await read('submit.js')).toBe(await readAsset('web/submit.js'));
  expect(await readWebFile('none.css')).toBeNull();
  expect(await readWebFile('toString')).toBeNull();
  expect(readSheet('none.css')).rejects.toThrow('none.css');
});
