/**
 * `npm run screens -- FOLDER`: every screen that a payer can come to see, at both sizes, light and dark, in every
 * language, with usual, long and hostile texts: a picture of each, and everything that is checked of it. The tests check
 * a part of these combinations (test/browser/still/screens.test.ts). Ends with 1 when something was found.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCALES } from '../../src/core/locale.ts';
import { CHECKS } from '../browser/support/checks.ts';
import { listScreens, TEXTS, type Texts } from '../browser/support/screens.ts';
import { openStudio, SIZES, THEMES } from '../browser/support/studio.ts';
import { writeContactSheet } from './contact-sheet.ts';

const [folder = 'dist/screens', ...wanted] = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.some((part) => name.includes(part));
const target = resolve(folder);
mkdirSync(target, { recursive: true });

const nameOf = (texts: Texts): string => (typeof texts === 'string' ? texts : 'hostile');
const found: Record<string, readonly string[]> = {};
const pictures: string[] = [];
const studio = await openStudio();
try {
  for (const locale of LOCALES) {
    for (const [sizeName, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of THEMES) {
        const tab = await studio.open({ viewport, colorScheme });
        for (const [i, screen] of listScreens(studio.origin)
          .filter(({ name }) => isWanted(name))
          .entries()) {
          for (const texts of chooseTexts(i)) {
            const name = [screen.name, nameOf(texts), locale, sizeName, colorScheme].join(', ');
            await tab.show(screen, locale, texts);
            const file = `${name.replace(/[^\w#]+/g, '-')}.png`;
            await tab.page.screenshot({ path: join(target, file), fullPage: true });
            pictures.push(file);
            const problems = tab.takeTroubles();
            for (const [check, look] of Object.entries(CHECKS)) {
              // A name longer than a line ends it anywhere.
              if (check !== 'marks' || texts === 'usual') problems.push(...(await look(tab.page, locale)));
            }
            if (problems.length > 0) {
              found[name] = problems;
              console.log(`${name}\n  ${problems.join('\n  ')}`);
            }
          }
        }
        await tab.close();
      }
    }
  }
} finally {
  await studio.close();
}
writeFileSync(join(target, 'found.json'), JSON.stringify(found, null, 2));
writeFileSync(join(target, 'index.html'), writeContactSheet(pictures));
console.log(`${pictures.length} pictures in ${target}, ${Object.keys(found).length} with something found`);
process.exit(Object.keys(found).length === 0 ? 0 : 1);

/** The usual and the longest of each; of the hostile ones another with every screen. */
function chooseTexts(i: number): readonly Texts[] {
  const hostile = TEXTS.filter((texts) => typeof texts !== 'string');
  return ['usual', 'long', hostile[i % hostile.length] ?? 'usual'];
}
