import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { MIN_CONTRAST, measureContrast } from '../../../src/pages/accent.ts';
import { type Brand, listPictures, renderPaymentPage } from '../../../src/pages/checkout/index.ts';
import { LONG, makeModel, SCREENS } from '../../unit/pages/example.ts';
import { html, PHONE as SMALL, useStage, type Visit } from '../support/stage.ts';

setDefaultTimeout(60_000);

let text = '';
let brand: Brand;

const stage = useStage((_request, { pathname }) => {
  if (pathname === '/pay') return html(text, { pictures: listPictures(brand) });
  return pathname === '/status' ? Response.json({ status: 'pending', revision: 'r1' }) : undefined;
});

beforeEach(() => {
  brand = { accent: null, logoUrl: 'https://cdn.shop.example/logo.svg', contact: null };
});

const PHONE: BrowserContextOptions = { viewport: SMALL };
const WIDE = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60"><rect width="900" height="60"/></svg>';

interface LogoHost extends Visit {
  readonly asked: string[];
  /** The `Referer` of every answered request for the logo. */
  readonly referrers: (string | undefined)[];
  /** Lets the logo come. */
  answer(status: number): void;
}

/** A payer whose browser waits for the logo until it is answered. */
async function open(changes: Parameters<typeof makeModel>[0] = {}, options = PHONE): Promise<LogoHost> {
  const visited = await stage.visit(options);
  const asked: string[] = [];
  const referrers: (string | undefined)[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  await visited.page.route(/^https:/, async (route) => {
    asked.push(route.request().url());
    const status = await promise;
    await route.fulfill({ status, contentType: 'image/svg+xml', body: status === 200 ? WIDE : '' });
    referrers.push((await route.request().allHeaders()).referer);
  });
  text = await renderPaymentPage(makeModel({ ...changes, brand }));
  await visited.page.goto(stage.at('/pay?token=secret'), { waitUntil: 'domcontentloaded' });
  return { ...visited, asked, referrers, answer: resolve };
}

const placesOf = (page: Page) =>
  page.evaluate(
    "['.shop bdi', 'nav', '.amount'].map((one) => JSON.stringify(document.querySelector(one).getBoundingClientRect()))",
  );

describe('the logo', () => {
  test('moves nothing when it comes, wide as it is, and its host does not learn the address of the page', async () => {
    for (const changes of [{}, LONG]) {
      const { page, troubles, referrers, answer, close } = await open(changes);
      const before = await placesOf(page);
      answer(200);
      await page.evaluate("document.querySelector('[data-logo]').decode()");
      expect(await placesOf(page)).toEqual(before);
      const box = await page.locator('[data-logo]').boundingBox();
      expect([box?.height, (box?.width ?? 0) <= 200]).toEqual([32, true]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect([referrers, troubles]).toEqual([[undefined], []]);
      await close();
    }
  });

  test('that is not to be had leaves the name, and no picture of something broken', async () => {
    const { page, answer, close } = await open();
    const before = await placesOf(page);
    answer(404);
    await page.locator('[data-logo]').waitFor({ state: 'hidden' });
    expect(await placesOf(page)).toEqual(before);
    expect(await page.locator('.shop bdi').isVisible()).toBe(true);
    await close();
  });

  test('that is not to be had is covered without scripts too', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, answer, close } = await open(LONG, { ...PHONE, colorScheme, javaScriptEnabled: false });
      answer(404);
      await page.waitForLoadState('load');
      await page.waitForTimeout(200);
      const shown = await page.screenshot();
      await page.evaluate("document.querySelector('[data-logo]').style.visibility = 'hidden'");
      expect(shown.equals(await page.screenshot())).toBe(true);
      await close();
    }
  });

  test('from a host that the policy does not name is not asked for', async () => {
    const { page, troubles, asked, close } = await open();
    await page.evaluate("new Image().src = 'https://elsewhere.example/pixel.gif'");
    await page.waitForTimeout(200);
    expect(asked).toEqual(['https://cdn.shop.example/logo.svg']);
    expect(troubles.some((one) => one.includes('elsewhere.example'))).toBe(true);
    await close();
  });
});

/** `rgb(1, 2, 3)`, or `color(srgb 0.1 0.2 0.3)` as mixed colours are read back, as `#rrggbb`. */
function hexOf(colour: string): string {
  const scale = colour.startsWith('color(srgb') ? 255 : 1;
  const parts = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => Math.round(Number(part) * scale));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

describe('the colour', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const accent of ['#ffff00', '#000000', '#ffffff']) {
      test(`${accent} can be read on and in the button, also under the pointer, ${colorScheme}`, async () => {
        brand = { accent, logoUrl: null, contact: null };
        const { page, troubles, close } = await open(
          { ...SCREENS.failed, startAction: '/go' },
          { ...PHONE, colorScheme },
        );
        const lookOf = async (selector: string) => {
          const style = `getComputedStyle(document.querySelector('${selector}'))`;
          const [text = '', back = ''] = await page.evaluate<string[]>(`[${style}.color, ${style}.backgroundColor]`);
          return { text: hexOf(text), back: hexOf(back) };
        };
        const card = (await lookOf('.card')).back;
        const button = await lookOf('[data-go] .button');
        expect(measureContrast(button.text, button.back)).toBeGreaterThanOrEqual(MIN_CONTRAST);
        expect(measureContrast(button.back, card)).toBeGreaterThanOrEqual(MIN_CONTRAST);
        expect(measureContrast((await lookOf('.button.second')).text, card)).toBeGreaterThanOrEqual(MIN_CONTRAST);
        await page.hover('[data-go] .button');
        const hovered = await lookOf('[data-go] .button');
        const before = measureContrast(button.text, button.back);
        expect(measureContrast(hovered.text, hovered.back)).toBeGreaterThanOrEqual(before);
        expect(troubles).toEqual([]);
        await close();
      });
    }
  }
});
