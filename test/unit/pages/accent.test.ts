import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readAsset } from '../../../src/assets.ts';
import { correctAccent, MIN_CONTRAST, measureContrast, THEMES, writeAccentStyle } from '../../../src/pages/accent.ts';
import { sameRuns } from '../../support/clock.ts';

const themes = Object.entries(THEMES);
const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const CORNERS = ['#000000', '#ffffff', '#ffff00', '#00ff00', '#00ffff', '#0000ff', '#ff00ff', '#ff0000', '#808080'];

describe('an accent of any colour', () => {
  for (const [name, theme] of themes) {
    test(`can be read on card and paper, and carries text, in the ${name} theme`, () => {
      const check = (accent: string) => {
        const drawn = correctAccent(accent, theme);
        expect(drawn).toMatch(/^#[0-9a-f]{6}$/);
        for (const other of [theme.card, theme.paper, theme.onAccent]) {
          expect(measureContrast(drawn, other)).toBeGreaterThanOrEqual(MIN_CONTRAST);
        }
      };
      CORNERS.forEach(check);
      fc.assert(fc.property(colour, check), sameRuns(2000));
    });

    test(`is left alone where it can be read already, in the ${name} theme`, () => {
      fc.assert(
        fc.property(colour, (accent) => {
          const drawn = correctAccent(accent, theme);
          expect(correctAccent(drawn, theme)).toBe(drawn);
        }),
      );
    });

    test(`is text at the least 4.5, as WCAG counts, in the ${name} theme`, () => {
      expect(MIN_CONTRAST).toBe(4.5);
      expect(measureContrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
      // Known from WCAG's own example of the lightest grey on white that is enough.
      expect(measureContrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
      expect(measureContrast('#777777', '#ffffff')).toBeLessThan(MIN_CONTRAST);
    });
  }

  test('stays the same hue, and no more than needed is changed', () => {
    expect(correctAccent('#0b6b5d', THEMES.light)).toBe('#0b6b5d');
    expect(correctAccent('#ffff00', THEMES.dark)).toBe('#ffff00');
    const [red, green, blue] = [1, 3, 5].map((at) =>
      Number.parseInt(correctAccent('#ffff00', THEMES.light).slice(at, at + 2), 16),
    );
    expect(red).toBe(Number(green));
    expect(Number(red) - Number(blue)).toBeGreaterThan(100);
  });

  test('that is no colour becomes ink, not a grey that looks switched off', () => {
    expect(correctAccent('#000000', THEMES.dark)).toBe(THEMES.dark.ink);
    expect(correctAccent('#ffffff', THEMES.light)).toBe(THEMES.light.ink);
    expect(correctAccent('#000000', THEMES.light)).toBe('#000000');
    expect(correctAccent('#0000ff', THEMES.dark)).not.toBe(THEMES.dark.ink);
  });
});

test('the themes are those of the style sheet', async () => {
  const [light = '', dark = ''] = (await readAsset('assets/checkout.css')).split('@media (prefers-color-scheme:dark)');
  const read = (css: string, name: string) =>
    new RegExp(`--${name}:(#\\w+);`).exec(css)?.[1]?.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  for (const [css, theme] of [
    [light, THEMES.light],
    [dark, THEMES.dark],
  ] as const) {
    expect(['paper', 'card', 'ink'].map((name) => read(css, name))).toEqual([theme.paper, theme.card, theme.ink]);
  }
});

test('the style sheet of an accent sets it and the text on it for both themes, and nothing else', () => {
  expect(writeAccentStyle('#000000')).toBe(
    ':root{--accent:#000000;--on-accent:#ffffff}' +
      '@media (prefers-color-scheme:dark){:root{--accent:#eceae6;--on-accent:#111315}}',
  );
});
