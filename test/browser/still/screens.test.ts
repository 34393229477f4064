import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { LOCALES, type Locale } from '../../../src/core/locale.ts';
import { HOSTILE } from '../../unit/pages/hostile.ts';
import { CHECKS, type CheckName } from '../support/checks.ts';
import { listScreens, type Screen, type Texts } from '../support/screens.ts';
import { openStudio, SIZES, type Studio, type Tab, THEMES } from '../support/studio.ts';

/**
 * Every screen, at both sizes, light and dark, with usual, long and hostile texts, in all languages by turns: each of these meets
 * each other one, but not all of them at once. `npm run screens` does that, and takes their pictures.
 */
setDefaultTimeout(180_000);

/** So many turns take a screen through every size and theme. */
const TURNS = 4;
const LOOKS = Object.values(SIZES).flatMap((viewport) => THEMES.map((colorScheme) => ({ viewport, colorScheme })));
const hostile = Object.values(HOSTILE);

let studio: Studio;
let plain: readonly Tab[];
let withAxe: readonly Tab[];
let screens: readonly Screen[];

beforeAll(async () => {
  studio = await openStudio();
  screens = listScreens(studio.origin);
  plain = await Promise.all(LOOKS.map((look) => studio.open({ ...look, axe: false })));
  withAxe = await Promise.all(LOOKS.map((look) => studio.open(look)));
});
afterAll(() => studio.close());

/** Counted in steps that do not fall together with those of size and theme. */
function chooseTexts(screen: number, round: number): Texts {
  const turn = (round + (screen >> 2)) % TURNS;
  if (turn === 0) return 'usual';
  return turn === 2 ? 'long' : { hostile: hostile[(screen + round * 3) % hostile.length] ?? '' };
}

/** The dear ones once or twice for each screen: axe in both themes, what needs little room on the phone. */
function chooseChecks(screen: number, round: number, texts: Texts): readonly CheckName[] {
  const dear: Partial<Record<CheckName, boolean>> = {
    axe: ((round >> 1) & 1) === ((screen >> 3) & 1),
    keyboard: round === (screen >> 1) % TURNS,
    narrow: ((screen + round) & 2) === 0,
    large: (screen + round) % TURNS === 0,
    // A name longer than a line ends it anywhere.
    marks: texts === 'usual',
  };
  const names = Object.keys(CHECKS) as CheckName[];
  return names.filter((name) => dear[name] ?? true);
}

async function look(screen: number, round: number, locale: Locale): Promise<readonly string[]> {
  const shown = screens[screen];
  const texts = chooseTexts(screen, round);
  const checks = chooseChecks(screen, round, texts);
  const tabs = checks.includes('axe') ? withAxe : plain;
  const tab = tabs[(screen + round) % TURNS];
  if (!shown || !tab) return ['not there'];
  await tab.show(shown, locale, texts);
  const found = tab.takeTroubles();
  for (const name of checks) found.push(...(await CHECKS[name](tab.page, locale)));
  const what = typeof texts === 'string' ? texts : texts.hostile.slice(0, 12);
  return found.map((problem) => `${shown.name}, ${locale}, ${what}, look ${(screen + round) % TURNS}: ${problem}`);
}

/** Each screen in four of the languages, each language with every size and theme: `npm run screens` looks at all in each. */
const chooseLocale = (screen: number, round: number): Locale =>
  LOCALES[(screen + round * 2) % LOCALES.length] ?? 'zh-tw';

/** A test that takes too long takes the browser with it, so each has a few of the screens. */
const A_FEW = 12;
const count = listScreens('').length;

describe('every screen is usable by everyone', () => {
  for (let round = 0; round < TURNS; round++) {
    for (let first = 0; first < count; first += A_FEW) {
      test(`turn ${round + 1}, screens from ${first}`, async () => {
        const found: string[] = [];
        for (let screen = first; screen < Math.min(first + A_FEW, count); screen++) {
          found.push(...(await look(screen, round, chooseLocale(screen, round))));
        }
        expect(found).toEqual([]);
      });
    }
  }
});
