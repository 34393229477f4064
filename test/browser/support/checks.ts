import type { Page } from 'playwright-core';
import { LANGUAGE_TAGS, type Locale } from '../../../src/core/locale.ts';
import { findViolations } from './axe.ts';
import {
  doubleText,
  findGluedLinks,
  findLostText,
  findSmallTargets,
  findStrayMarks,
  inspectPage,
  markControls,
  readFocus,
} from './inspect.ts';

/** The narrowest phone, or a watch; and a page at 400 % on a desktop. */
const NARROWEST = 280;

export type Check = (page: Page, locale: Locale) => Promise<string[]>;

const quick: Check = (page, locale) => page.evaluate(inspectPage, LANGUAGE_TAGS[locale]);

const whole: Check = (page) => page.evaluate(findLostText);

const narrow: Check = async (page) => {
  const size = page.viewportSize();
  await page.setViewportSize({ width: NARROWEST, height: 653 });
  const found = await page.evaluate(findLostText);
  if (size) await page.setViewportSize(size);
  return found;
};

const marks: Check = (page) => page.evaluate(findStrayMarks);

const axe: Check = (page) => findViolations(page, { iframes: false });

const targets: Check = async (page) => [
  ...(await page.evaluate(findSmallTargets)),
  ...(await page.evaluate(findGluedLinks)),
];

/** Changes the page for good. */
const large: Check = async (page) => {
  await page.evaluate(doubleText);
  return page.evaluate(findLostText);
};

/** Every control is come to with the tabulator, each is seen to have the keyboard, and the way ends. */
const keyboard: Check = async (page) => {
  const controls = await page.evaluate(markControls);
  const left = new Map(controls.map((control) => [control.split(' ')[0] ?? '', control]));
  const unseen: string[] = [];
  for (let presses = controls.length + 6; left.size > 0 && presses > 0; presses--) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(readFocus);
    if (focus && left.has(focus.mark) && !focus.isSeen) unseen.push(`focus is not seen: ${left.get(focus.mark)}`);
    if (focus) left.delete(focus.mark);
  }
  return [...unseen, ...[...left.values()].map((control) => `not reached by keyboard: ${control}`)];
};

/** By name; in an order in which none spoils the page for the next one. */
export const CHECKS = { quick, whole, narrow, targets, marks, axe, keyboard, large } satisfies Readonly<
  Record<string, Check>
>;
export type CheckName = keyof typeof CHECKS;
