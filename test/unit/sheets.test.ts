import { expect, test } from 'bun:test';
import { minifyCss } from '../../scripts/minify.ts';
import { readAsset } from '../../src/assets.ts';
import sheets from '../../web/sheets.json';

const SHEETS: Readonly<Record<string, readonly string[]>> = sheets;
const written = [...new Bun.Glob('*/**/*.css').scanSync('web')].sort();
const readPart = (part: string) => Bun.file(`web/${part}`).text();

test('every part that is written is in a sheet, and every part of a sheet is written', () => {
  expect([...new Set(Object.values(SHEETS).flat())].sort()).toEqual(written);
});

test('a sheet is its parts made small, each once, in the order in which they are listed', async () => {
  for (const [name, parts] of Object.entries(SHEETS)) {
    expect(new Set(parts).size).toBe(parts.length);
    const texts = await Promise.all(parts.map(readPart));
    expect(await readAsset(`assets/${name}`)).toBe(minifyCss(texts.join('\n')));
  }
});

test('what is made small keeps its words, its order and its fallbacks, and loses comments and white space', () => {
  const written = `/* Don’t "quote" me. */
a :hover > b ,
i::before {
  color : #abc; /* twice */ color: color-mix(in srgb, red 50%, blue);
  width: calc(100% - 2 * var(--step));
  content: "a  /* b */ ; } 'c'" ;
  margin: 0 auto;
}
@media (min-width: 480px) and (prefers-color-scheme: dark) {
  .x { font-family: 'A  "B', "C: D"; }
}
`;
  expect(minifyCss(written)).toBe(
    'a :hover>b,i::before{color :#abc;color:color-mix(in srgb,red 50%,blue);width:calc(100% - 2 * var(--step));' +
      `content:"a  /* b */ ; } 'c'";margin:0 auto}` +
      `@media (min-width:480px) and (prefers-color-scheme:dark){.x{font-family:'A  "B',"C: D"}}`,
  );
});

test('a part is short, and begins and ends with a rule or a word about it', async () => {
  for (const part of written) {
    const text = await readPart(part);
    expect([part, text.split('\n').length <= 180]).toEqual([part, true]);
    expect([part, /^\S/.test(text) && text.endsWith('}\n')]).toEqual([part, true]);
  }
});
